package bmr.graph;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.SumProblem;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Place;
import bmr.model.Weight.Site;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.Term;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Coefficient sums of definitions, judged per block: 1 is a model, 0 a difference, anything else is
 * reported, once at its root.
 */
public final class KindCheck {
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");
  private static final BigDecimal NEARLY = new BigDecimal("0.02");

  private final Recipe recipe;
  private final ModelGraph graph;
  private final Architecture architecture;
  private final List<Site> sites;
  private final BitSet unknown;
  private final List<OperandCheck> operands = new ArrayList<>();
  private final Map<OperandCheck, BigDecimal> noModels = new LinkedHashMap<>();
  private final Map<Integer, Formula> fallbacks = new LinkedHashMap<>();
  private final Map<Integer, List<BigDecimal>> unequal = new LinkedHashMap<>();

  /** An operand of a method call, which must be a model. */
  private record OperandCheck(Formula.Call call, int index, int node) {}

  /**
   * Those of some definitions that are differences somewhere, which nobody said should be saved.
   */
  public static List<Diagnostic> differences(
      Recipe recipe, ModelGraph graph, Architecture architecture, List<Integer> models) {
    var check = of(recipe, graph, architecture, recipe.blockMap(), List.of());
    Map<Integer, Map<Block, BigDecimal>> sums = new LinkedHashMap<>();
    models.forEach(model -> sums.put(model, new LinkedHashMap<>()));
    check.collect(new LinkedHashMap<>(), sums);
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (int model : models) {
      check
          .savedDifference(model, sums.getOrDefault(model, Map.of()))
          .ifPresent(problem ->
              diagnostics.add(Diagnostic.at(recipe.models().get(model).place(), problem)));
    }
    return diagnostics;
  }

  private KindCheck(Recipe recipe, ModelGraph graph, Architecture architecture, List<Site> sites) {
    this.recipe = recipe;
    this.graph = graph;
    this.architecture = architecture;
    this.sites = sites;
    this.unknown = unknown(graph);
  }

  /** What could not be bound, and everything above it: of their sums nothing can be said. */
  private static BitSet unknown(ModelGraph graph) {
    BitSet unknown = new BitSet();
    for (int id = 0; id < graph.size(); id++) {
      boolean broken = graph.node(id) instanceof Node.Sum sum && sum.edges().isEmpty();
      unknown.set(id, broken || graph.operands(id).stream().anyMatch(unknown::get));
    }
    return unknown;
  }

  /**
   * Checks all definitions.
   *
   * @param keys keys of the architecture's tensors, so that element overrides are seen too
   */
  public static List<Diagnostic> check(
      Recipe recipe,
      ModelGraph graph,
      Architecture architecture,
      BlockMap blockMap,
      Iterable<String> keys) {
    return of(recipe, graph, architecture, blockMap, keys).check();
  }

  private static KindCheck of(
      Recipe recipe,
      ModelGraph graph,
      Architecture architecture,
      BlockMap blockMap,
      Iterable<String> keys) {
    Map<Object, Site> sites = new LinkedHashMap<>();
    Set<String> elements = new LinkedHashSet<>();
    for (int id = 0; id < graph.size(); id++) {
      if (graph.node(id) instanceof Node.Sum sum) {
        sum.edges().forEach(edge -> elements.addAll(edge.weight().elements()));
      }
    }
    for (String key : keys) {
      Place place = blockMap.place(architecture, key);
      List<String> matches = elements.stream().filter(key::contains).toList();
      sites.putIfAbsent(List.of(place, matches), new Site(architecture, place, key));
    }
    for (Block block : architecture.blocks()) {
      Place place =
          new Place(
              block, block.equals(Block.BASE) ? bmr.model.Part.CLIP : bmr.model.Part.UNET, true);
      sites.putIfAbsent(List.of(place, List.of()), new Site(architecture, place, ""));
    }
    return new KindCheck(recipe, graph, architecture, List.copyOf(sites.values()));
  }

  private List<Diagnostic> check() {
    Map<Integer, Wrong> wrong = new LinkedHashMap<>();
    Map<Integer, Map<Block, BigDecimal>> sums = new LinkedHashMap<>();
    recipe.models().forEach(model -> collectCalls(model.formula()));
    recipe.saves().forEach(save -> sums.put(save.model(), new LinkedHashMap<>()));
    collect(wrong, sums);
    List<Diagnostic> diagnostics = new ArrayList<>();
    wrong.forEach((model, one) -> diagnostics.add(diagnostic(model, one)));
    noModels.forEach((operand, sum) ->
        diagnostics.add(
            Diagnostic.at(
                operand.call().operands().get(operand.index()).place(),
                new SumProblem.OperandNoModel(
                    operand.call().method().name(),
                    operand.call().method().operands().get(operand.index()),
                    FormulaText.number(sum)))));
    fallbacks.forEach((node, fallback) -> {
      List<BigDecimal> kinds = unequal.get(node);
      if (kinds != null) {
        diagnostics.add(
            Diagnostic.at(
                fallback.place(),
                new SumProblem.FallbackKinds(
                    FormulaText.number(kinds.getFirst()), FormulaText.number(kinds.getLast()))));
      }
    });
    saved(sums, wrong, diagnostics);
    return diagnostics;
  }

  private void collectCalls(Formula formula) {
    switch (formula) {
      case Formula.OfSource source -> {}
      case Formula.OfModel model -> {}
      case Formula.Sum sum -> sum.terms().forEach(term -> collectCalls(term.operand()));
      case Formula.Fallback fallback -> {
        fallbacks.put(graph.of(fallback), fallback);
        fallback.alternatives().forEach(this::collectCalls);
      }
      case Formula.Adjusted adjusted -> collectCalls(adjusted.operand());
      case Formula.OfComponent part -> collectCalls(part.operand());
      case Formula.Call call -> {
        for (int i = 0; i < call.operands().size(); i++) {
          operands.add(new OperandCheck(call, i, graph.of(call.operands().get(i))));
          collectCalls(call.operands().get(i));
        }
      }
    }
  }

  /** Sums that are neither: the least, the greatest, and the blocks where they are not. */
  private record Wrong(BigDecimal least, BigDecimal greatest, BitSet blocks) {
    Wrong and(Wrong other) {
      blocks.or(other.blocks);
      return new Wrong(least.min(other.least), greatest.max(other.greatest), blocks);
    }

    boolean isNearlyOne() {
      return isNearlyOne(least) && isNearlyOne(greatest);
    }

    private static boolean isNearlyOne(BigDecimal sum) {
      return sum.subtract(BigDecimal.ONE).abs().compareTo(NEARLY) <= 0;
    }
  }

  /**
   * Sums of all definitions at all sites; a wrong one counts as a model for those that use it.
   *
   * @param sums takes those of the definitions it has a key for
   */
  private void collect(Map<Integer, Wrong> wrong, Map<Integer, Map<Block, BigDecimal>> sums) {
    int[] firstAt = new int[graph.size()];
    int[] next = new int[recipe.models().size()];
    Arrays.fill(firstAt, -1);
    for (int model = next.length - 1; model >= 0; model--) {
      next[model] = firstAt[graph.model(model)];
      firstAt[graph.model(model)] = model;
    }
    BitSet same = sameEverywhere();
    ExactDecimals arithmetic = new ExactDecimals();
    BigDecimal[] kinds = new BigDecimal[graph.size()];
    BitSet open = new BitSet();
    open.set(0, graph.size());
    for (Site site : sites) {
      for (int id = open.nextSetBit(0); id >= 0; id = open.nextSetBit(id + 1)) {
        BigDecimal kind =
            unknown.get(id) ? BigDecimal.ONE : arithmetic.plain(kind(id, kinds, site, arithmetic));
        List<Block> blocks = same.get(id) ? architecture.blocks() : List.of(site.place().block());
        boolean neither = !isModel(kind) && !isDifference(kind);
        for (int model = firstAt[id]; model >= 0; model = next[model]) {
          if (sums.containsKey(model)) {
            for (Block block : blocks) {
              sums.get(model).merge(block, kind, (a, b) -> isModel(a) ? b : a);
            }
          }
          if (neither) {
            BitSet where = new BitSet();
            blocks.forEach(block -> where.set(architecture.blocks().indexOf(block)));
            wrong.merge(model, new Wrong(kind, kind, where), Wrong::and);
          }
        }
        kinds[id] = neither && firstAt[id] >= 0 ? BigDecimal.ONE : kind;
      }
      open.andNot(same);
      checkOperands(kinds);
    }
  }

  /** Nodes whose sum no block, list or override changes: they are added up once. */
  private BitSet sameEverywhere() {
    BitSet same = new BitSet();
    for (int id = 0; id < graph.size(); id++) {
      boolean constant =
          switch (graph.node(id)) {
            case Node.Sum sum ->
                sum.edges().stream()
                    .allMatch(edge -> edge.weight().isConstant() && same.get(edge.node()));
            case Node.Source _, Node.Method _ -> true;
            case Node.Adjusted adjusted -> same.get(adjusted.operand());
            case Node.Masked masked -> same.get(masked.operand());
            case Node.Fallback _ -> false;
            case Node.Round round -> same.get(round.operand());
          };
      same.set(id, constant);
    }
    return same;
  }

  private void checkOperands(BigDecimal[] kinds) {
    for (OperandCheck operand : operands) {
      if (!isModel(kinds[operand.node()])) {
        noModels.putIfAbsent(operand, kinds[operand.node()]);
      }
    }
  }

  private BigDecimal kind(int id, BigDecimal[] kinds, Site site, ExactDecimals arithmetic) {
    return switch (graph.node(id)) {
      case Node.Source(int index) -> graph.isDifference(index) ? BigDecimal.ZERO : BigDecimal.ONE;
      case Node.Method method -> BigDecimal.ONE;
      case Node.Adjusted adjusted -> kinds[adjusted.operand()];
      case Node.Masked masked -> kinds[masked.operand()];
      case Node.Fallback fallback -> {
        for (int alternative : fallback.alternatives()) {
          if (kinds[alternative].compareTo(kinds[fallback.alternatives().getFirst()]) != 0) {
            unequal.putIfAbsent(
                id, List.of(kinds[fallback.alternatives().getFirst()], kinds[alternative]));
          }
        }
        yield kinds[fallback.alternatives().getFirst()];
      }
      case Node.Round round -> kinds[round.operand()];
      case Node.Sum sum -> {
        BigDecimal kind = BigDecimal.ZERO;
        for (Node.Edge edge : sum.edges()) {
          BigDecimal weight = arithmetic.weight(edge.weight(), site);
          kind = arithmetic.add(kind, arithmetic.multiply(weight, kinds[edge.node()]));
        }
        yield kind;
      }
    };
  }

  private static boolean isModel(BigDecimal kind) {
    return isDifference(kind.subtract(BigDecimal.ONE));
  }

  private static boolean isDifference(BigDecimal kind) {
    return kind.abs().compareTo(TOLERANCE) <= 0;
  }

  private Diagnostic diagnostic(int model, Wrong wrong) {
    NamedModel named = recipe.models().get(model);
    List<Block> blocks = wrong.blocks().stream().mapToObj(architecture.blocks()::get).toList();
    String least = shown(wrong.least());
    String greatest = shown(wrong.greatest());
    String shown = least.equals(greatest) ? least : least + " to " + greatest;
    boolean everywhere = blocks.size() == architecture.blocks().size();
    String where = everywhere ? "" : BlockRanges.of(blocks);
    if (named.sumAllowed()) {
      return Diagnostic.at(named.place(), new SumProblem.SumAllowed(named.name(), shown, where));
    }
    if (wrong.isNearlyOne()) {
      return Diagnostic.at(
          named.place(), new SumProblem.NearlyOne(named.name(), shown, where, exactly(named)));
    }
    Optional<Diagnostic> bare = withoutCoefficient(named);
    return bare.orElseGet(() ->
        Diagnostic.at(
            named.place(),
            new SumProblem.NeitherModelNorDifference(
                named.name(), shown, where, likelyFix(named))));
  }

  private static String shown(BigDecimal sum) {
    return sum.round(new MathContext(6, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** {@code A + B}: no coefficient at all. */
  private static Optional<Diagnostic> withoutCoefficient(NamedModel named) {
    if (named.formula() instanceof Formula.Sum sum
        && sum.terms().size() >= 2
        && sum.terms().stream()
            .allMatch(term -> term.weight().equals(bmr.model.Weight.Constant.ONE))) {
      String left = text(sum.terms().get(0).operand());
      String right = text(sum.terms().get(1).operand());
      return Optional.of(Diagnostic.at(named.place(), new SumProblem.NoCoefficient(left, right)));
    }
    return Optional.empty();
  }

  /** {@code OpenBra + Evt x 0.08}: most likely the common base is not subtracted. */
  private static Optional<String> likelyFix(NamedModel named) {
    if (named.formula() instanceof Formula.Sum(List<Term> terms, var place)
        && terms.size() == 2
        && terms.getFirst().weight().equals(bmr.model.Weight.Constant.ONE)
        && terms.getLast().weight() instanceof bmr.model.Weight.Constant(BigDecimal weight)
        && weight.signum() > 0) {
      String left = text(terms.getFirst().operand());
      String right = text(terms.getLast().operand());
      String share = weight.toPlainString();
      String rest = BigDecimal.ONE.subtract(weight).toPlainString();
      return Optional.of(
          "subtract the common base: `%s + (%s - base) x %s`; or blend: `%s x %s + %s x %s`"
              .formatted(left, right, share, left, rest, right, share));
    }
    return weightSum(named);
  }

  /** {@code A x 0.5 + B x 0.6}: weights that were meant to add up to 1. */
  private static Optional<String> weightSum(NamedModel named) {
    if (!(named.formula() instanceof Formula.Sum(List<Term> terms, var place))
        || terms.size() < 2
        || terms.size() > 8) {
      return Optional.empty();
    }
    List<BigDecimal> shares = new ArrayList<>();
    for (Term term : terms) {
      if (!(term.weight() instanceof bmr.model.Weight.Constant(BigDecimal share))
          || share.signum() <= 0) {
        return Optional.empty();
      }
      shares.add(share);
    }
    BigDecimal others =
        shares.subList(0, shares.size() - 1).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal rest = BigDecimal.ONE.subtract(others);
    String last = text(terms.getLast().operand());
    if (rest.signum() > 0) {
      return Optional.of(
          "`%s x %s` would make it 1; if the sum is meant, write `allow sum` behind it"
              .formatted(last, rest.stripTrailingZeros().toPlainString()));
    }
    BigDecimal sum = others.add(shares.getLast());
    return Optional.of(
        "divided by their sum: "
            + normalised(terms, shares, sum)
            + "; if the sum is meant, write `allow sum` behind it");
  }

  /** The same terms with weights that add up to 1, six digits each and the last one the rest. */
  private static String normalised(List<Term> terms, List<BigDecimal> shares, BigDecimal sum) {
    List<String> parts = new ArrayList<>();
    BigDecimal rest = BigDecimal.ONE;
    for (int i = 0; i < terms.size(); i++) {
      BigDecimal share =
          i == terms.size() - 1 ? rest : shares.get(i).divide(sum, 6, RoundingMode.HALF_EVEN);
      rest = rest.subtract(share);
      parts.add(text(terms.get(i).operand()) + " x " + share.stripTrailingZeros().toPlainString());
    }
    return "`" + String.join(" + ", parts) + "`";
  }

  /** {@code 0.33} three times: the weights divided by their sum. */
  private static Optional<String> exactly(NamedModel named) {
    if (!(named.formula() instanceof Formula.Sum(List<Term> terms, var place))
        || terms.size() > 8) {
      return Optional.empty();
    }
    List<BigDecimal> shares = new ArrayList<>();
    for (Term term : terms) {
      if (!(term.weight() instanceof bmr.model.Weight.Constant(BigDecimal share))
          || share.signum() <= 0) {
        return Optional.empty();
      }
      shares.add(share);
    }
    BigDecimal sum = shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return Optional.of("exactly 1 is " + normalised(terms, shares, sum));
  }

  private static String text(Formula formula) {
    String text = formula.place().text();
    return text.length() > 40 ? text.substring(0, 37) + "..." : text;
  }

  private void saved(
      Map<Integer, Map<Block, BigDecimal>> sums,
      Map<Integer, Wrong> wrong,
      List<Diagnostic> diagnostics) {
    for (Recipe.SaveRequest save : recipe.saves()) {
      if (!save.asDifference() && !wrong.containsKey(save.model())) {
        savedDifference(save.model(), sums.getOrDefault(save.model(), Map.of()))
            .ifPresent(problem -> diagnostics.add(Diagnostic.at(save.place(), problem)));
      }
    }
  }

  private Optional<SumProblem> savedDifference(int model, Map<Block, BigDecimal> sums) {
    List<Block> blocks =
        sums.entrySet().stream()
            .filter(entry -> isDifference(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    boolean everywhere = blocks.size() == architecture.blocks().size();
    String where = everywhere ? "" : BlockRanges.of(blocks);
    return Optional.of(new SumProblem.SavesDifference(recipe.models().get(model).name(), where));
  }
}
