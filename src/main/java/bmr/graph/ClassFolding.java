package bmr.graph;

import bmr.model.Adjustment;
import bmr.model.MethodSignature.MissingOperand;
import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds one class of tensors: same site, same set of sources that hold the tensor. Presence is
 * resolved bottom-up on the graph as written, before anything is merged:
 *
 * <ul>
 *   <li>operands of a sum whose own coefficient sum is not 0 are <em>carriers</em>, the others
 *       <em>changes</em>;
 *   <li>carriers with weight 0 are left out, unless no other carrier holds the tensor;
 *   <li>if all remaining carriers hold it, it is their weighted sum; if some lack it, it is the
 *       carriers' whole weight times the first one that holds it; if none does, it is absent;
 *   <li>a change that lacks the tensor is zero.
 * </ul>
 *
 * Why not fold first and repair afterwards: docs/missing-tensors.md.
 */
final class ClassFolding<C> {
  /** What was special about the result. */
  enum Event {
    CARRIER_MISSING,
    CHANGE_SKIPPED
  }

  /** A folded class; an absent tensor has no form. */
  record Result(Optional<LinearForm> form, Set<Event> events) {}

  private final ModelGraph graph;
  private final int root;
  private final int[] order;
  private final Coefficients<C> arithmetic;
  private final SiteWeights<C> site;
  private final BitSet present;
  private final List<@Nullable Form<C>> values;

  /** By node, how many nodes above it have still to be folded: then its value is let go. */
  private final int[] users;

  /** By node, the events that its value rests on, as bits. */
  private final byte[] events;

  private ClassFolding(
      ModelGraph graph,
      int root,
      int[] order,
      Coefficients<C> arithmetic,
      SiteWeights<C> site,
      BitSet present) {
    this.graph = graph;
    this.root = root;
    this.order = order;
    this.arithmetic = arithmetic;
    this.site = site;
    this.present = present;
    this.values = new ArrayList<>(Collections.nCopies(graph.size(), null));
    this.users = new int[graph.size()];
    this.events = new byte[graph.size()];
    for (int id : order) {
      graph.operands(id).forEach(operand -> users[operand]++);
    }
    users[root]++;
  }

  /**
   * Folds the formula of a node.
   *
   * @param order the ids below the node, going up
   * @param present indices of the sources that hold the tensor
   */
  static <C> Result fold(
      ModelGraph graph,
      int root,
      int[] order,
      Coefficients<C> arithmetic,
      SiteWeights<C> site,
      BitSet present) {
    return new ClassFolding<>(graph, root, order, arithmetic, site, present).fold();
  }

  /** Like the above, for a single class. */
  static <C> Result fold(
      ModelGraph graph, int root, Coefficients<C> arithmetic, Site site, BitSet present) {
    int[] order = graph.below(root);
    return fold(
        graph, root, order, arithmetic, new SiteWeights<>(graph, order, arithmetic, site), present);
  }

  /** The source whose tensor stands for one that is never blended: the first carrier's, or -1. */
  static <C> int firstHolder(
      ModelGraph graph,
      int root,
      int[] order,
      Coefficients<C> arithmetic,
      SiteWeights<C> site,
      BitSet present) {
    int[] holders = new int[graph.size()];
    for (int id : order) {
      int holder = -1;
      if (graph.node(id) instanceof Node.Source(int index)) {
        holder = present.get(index) ? index : -1;
      } else if (!site.isOutside(id)) {
        for (int operand : graph.operands(id)) {
          boolean change = arithmetic.isDifference(site.kind(operand));
          if (holder < 0 && !change) {
            holder = holders[operand];
          }
        }
      }
      holders[id] = holder;
    }
    return holders[root];
  }

  /**
   * The unfinished form of a single class, whose coefficients keep what the arithmetic adds to
   * numbers; empty where the tensor is absent.
   */
  static <C> Optional<Form<C>> form(
      ModelGraph graph,
      int root,
      int[] order,
      Coefficients<C> arithmetic,
      Site site,
      BitSet present) {
    var weights = new SiteWeights<>(graph, order, arithmetic, site);
    return Optional.ofNullable(
        new ClassFolding<>(graph, root, order, arithmetic, weights, present).form());
  }

  private Result fold() {
    Form<C> result = form();
    return new Result(
        result == null ? Optional.empty() : Optional.of(result.finish(arithmetic)), events(root));
  }

  private @Nullable Form<C> form() {
    for (int id : order) {
      values.set(
          id,
          switch (graph.node(id)) {
            case Node.Source(int index) ->
                present.get(index) ? Form.of(new Operand.Source(index), arithmetic.one()) : null;
            case Node.Sum sum -> sum(id, sum);
            case Node.Method method -> method(id, method);
            case Node.Fallback fallback -> fallback(id, fallback);
            case Node.Adjusted adjusted -> adjusted(id, adjusted);
            case Node.Masked masked -> masked(id, masked);
            case Node.Round round -> round(id, round);
          });
      for (int operand : graph.operands(id)) {
        users[operand]--;
        if (users[operand] == 0) {
          values.set(operand, null);
        }
      }
    }
    return values.get(root);
  }

  private @Nullable Form<C> sum(int id, Node.Sum sum) {
    List<C> weights = site.weights(id);
    List<Integer> carriers = new ArrayList<>();
    List<Integer> changes = new ArrayList<>();
    for (int i = 0; i < sum.edges().size(); i++) {
      boolean change = arithmetic.isDifference(site.kind(sum.edges().get(i).node()));
      (change ? changes : carriers).add(i);
    }
    List<Form<C>> forms = new ArrayList<>();
    List<C> factors = new ArrayList<>();
    List<Integer> operands = new ArrayList<>();
    if (!carriers.isEmpty() && !addCarriers(id, sum, weights, carriers, forms, factors, operands)) {
      return null;
    }
    boolean any = !carriers.isEmpty();
    for (int i : changes) {
      int node = sum.edges().get(i).node();
      Form<C> value = values.get(node);
      any |= value != null;
      if (arithmetic.isZero(weights.get(i))) {
        continue;
      }
      if (value == null) {
        // a LoRA changes few tensors, and says nothing of the others
        if (!graph.isMadeOfDifferences(node) && !site.isOutside(node)) {
          happened(id, Event.CHANGE_SKIPPED);
        }
      } else {
        forms.add(value);
        factors.add(weights.get(i));
        operands.add(node);
      }
    }
    operands.forEach(operand -> restsOn(id, operand));
    return any ? Form.sum(arithmetic, forms, factors) : null;
  }

  /** Adds what the carriers give; false where none of them holds the tensor. */
  private boolean addCarriers(
      int id,
      Node.Sum sum,
      List<C> weights,
      List<Integer> carriers,
      List<Form<C>> forms,
      List<C> factors,
      List<Integer> operands) {
    List<Integer> live = carriers.stream().filter(i -> !arithmetic.isZero(weights.get(i))).toList();
    boolean complete = live.stream().allMatch(i -> values.get(sum.edges().get(i).node()) != null);
    if (complete && !live.isEmpty()) {
      for (int i : live) {
        int node = sum.edges().get(i).node();
        forms.add(present(node));
        factors.add(weights.get(i));
        operands.add(node);
      }
      return true;
    }
    Optional<Integer> first = firstPresent(sum, live).or(() -> firstPresent(sum, carriers));
    if (first.isEmpty()) {
      return false;
    }
    C whole = arithmetic.zero();
    for (int i : carriers) {
      C kind = site.kind(sum.edges().get(i).node());
      whole = arithmetic.add(whole, arithmetic.multiply(weights.get(i), kind));
    }
    boolean difference = arithmetic.isDifference(whole);
    boolean lacks =
        live.stream()
            .map(i -> sum.edges().get(i).node())
            .anyMatch(node -> values.get(node) == null && !site.isOutside(node));
    if (lacks) {
      happened(id, difference ? Event.CHANGE_SKIPPED : Event.CARRIER_MISSING);
    }
    if (!difference) {
      int node = sum.edges().get(first.get()).node();
      forms.add(present(node));
      factors.add(arithmetic.divide(whole, site.kind(node)));
      operands.add(node);
    }
    return true;
  }

  private Optional<Integer> firstPresent(Node.Sum sum, List<Integer> edges) {
    return edges.stream().filter(i -> values.get(sum.edges().get(i).node()) != null).findFirst();
  }

  private Form<C> present(int node) {
    Form<C> value = values.get(node);
    if (value == null) {
      throw new IllegalStateException("absent");
    }
    return value;
  }

  private @Nullable Form<C> fallback(int id, Node.Fallback fallback) {
    for (int node : fallback.alternatives()) {
      Form<C> value = values.get(node);
      if (value != null) {
        restsOn(id, node);
        return value;
      }
    }
    return null;
  }

  private @Nullable Form<C> adjusted(int id, Node.Adjusted node) {
    Form<C> value = values.get(node.operand());
    restsOn(id, node.operand());
    if (value == null) {
      return null;
    }
    return switch (node.adjustment().effect(site.site().architecture(), site.site().key())) {
      case Adjustment.Effect.None() -> value;
      case Adjustment.Effect.Scaled(Weight.Constant factor) ->
          Form.sum(arithmetic, List.of(value), List.of(arithmetic.weight(factor, site.site())));
      case Adjustment.Effect.Shifted(List<BigDecimal> channels) ->
          Form.of(
              new Operand.Application(
                  Adjustment.SHIFT, List.of(value.finish(arithmetic)), channels),
              arithmetic.one());
    };
  }

  private @Nullable Form<C> method(int id, Node.Method method) {
    List<BigDecimal> parameters = site.weights(id).stream().map(arithmetic::decimal).toList();
    Optional<Integer> chosen = method.signature().operandAlone(parameters);
    if (chosen.isPresent()) {
      int node = method.operands().get(chosen.get());
      if (values.get(node) != null) {
        restsOn(id, node);
        return values.get(node);
      }
    }
    boolean complete = method.operands().stream().allMatch(node -> values.get(node) != null);
    if (complete) {
      method.operands().forEach(operand -> restsOn(id, operand));
      List<LinearForm> operands =
          method.operands().stream().map(node -> present(node).finish(arithmetic)).toList();
      return Form.of(
          new Operand.Application(method.signature(), operands, parameters), arithmetic.one());
    }
    Optional<Integer> stand =
        switch (method.signature().missing()) {
          case FIRST_OPERAND ->
              Optional.of(method.operands().getFirst()).filter(node -> values.get(node) != null);
          case FIRST_PRESENT ->
              method.operands().stream().filter(node -> values.get(node) != null).findFirst();
        };
    if (stand.isEmpty()) {
      return null;
    }
    if (method.operands().stream().noneMatch(site::isOutside)) {
      happened(
          id,
          method.signature().missing() == MissingOperand.FIRST_OPERAND
              ? Event.CHANGE_SKIPPED
              : Event.CARRIER_MISSING);
    }
    restsOn(id, stand.get());
    return values.get(stand.get());
  }

  /** Another component is not there, though a file may hold it. */
  private @Nullable Form<C> masked(int id, Node.Masked node) {
    restsOn(id, node.operand());
    return site.isOutside(id) ? null : values.get(node.operand());
  }

  private @Nullable Form<C> round(int id, Node.Round round) {
    Form<C> value = values.get(round.operand());
    restsOn(id, round.operand());
    if (value == null) {
      return null;
    }
    LinearForm form = value.finish(arithmetic);
    boolean rounded =
        form.isCopy()
            && form.terms().getFirst().operand() instanceof Operand.Rounded(var dtype, var inner)
            && dtype == round.dtype();
    return rounded ? value : Form.of(new Operand.Rounded(round.dtype(), form), arithmetic.one());
  }

  private void happened(int id, Event event) {
    events[id] |= (byte) (1 << event.ordinal());
  }

  /** A value takes over the events of those that it is made of. */
  private void restsOn(int id, int operand) {
    events[id] |= events[operand];
  }

  private Set<Event> events(int id) {
    Set<Event> found = EnumSet.noneOf(Event.class);
    for (Event event : Event.values()) {
      if ((events[id] & 1 << event.ordinal()) != 0) {
        found.add(event);
      }
    }
    return found;
  }
}
