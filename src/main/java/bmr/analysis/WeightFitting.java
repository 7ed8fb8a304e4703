package bmr.analysis;

import bmr.analysis.BoundedLeastSquares.Solution;
import bmr.analysis.SquaredDistance.Group;
import bmr.analysis.SquaredDistance.Value;
import bmr.diagnostic.FitProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.GradientFolding;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import bmr.model.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights with which a recipe comes closest to a target, from a table of inner products
 * alone (docs/fit.md).
 */
public final class WeightFitting {
  private final List<Variable> variables;
  private final SquaredDistance total;
  private final Map<Block, SquaredDistance> blocks = new TreeMap<>();
  private final int leftOut;

  /**
   * A weight to be found.
   *
   * @param low may be -∞
   * @param high may be ∞
   */
  public record Variable(String name, double low, double high, double start) {}

  /**
   * A weight that was found.
   *
   * @param play how far it may move, the others following, until the distance grows by 1 %;
   *     infinite where the target does not determine it
   */
  public record Found(String name, BigDecimal value, double play) {}

  /** A weight in a combination that has no effect: how far it moves in proportion to the others. */
  public record Part(String name, double coefficient) {}

  /** The distance in a block with the weights of the start, and with those that were found. */
  public record Change(Block block, double before, double after) {}

  /**
   * What was found.
   *
   * @param improved false where nothing better than the start was found: then it is the start
   * @param undetermined combinations of weights that change nothing, to first order
   * @param leftOut tensors left out, because they are no sums of sources or not in both models
   */
  public record Result(
      List<Found> weights,
      double before,
      double after,
      List<Change> blocks,
      List<List<Part>> undetermined,
      boolean improved,
      int evaluations,
      int leftOut) {
    public Result {
      weights = List.copyOf(weights);
      blocks = List.copyOf(blocks);
      undetermined = List.copyOf(undetermined);
    }
  }

  /**
   * A problem.
   *
   * @param columns per source of the models its index in the table, or -1
   * @param model folded with odd numbers for its unknowns
   * @param base what distances are relative to; without one, to the target itself
   * @throws ProblemException with a FitProblem where there is nothing to fit
   */
  public WeightFitting(
      InnerProductTable table,
      int[] columns,
      GradientFolding folding,
      FoldedModel model,
      FoldedModel target,
      Optional<FoldedModel> base,
      BiPredicate<String, Place> selection,
      List<Variable> variables) {
    this.variables = List.copyOf(variables);
    var byKey = new HashMap<String, Integer>();
    for (int i = 0; i < table.tensors().size(); i++) {
      byKey.put(table.tensors().get(i).key(), i);
    }
    Map<String, FoldedTensor> targets = Similarity.blended(target);
    Map<String, FoldedTensor> bases = base.map(Similarity::blended).orElseGet(LinkedHashMap::new);
    var classes = new HashSet<>(folding.classes());
    var members = new LinkedHashMap<GroupKey, List<Integer>>();
    int out = 0;
    for (FoldedTensor own : Similarity.blended(model).values()) {
      if (!selection.test(own.key(), own.place())) {
        continue;
      }
      FoldedTensor other = targets.get(own.key());
      FoldedTensor origin = bases.get(own.key());
      Integer index = byKey.get(own.key());
      if (other == null
          || index == null
          || base.isPresent() && origin == null
          || !classes.contains(own.tensorClass())
          || !held(table, index, columns, own)
          || !held(table, index, columns, other)
          || origin != null && !held(table, index, columns, origin)) {
        out++;
        continue;
      }
      var key =
          new GroupKey(
              own.place().block(),
              own.tensorClass(),
              form(other),
              origin == null ? null : form(origin));
      members.computeIfAbsent(key, _ -> new ArrayList<>()).add(index);
    }
    if (members.isEmpty()) {
      throw new ProblemException(new FitProblem.NothingComparable(model.name(), target.name()));
    }
    leftOut = out;
    var whole = new LinkedHashMap<GroupKey, List<Integer>>();
    var parts = new TreeMap<Block, List<Group>>();
    members.forEach((key, indices) -> {
      whole.computeIfAbsent(key.everywhere(), _ -> new ArrayList<>()).addAll(indices);
      parts
          .computeIfAbsent(key.block(), _ -> new ArrayList<>())
          .add(group(table, columns, key, indices));
    });
    var groups = new ArrayList<Group>();
    whole.forEach((key, indices) -> groups.add(group(table, columns, key, indices)));
    total = new SquaredDistance(groups, variables.size(), columns, folding::at);
    parts.forEach((block, own) ->
        blocks.put(block, new SquaredDistance(own, variables.size(), columns, folding::at)));
    if (!Double.isFinite(total.scale())) {
      throw new ProblemException(new FitProblem.NotFinite(model.name(), target.name()));
    }
    if (total.scale() <= 0) {
      throw new ProblemException(
          new FitProblem.NoChange(target.name(), base.map(FoldedModel::name).orElse("0")));
    }
    checkObjective(model, target);
  }

  private record GroupKey(
      Block block, int tensorClass, LinearForm target, @Nullable LinearForm base) {
    GroupKey everywhere() {
      return new GroupKey(Block.BASE, tensorClass, target, base);
    }
  }

  private void checkObjective(FoldedModel model, FoldedModel target) {
    Value value = total.at(start());
    if (!Double.isFinite(value.square())) {
      throw new ProblemException(new FitProblem.NotFinite(model.name(), target.name()));
    }
    double largest = 0;
    for (int u = 0; u < variables.size(); u++) {
      largest = Math.max(largest, value.curvature()[u][u]);
    }
    if (largest <= 0) {
      throw new ProblemException(new FitProblem.ConstantObjective(model.name(), target.name()));
    }
  }

  private static Group group(
      InnerProductTable table, int[] columns, GroupKey key, List<Integer> indices) {
    int sources = table.sources().size();
    double[] target = coefficients(key.target(), columns, sources);
    double[] scale = target.clone();
    if (key.base() != null) {
      double[] base = coefficients(key.base(), columns, sources);
      for (int i = 0; i < sources; i++) {
        scale[i] -= base[i];
      }
    }
    int[] which = indices.stream().mapToInt(Integer::intValue).toArray();
    return new Group(key.tensorClass(), target, scale, table.summed(which));
  }

  private static double[] coefficients(LinearForm form, int[] columns, int sources) {
    var values = new double[sources];
    for (LinearForm.Term term : form.terms()) {
      if (term.operand() instanceof Operand.Source(int source)) {
        values[columns[source]] += term.coefficient().doubleValue();
      }
    }
    return values;
  }

  private static LinearForm form(FoldedTensor tensor) {
    if (tensor.formula() instanceof TensorFormula.Blend(LinearForm form)) {
      return form;
    }
    throw new IllegalArgumentException(tensor.key());
  }

  /** Whether a tensor is a sum of sources that the table holds. */
  private static boolean held(
      InnerProductTable table, int index, int[] columns, FoldedTensor tensor) {
    return tensor.formula() instanceof TensorFormula.Blend(LinearForm form)
        && form.terms().stream()
            .allMatch(term ->
                term.operand() instanceof Operand.Source(int source)
                    && columns[source] >= 0
                    && table.tensors().get(index).holders().contains(columns[source]));
  }

  /** The squared distance over everything that was chosen. */
  SquaredDistance objective() {
    return total;
  }

  private double[] start() {
    return variables.stream().mapToDouble(Variable::start).toArray();
  }

  /**
   * Finds the weights.
   *
   * @param round what weights are to be multiples of, such as 0.01: each in turn is rounded, that
   *     one first which costs least, and the others are fitted again
   */
  public Result fit(Optional<BigDecimal> round) {
    double[] low = variables.stream().mapToDouble(Variable::low).toArray();
    double[] high = variables.stream().mapToDouble(Variable::high).toArray();
    double[] start = start();
    Solution solution = new BoundedLeastSquares(total::at, low, high).solve(start);
    int evaluations = solution.evaluations();
    var grid = new WeightGrid(round);
    double[] point = solution.point();
    if (round.isPresent()) {
      evaluations += round(point, low.clone(), high.clone(), grid);
    }
    BigDecimal[] written = new BigDecimal[point.length];
    var read = new double[point.length];
    for (int u = 0; u < point.length; u++) {
      written[u] = grid.nearest(point[u], low[u], high[u]);
      read[u] = written[u].doubleValue();
    }
    Value before = total.at(start);
    Value after = total.at(read);
    boolean improved = after.square() < before.square();
    if (!improved) {
      after = before;
      read = start;
      for (int u = 0; u < start.length; u++) {
        written[u] = WeightGrid.decimal(start[u]);
      }
    }
    double[] play = play(after);
    var found = new ArrayList<Found>();
    for (int u = 0; u < written.length; u++) {
      found.add(new Found(variables.get(u).name(), written[u], play[u]));
    }
    var changes = new ArrayList<Change>();
    for (Map.Entry<Block, SquaredDistance> block : blocks.entrySet()) {
      if (block.getValue().scale() > 0) {
        changes.add(
            new Change(
                block.getKey(),
                block.getValue().at(start).distance(),
                block.getValue().at(read).distance()));
      }
    }
    return new Result(
        found,
        before.distance(),
        after.distance(),
        changes,
        undetermined(after),
        improved,
        evaluations,
        leftOut);
  }

  /** Rounds the weights of a point in place. */
  private int round(double[] point, double[] low, double[] high, WeightGrid grid) {
    int evaluations = 0;
    for (int done = 0; done < point.length; done++) {
      double[] play = play(total.at(point));
      int cheapest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int u = 0; u < point.length; u++) {
        double move = Math.abs(grid.nearest(point[u], low[u], high[u]).doubleValue() - point[u]);
        double cost = move == 0 ? 0 : move / play[u];
        if (low[u] < high[u] && (cheapest < 0 || cost < least)) {
          cheapest = u;
          least = cost;
        }
      }
      if (cheapest < 0) {
        break;
      }
      double rounded = grid.nearest(point[cheapest], low[cheapest], high[cheapest]).doubleValue();
      low[cheapest] = rounded;
      high[cheapest] = rounded;
      Solution rest = new BoundedLeastSquares(total::at, low, high).descend(point);
      evaluations += rest.evaluations();
      System.arraycopy(rest.point(), 0, point, 0, point.length);
    }
    return evaluations;
  }

  /** How far each weight may move, the others following, until the distance grows by 1 %. */
  private static double[] play(Value value) {
    double room = Math.max(value.square(), 1e-12) * (1.01 * 1.01 - 1) / 2;
    var undetermined = new Undetermined(value);
    return IntStream.range(0, value.gradient().length)
        .mapToDouble(unknown -> undetermined.play(unknown, room))
        .toArray();
  }

  private List<List<Part>> undetermined(Value value) {
    var combinations = new ArrayList<List<Part>>();
    for (double[] direction : new Undetermined(value).directions()) {
      var parts = new ArrayList<Part>();
      for (int u = 0; u < direction.length; u++) {
        if (direction[u] != 0) {
          parts.add(new Part(variables.get(u).name(), direction[u]));
        }
      }
      combinations.add(List.copyOf(parts));
    }
    return combinations;
  }
}
