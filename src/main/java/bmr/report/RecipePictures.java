package bmr.report;

import bmr.graph.FormulaText;
import bmr.graph.Meaning.Definition;
import bmr.graph.Meaning.Terms;
import bmr.model.Block;
import bmr.model.Weight;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.Term;
import bmr.report.svg.BlockBars;
import bmr.report.svg.GraphPicture;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Pictures of a recipe: its graph of named models, and the weights of a definition by block. */
public final class RecipePictures {
  private record Use(int from, int to, Weight weight) {}

  private RecipePictures() {}

  /**
   * The graph of all definitions.
   *
   * @param saved names of the models that are written
   * @param link anchor of a definition, by its index; empty for none
   * @param note the small second line of a definition, by its index
   */
  public static GraphPicture graph(
      Recipe recipe, Set<String> saved, IntFunction<String> link, IntFunction<String> note) {
    int sources = recipe.sources().size();
    var uses = new ArrayList<Use>();
    for (int model = 0; model < recipe.models().size(); model++) {
      collect(recipe.models().get(model).formula(), sources + model, sources, uses);
    }
    List<Integer> order = order(sources + recipe.models().size(), uses);
    int[] place = new int[order.size()];
    var nodes = new ArrayList<GraphPicture.Node>();
    Set<Integer> used = new TreeSet<>();
    uses.forEach(use -> used.add(use.from()));
    for (int node : order) {
      if (node < sources && !used.contains(node)) {
        place[node] = -1;
        continue;
      }
      place[node] = nodes.size();
      nodes.add(node(recipe, node, saved, link, note));
    }
    Map<List<Integer>, List<String>> labels = new LinkedHashMap<>();
    for (Use use : uses) {
      labels
          .computeIfAbsent(List.of(place[use.from()], place[use.to()]), _ -> new ArrayList<>())
          .add(label(use.weight()));
    }
    var edges = new ArrayList<GraphPicture.Edge>();
    labels.forEach(
        (ends, texts) -> edges.add(new GraphPicture.Edge(ends.get(0), ends.get(1), label(texts))));
    return new GraphPicture("What each model is made of", nodes, edges);
  }

  private static String label(List<String> texts) {
    String text = String.join(", ", texts.stream().filter(one -> !one.isEmpty()).toList());
    return text.equals("1") ? "" : text;
  }

  private static GraphPicture.Node node(
      Recipe recipe,
      int node,
      Set<String> saved,
      IntFunction<String> link,
      IntFunction<String> note) {
    int model = node - recipe.sources().size();
    if (model < 0) {
      String name = recipe.sources().get(node).name();
      return new GraphPicture.Node(name, "", GraphPicture.Kind.SOURCE, "", name);
    }
    String name = recipe.models().get(model).name();
    boolean written = saved.contains(name);
    return new GraphPicture.Node(
        name,
        note.apply(model),
        written ? GraphPicture.Kind.SAVED : GraphPicture.Kind.MODEL,
        link.apply(model),
        name + (note.apply(model).isEmpty() ? "" : " = " + note.apply(model)));
  }

  /** Everything a formula names, with the product of the weights on the way to it. */
  private static void collect(Formula formula, int to, int sources, List<Use> uses) {
    record Open(Formula formula, Weight weight) {}
    Deque<Open> open = new ArrayDeque<>(List.of(new Open(formula, Weight.Constant.ONE)));
    while (!open.isEmpty()) {
      Open next = open.pop();
      switch (next.formula()) {
        case Formula.OfSource source -> uses.add(new Use(source.source(), to, next.weight()));
        case Formula.OfModel model -> uses.add(new Use(sources + model.model(), to, next.weight()));
        case Formula.Sum sum -> {
          for (Term term : sum.terms().reversed()) {
            open.push(
                new Open(term.operand(), Weight.times(List.of(next.weight(), term.weight()))));
          }
        }
        case Formula.Fallback fallback ->
            fallback
                .alternatives()
                .reversed()
                .forEach(one -> open.push(new Open(one, next.weight())));
        case Formula.OfComponent part -> open.push(new Open(part.operand(), next.weight()));
        case Formula.Adjusted adjusted -> open.push(new Open(adjusted.operand(), next.weight()));
        case Formula.Call call ->
            call.operands().reversed().forEach(one -> open.push(new Open(one, next.weight())));
      }
    }
  }

  /** What is used before what uses it; the recipe has no cycles. */
  private static List<Integer> order(int count, List<Use> uses) {
    int[] open = new int[count];
    var users = new ArrayList<List<Integer>>();
    for (int i = 0; i < count; i++) {
      users.add(new ArrayList<>());
    }
    for (Use use : uses) {
      open[use.to()]++;
      users.get(use.from()).add(use.to());
    }
    var order = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      if (open[i] == 0) {
        order.add(i);
      }
    }
    for (int i = 0; i < order.size(); i++) {
      for (int user : users.get(order.get(i))) {
        if (--open[user] == 0) {
          order.add(user);
        }
      }
    }
    return order;
  }

  private static String label(Weight weight) {
    return weight instanceof Weight.Constant(BigDecimal value)
        ? FormulaText.number(value)
        : "by block";
  }

  /**
   * The coefficients of a definition by block; empty where they are the same in every block.
   *
   * <p>Parts of blocks that differ from them (the VAE in BASE) have a bar of their own.
   */
  public static Optional<BlockBars> weights(Definition definition) {
    List<String> blocks =
        definition.blocks().keySet().stream()
            .filter(label -> Block.parse(label).isPresent() || differs(definition, label))
            .toList();
    var rows = new LinkedHashMap<String, double[]>();
    for (int i = 0; i < blocks.size(); i++) {
      int block = i;
      Terms terms = definition.blocks().get(blocks.get(i));
      if (terms != null) {
        terms
            .coefficients()
            .forEach((name, value) ->
                rows.computeIfAbsent(name, _ -> new double[blocks.size()])[block] =
                    value.doubleValue());
      }
    }
    boolean flat =
        rows.values().stream().allMatch(row -> Arrays.stream(row).distinct().count() <= 1);
    if (flat) {
      return Optional.empty();
    }
    List<BlockBars.Row> ordered =
        rows.entrySet().stream()
            .map(row -> new BlockBars.Row(row.getKey(), row.getValue()))
            .toList();
    return Optional.of(
        new BlockBars("Weights in " + definition.name() + " by block", blocks, ordered));
  }

  private static boolean differs(Definition definition, String label) {
    return !Objects.equals(definition.blocks().get(label), definition.blocks().get("BASE"));
  }
}
