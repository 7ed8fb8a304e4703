package bmr.graph;

import bmr.model.Weight;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.Term;
import bmr.tensor.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lazy graph of a recipe's models. Equal nodes are one node; an operand's id is always smaller
 * than that of what uses it, so going up the ids is going up the graph. Nothing here recurses over
 * definitions: chains are as long as scripts allow.
 */
public final class ModelGraph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Integer> ids = new HashMap<>();
  private final int[] models;
  private final Optional<DType> stepwise;
  private final boolean keepsEma;
  private final BitSet differences = new BitSet();
  private final BitSet madeOfDifferences = new BitSet();
  private final BitSet normalizing;
  private final List<Applied> applied = new ArrayList<>();
  private final int sources;

  /**
   * A LoRA that depends on what stands before it in its sum, as DoRAs do: a source of its own for
   * each such sum.
   *
   * @param lora the source as the recipe has it
   * @param base the node of what stands before it
   * @param source the index that nodes have for it, behind those of the recipe
   */
  public record Applied(int lora, int base, int source) {}

  private ModelGraph(Recipe recipe, BitSet normalizing) {
    this.normalizing = (BitSet) normalizing.clone();
    this.sources = recipe.sources().size();
    this.models = new int[recipe.models().size()];
    this.stepwise = recipe.stepwise();
    this.keepsEma = recipe.keepsEma();
    for (int source = 0; source < recipe.sources().size(); source++) {
      differences.set(source, recipe.sources().get(source).lora());
    }
    java.util.Arrays.fill(models, -1);
    for (int root = 0; root < models.length; root++) {
      build(recipe, root);
    }
  }

  /** The graph of all definitions; the recipe has no cycles. */
  public static ModelGraph of(Recipe recipe) {
    return new ModelGraph(recipe, new BitSet());
  }

  /**
   * The graph of a recipe with LoRAs that normalize by what stands before them.
   *
   * @param normalizing their indices among the sources
   */
  public static ModelGraph of(Recipe recipe, BitSet normalizing) {
    return new ModelGraph(recipe, normalizing);
  }

  /** LoRAs that normalize, with what stands before each, in the order of their indices. */
  public List<Applied> applied() {
    return List.copyOf(applied);
  }

  /** Whether a formula has a source as it is. */
  public boolean uses(int source) {
    return ids.containsKey(new Node.Source(source));
  }

  /** The node of a term, behind the sum of those before it. */
  private int term(Formula operand, List<Node.Edge> before) {
    if (operand instanceof Formula.OfSource(int lora, var _)
        && normalizing.get(lora)
        && !before.isEmpty()) {
      int base = sum(before);
      return applied.stream()
          .filter(known -> known.lora() == lora && known.base() == base)
          .findFirst()
          .map(known -> intern(new Node.Source(known.source())))
          .orElseGet(() -> {
            int source = sources + applied.size();
            differences.set(source);
            applied.add(new Applied(lora, base, source));
            return intern(new Node.Source(source));
          });
    }
    return add(operand);
  }

  private int sum(List<Node.Edge> edges) {
    boolean same = edges.size() == 1 && edges.getFirst().weight().equals(Weight.Constant.ONE);
    return same ? edges.getFirst().node() : intern(new Node.Sum(edges));
  }

  /** Whether EMA copies are merged like other tensors instead of left out. */
  boolean keepsEma() {
    return keepsEma;
  }

  /** Whether a source is a difference by itself, as LoRAs are. */
  boolean isDifference(int source) {
    return differences.get(source);
  }

  /** Whether a node is made of nothing but sources that are differences. */
  boolean isMadeOfDifferences(int id) {
    return madeOfDifferences.get(id);
  }

  /** Builds a definition after those that it names. */
  private void build(Recipe recipe, int root) {
    Deque<Integer> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      int model = open.peek();
      if (models[model] >= 0) {
        open.pop();
        continue;
      }
      List<Integer> missing = new ArrayList<>();
      unbuilt(recipe.models().get(model).formula(), missing);
      if (missing.isEmpty()) {
        int node = add(recipe.models().get(model).formula());
        models[model] = stepwise.isPresent() ? intern(new Node.Round(stepwise.get(), node)) : node;
        open.pop();
      } else {
        missing.forEach(open::push);
      }
    }
  }

  private void unbuilt(Formula formula, List<Integer> missing) {
    switch (formula) {
      case Formula.OfSource source -> {}
      case Formula.OfModel model -> {
        if (models[model.model()] < 0) {
          missing.add(model.model());
        }
      }
      case Formula.Sum sum -> sum.terms().forEach(term -> unbuilt(term.operand(), missing));
      case Formula.Fallback fallback -> fallback.alternatives().forEach(a -> unbuilt(a, missing));
      case Formula.Adjusted adjusted -> unbuilt(adjusted.operand(), missing);
      case Formula.OfComponent part -> unbuilt(part.operand(), missing);
      case Formula.Call call -> call.operands().forEach(operand -> unbuilt(operand, missing));
    }
  }

  private int add(Formula formula) {
    return switch (formula) {
      case Formula.OfSource source -> intern(new Node.Source(source.source()));
      case Formula.OfModel model -> models[model.model()];
      case Formula.Sum sum -> {
        List<Node.Edge> edges = new ArrayList<>();
        for (Term term : sum.terms()) {
          edges.add(new Node.Edge(term.weight(), term(term.operand(), edges)));
        }
        yield sum(edges);
      }
      case Formula.Fallback fallback ->
          intern(new Node.Fallback(fallback.alternatives().stream().map(this::add).toList()));
      case Formula.Adjusted adjusted ->
          intern(new Node.Adjusted(adjusted.adjustment(), add(adjusted.operand())));
      case Formula.OfComponent part ->
          intern(new Node.Masked(part.component(), add(part.operand())));
      case Formula.Call call ->
          intern(
              new Node.Method(
                  call.method(),
                  call.operands().stream().map(this::add).toList(),
                  call.parameters()));
    };
  }

  private int intern(Node node) {
    Integer known = ids.get(node);
    if (known != null) {
      return known;
    }
    nodes.add(node);
    int id = nodes.size() - 1;
    ids.put(node, id);
    madeOfDifferences.set(
        id,
        node instanceof Node.Source(int index)
            ? differences.get(index)
            : operands(id).stream().allMatch(madeOfDifferences::get));
    return id;
  }

  /** The node of a definition, by its index in the recipe. */
  public int model(int index) {
    return models[index];
  }

  /** The node of a source, made if no formula uses it. */
  public int source(int index) {
    return intern(new Node.Source(index));
  }

  /** The node of a formula of the recipe. */
  int of(Formula formula) {
    return add(formula);
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  public int size() {
    return nodes.size();
  }

  /** Ids of a node and everything below it, going up. */
  int[] below(int root) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      int id = open.pop();
      if (!seen.get(id)) {
        seen.set(id);
        operands(id).forEach(open::push);
      }
    }
    return seen.stream().toArray();
  }

  /** Operands in the order written. */
  List<Integer> operands(int id) {
    return switch (nodes.get(id)) {
      case Node.Source source -> List.of();
      case Node.Sum sum -> sum.edges().stream().map(Node.Edge::node).toList();
      case Node.Method method -> method.operands();
      case Node.Fallback fallback -> fallback.alternatives();
      case Node.Adjusted adjusted -> List.of(adjusted.operand());
      case Node.Masked masked -> List.of(masked.operand());
      case Node.Round round -> List.of(round.operand());
    };
  }

  /** The weights below a node that are to be found yet, in no order. */
  public Set<Weight.Unknown> unknownsBelow(int root) {
    var unknowns = new java.util.HashSet<Weight.Unknown>();
    weightsBelow(root).forEach(weight -> unknowns.addAll(weight.unknowns()));
    return unknowns;
  }

  /** All weights in a node and below. */
  Set<Weight> weightsBelow(int root) {
    Set<Weight> weights = new LinkedHashSet<>();
    for (int id : below(root)) {
      switch (nodes.get(id)) {
        case Node.Source source -> {}
        case Node.Sum sum -> sum.edges().forEach(edge -> weights.add(edge.weight()));
        case Node.Method method -> weights.addAll(method.parameters());
        case Node.Fallback fallback -> {}
        case Node.Adjusted adjusted -> {}
        case Node.Masked masked -> {}
        case Node.Round round -> {}
      }
    }
    return weights;
  }

  /** Indices of the sources below a node, ascending. */
  public List<Integer> sourcesBelow(int root) {
    List<Integer> sources = new ArrayList<>();
    for (int id : below(root)) {
      if (nodes.get(id) instanceof Node.Source(int index)) {
        sources.add(index);
      }
    }
    return sources.stream().sorted().toList();
  }
}
