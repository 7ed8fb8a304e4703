package bmr.analysis.ancestry;

import bmr.analysis.Gram;
import bmr.analysis.InnerProductTable;
import bmr.analysis.InnerProductTable.Tensor;
import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** From a table of inner products to a {@link Trace}. */
public final class Tracing {
  private final InnerProductTable table;
  private final List<Map<String, DType>> types;
  private final int target;

  private Tracing(InnerProductTable table, List<Map<String, DType>> types) {
    this.table = table;
    this.types = types;
    this.target = table.sources().size() - 1;
  }

  /**
   * Searches.
   *
   * @param table of the candidates and, as the last source, the target
   * @param types of the tensors of each source, by key
   * @param isBase which names are those of known bases
   * @return empty where the target and the candidates have no tensor in common
   */
  public static java.util.Optional<Trace> of(
      InnerProductTable table,
      List<Map<String, DType>> types,
      boolean nonNegative,
      Predicate<String> isBase) {
    return new Tracing(table, types).trace(nonNegative, isBase);
  }

  private java.util.Optional<Trace> trace(boolean nonNegative, Predicate<String> isBase) {
    List<Integer> stands = stands();
    List<Integer> searched =
        IntStream.range(0, target).filter(i -> stands.get(i) == i).boxed().toList();
    int[] tensors =
        IntStream.range(0, table.tensors().size())
            .filter(t ->
                table.tensors().get(t).part() != Part.VAE
                    && held(t, target)
                    && searched.stream().allMatch(i -> held(t, i)))
            .toArray();
    if (tensors.length == 0) {
      return java.util.Optional.empty();
    }
    List<Unit> units = IntStream.of(tensors).mapToObj(t -> unit(t, searched)).toList();
    Ancestry ancestry = Ancestry.of(units, nonNegative);
    SequencedMap<Part, Integer> parts = identical(Tensor::part, _ -> true);
    var draft =
        new Trace(
            table.sources().getLast().name(),
            IntStream.range(0, target).mapToObj(i -> table.sources().get(i).name()).toList(),
            stands,
            first(_ -> true),
            searched,
            ancestry,
            List.of(),
            parts,
            identical(Tensor::block, tensor -> tensor.part() != Part.VAE),
            OptionalInt.empty(),
            tensors.length);
    int reference =
        IntStream.range(0, searched.size())
            .filter(i -> isBase.test(draft.name(i)))
            .findFirst()
            .orElseGet(() -> draft.ancestors().getFirst());
    return java.util.Optional.of(
        new Trace(
            draft.target(),
            draft.candidates(),
            stands,
            draft.identical(),
            searched,
            ancestry,
            rests(tensors, units, ancestry, reference),
            parts,
            draft.blocks(),
            vae(draft),
            tensors.length));
  }

  private boolean held(int tensor, int source) {
    return table.tensors().get(tensor).holders().contains(source);
  }

  private double distance(int tensor, int i, int j) {
    var c = new double[target + 1];
    c[i] += 1;
    c[j] -= 1;
    return Math.max(0, table.product(tensor, c, c));
  }

  private DType type(int source, int tensor) {
    return types.get(source).getOrDefault(table.tensors().get(tensor).key(), DType.F32);
  }

  /** Candidates that are equal but for rounding, to the first of them. */
  private List<Integer> stands() {
    var stands = new ArrayList<Integer>();
    for (int i = 0; i < target; i++) {
      int stand = i;
      for (int j = 0; j < i && stand == i; j++) {
        if (stands.get(j) == j && twins(i, j)) {
          stand = j;
        }
      }
      stands.add(stand);
    }
    return stands;
  }

  private boolean twins(int i, int j) {
    double apart = 0;
    double most = 0;
    for (int t = 0; t < table.tensors().size(); t++) {
      if (!held(t, i) || !held(t, j) || table.tensors().get(t).part() == Part.VAE) {
        continue;
      }
      DType one = type(i, t);
      DType other = type(j, t);
      apart += distance(t, i, j);
      if (one != other) {
        DType narrow = RoundingFloor.bits(one) < RoundingFloor.bits(other) ? one : other;
        most += RoundingFloor.most(narrow, table.product(t, i, i));
      }
    }
    return apart <= most;
  }

  private Unit unit(int tensor, List<Integer> searched) {
    Gram gram = table.gram(tensor);
    int n = searched.size() + 1;
    var products = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        products[i][j] =
            gram.difference(
                i == n - 1 ? target : searched.get(i), j == n - 1 ? target : searched.get(j));
      }
    }
    Tensor info = table.tensors().get(tensor);
    return new Unit(info.block(), info.elements(), table.product(tensor, target, target), products);
  }

  private List<Trace.Rest> rests(
      int[] tensors, List<Unit> units, Ancestry ancestry, int reference) {
    SequencedMap<Block, Trace.Rest> rests = new TreeMap<>();
    for (int u = 0; u < tensors.length; u++) {
      Unit unit = units.get(u);
      var weights = new double[unit.target() + 1];
      for (int i = 0; i < unit.target(); i++) {
        weights[i] = ancestry.weight(i, unit.block());
      }
      rests.merge(
          unit.block(),
          new Trace.Rest(
              unit.block(),
              AffineFit.residual(unit.products(), unit.target(), weights),
              RoundingFloor.of(type(target, tensors[u]), unit.square()),
              AffineFit.distance(unit.products(), unit.target(), reference)),
          (a, b) ->
              new Trace.Rest(
                  a.block(), a.rest() + b.rest(), a.floor() + b.floor(), a.away() + b.away()));
    }
    return List.copyOf(rests.values());
  }

  /** The first candidate that holds all of the target's tensors with equal values. */
  private OptionalInt first(Predicate<Tensor> which) {
    return IntStream.range(0, target)
        .filter(i ->
            IntStream.range(0, table.tensors().size())
                .filter(t -> which.test(table.tensors().get(t)) && held(t, target))
                .allMatch(t -> held(t, i) && distance(t, i, target) == 0))
        .findFirst();
  }

  private <K extends Comparable<K>> SequencedMap<K, Integer> identical(
      java.util.function.Function<Tensor, K> key, Predicate<Tensor> which) {
    var identical = new TreeMap<K, Integer>();
    IntStream.range(0, table.tensors().size())
        .filter(t -> held(t, target) && which.test(table.tensors().get(t)))
        .mapToObj(t -> key.apply(table.tensors().get(t)))
        .distinct()
        .forEach(k ->
            first(tensor -> which.test(tensor) && key.apply(tensor).equals(k))
                .ifPresent(i -> identical.put(k, i)));
    return new LinkedHashMap<>(identical);
  }

  /** Whose VAE the target has, unless every ancestor has the same one. */
  private OptionalInt vae(Trace trace) {
    Integer owner = trace.parts().get(Part.VAE);
    if (owner == null) {
      return OptionalInt.empty();
    }
    boolean same =
        trace.ancestors().stream()
            .map(trace.searched()::get)
            .allMatch(i ->
                IntStream.range(0, table.tensors().size())
                    .filter(t -> table.tensors().get(t).part() == Part.VAE && held(t, target))
                    .allMatch(t -> held(t, i) && distance(t, i, owner) == 0));
    return same ? OptionalInt.empty() : OptionalInt.of(owner);
  }
}
