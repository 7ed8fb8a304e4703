package bmr.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.Component;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.Weight;
import bmr.model.Weight.Site;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.Term;
import bmr.source.SourceText;
import bmr.source.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Folding against a plain recursive reading of the rule for missing tensors, on random nested
 * expressions and every set of sources that hold the tensor.
 */
class FoldingPropertyTest {
  private static final int SOURCES = 5;
  private static final Span PLACE = new Span(SourceText.of("test", "x"), 0, 1);
  private static final Site SITE =
      new Site(Architecture.SD1, new Place(Block.in(3), Part.UNET, true), "key");
  private static final double[] VALUES = {3.0, -1.25, 0.7, 11.0, -4.5};

  @Test
  void foldingIsTheRuleAsWritten() {
    long seed = 20230614;
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      Formula formula = model(random, 3);
      ModelGraph graph = graph(formula);
      int root = graph.model(0);
      for (int set = 0; set < 1 << SOURCES; set++) {
        BitSet present = BitSet.valueOf(new long[] {set});
        Optional<LinearForm> folded =
            ClassFolding.fold(graph, root, new ExactDecimals(), SITE, present).form();
        Optional<Double> expected = evaluate(formula, present);
        String where = "seed " + seed + " round " + round + " set " + set + ": " + text(formula);
        assertEquals(expected.isPresent(), folded.isPresent(), where);
        if (expected.isPresent()) {
          double actual = 0;
          for (LinearForm.Term term : folded.get().terms()) {
            int source = ((Operand.Source) term.operand()).index();
            assertTrue(present.get(source), where);
            actual += term.coefficient().doubleValue() * VALUES[source];
          }
          double tolerance = 1e-9 * (1 + Math.abs(expected.get()));
          assertEquals(expected.get(), actual, tolerance, where);
          assertEquals(
              kind(formula),
              folded.get().terms().stream().mapToDouble(t -> t.coefficient().doubleValue()).sum(),
              1e-9,
              where);
        }
      }
    }
  }

  private static ModelGraph graph(Formula formula) {
    List<Recipe.SourceModel> sources = new ArrayList<>();
    return ModelGraph.of(
        new Recipe(
            sources,
            List.of(new NamedModel("M", formula, PLACE, false)),
            List.of(),
            List.of(),
            bmr.model.BlockMap.standard(),
            Optional.empty()));
  }

  // Random expressions: models (sum 1) and differences (sum 0), nested.

  private static Formula model(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return new Formula.OfSource(random.nextInt(SOURCES), PLACE);
    }
    return switch (random.nextInt(6)) {
      case 4 -> new Formula.OfComponent(Component.UNET, model(random, depth - 1), PLACE);
      case 5 -> new Formula.OfComponent(Component.CLIP, model(random, depth - 1), PLACE);
      case 0 -> weightSum(random, depth);
      case 1 -> addDifference(random, depth);
      case 2 ->
          new Formula.Fallback(List.of(model(random, depth - 1), model(random, depth - 1)), PLACE);
      default -> {
        Weight a = weight(random);
        Weight b = weight(random);
        Weight rest = Weight.minus(Weight.minus(Weight.Constant.ONE, a), b);
        yield sum(
            new Term(rest, model(random, depth - 1)),
            new Term(a, model(random, depth - 1)),
            new Term(b, model(random, depth - 1)));
      }
    };
  }

  private static Formula weightSum(Random random, int depth) {
    Weight alpha = weight(random);
    return sum(
        new Term(Weight.minus(Weight.Constant.ONE, alpha), model(random, depth - 1)),
        new Term(alpha, model(random, depth - 1)));
  }

  private static Formula addDifference(Random random, int depth) {
    List<Term> terms = new ArrayList<>();
    terms.add(new Term(Weight.Constant.ONE, model(random, depth - 1)));
    for (int i = 0; i <= random.nextInt(2); i++) {
      terms.add(new Term(weight(random), difference(random, depth - 1)));
    }
    return new Formula.Sum(terms, PLACE);
  }

  private static Formula difference(Random random, int depth) {
    return sum(
        new Term(Weight.Constant.ONE, model(random, depth)),
        new Term(Weight.of("-1"), model(random, depth)));
  }

  private static Weight weight(Random random) {
    String[] values = {"0", "1", "0.3", "0.08", "-0.6", "0.5", "1.4"};
    return Weight.of(values[random.nextInt(values.length)]);
  }

  private static Formula sum(Term... terms) {
    return new Formula.Sum(List.of(terms), PLACE);
  }

  // The rule, read from its description, on one number per source.

  private static double kind(Formula formula) {
    return switch (formula) {
      case Formula.OfSource source -> 1;
      case Formula.OfModel model -> throw new IllegalArgumentException();
      case Formula.Call call -> 1;
      case Formula.Adjusted adjusted -> throw new IllegalArgumentException();
      case Formula.OfComponent part -> kind(part.operand());
      case Formula.Fallback fallback -> kind(fallback.alternatives().getFirst());
      case Formula.Sum sum ->
          sum.terms().stream().mapToDouble(t -> value(t) * kind(t.operand())).sum();
    };
  }

  private static double value(Term term) {
    return ((Weight.Constant) term.weight()).value().doubleValue();
  }

  private static Optional<Double> evaluate(Formula formula, BitSet present) {
    return switch (formula) {
      case Formula.OfSource(int source, var place) ->
          present.get(source) ? Optional.of(VALUES[source]) : Optional.empty();
      case Formula.OfModel model -> throw new IllegalArgumentException();
      case Formula.Call call -> throw new IllegalArgumentException();
      case Formula.Adjusted adjusted -> throw new IllegalArgumentException();
      case Formula.OfComponent part ->
          part.component() == Component.UNET ? evaluate(part.operand(), present) : Optional.empty();
      case Formula.Fallback fallback ->
          fallback.alternatives().stream()
              .flatMap(one -> evaluate(one, present).stream())
              .findFirst();
      case Formula.Sum sum -> evaluate(sum, present);
    };
  }

  private static Optional<Double> evaluate(Formula.Sum sum, BitSet present) {
    List<Term> carriers = sum.terms().stream().filter(t -> !isChange(t)).toList();
    List<Term> changes = sum.terms().stream().filter(t -> isChange(t)).toList();
    double whole = carriers.stream().mapToDouble(t -> value(t) * kind(t.operand())).sum();
    List<Term> weighted = carriers.stream().filter(t -> value(t) != 0).toList();
    if (weighted.stream().noneMatch(t -> evaluate(t.operand(), present).isPresent())) {
      weighted = carriers;
    }
    Optional<Term> first =
        weighted.stream().filter(t -> evaluate(t.operand(), present).isPresent()).findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    double result = 0;
    if (weighted.stream().allMatch(t -> evaluate(t.operand(), present).isPresent())) {
      for (Term term : weighted) {
        result += value(term) * evaluate(term.operand(), present).get();
      }
    } else {
      Formula operand = first.get().operand();
      result = whole / kind(operand) * evaluate(operand, present).get();
    }
    for (Term term : changes) {
      result += value(term) * evaluate(term.operand(), present).orElse(0.0);
    }
    return Optional.of(result);
  }

  private static boolean isChange(Term term) {
    return Math.abs(kind(term.operand())) < 1e-6;
  }

  private static String text(Formula formula) {
    return switch (formula) {
      case Formula.OfSource source -> "S" + source.source();
      case Formula.OfModel model -> "M" + model.model();
      case Formula.Call call -> call.method().name();
      case Formula.Adjusted adjusted -> "adjusted";
      case Formula.OfComponent part -> part.component().word() + "(" + text(part.operand()) + ")";
      case Formula.Fallback fallback ->
          fallback.alternatives().stream().map(one -> text(one)).toList().toString();
      case Formula.Sum sum -> {
        StringBuilder text = new StringBuilder("(");
        for (Term term : sum.terms()) {
          text.append(text.length() > 1 ? " + " : "");
          BigDecimal weight = ((Weight.Constant) term.weight()).value();
          text.append(weight.toPlainString()).append("·").append(text(term.operand()));
        }
        yield text.append(")").toString();
      }
    };
  }
}
