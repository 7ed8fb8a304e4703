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
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights with which a recipe comes closest to a target, from a table of inner products
 * alone (docs/fit.md).
 */
public final class WeightFitting {
  /** Digits behind the point of a weight that is not rounded otherwise. */
  private static final int DIGITS = 7;

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

  /** The distance in a block with the weights of the start, and with those that were found. */
  public record Change(Block block, double before, double after) {}

  /**
   * What was found.
   *
   * @param improved false where nothing better than the start was found: then it is the start
   * @param undetermined weights that the target cannot tell apart, in groups
   * @param leftOut tensors left out, because they are no sums of sources or not in both models
   */
  public record Result(
      List<Found> weights,
      double before,
      double after,
      List<Change> blocks,
      List<List<String>> undetermined,
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
    double[] point = solution.point();
    if (round.isPresent()) {
      evaluations += round(point, low.clone(), high.clone(), round.get().doubleValue());
    }
    BigDecimal[] written = new BigDecimal[point.length];
    var read = new double[point.length];
    for (int u = 0; u < point.length; u++) {
      written[u] = decimal(point[u], round);
      read[u] = written[u].doubleValue();
    }
    Value before = total.at(start);
    Value after = total.at(read);
    boolean improved = after.square() < before.square();
    if (!improved) {
      after = before;
      read = start;
      for (int u = 0; u < start.length; u++) {
        written[u] = new BigDecimal(Double.toString(start[u])).stripTrailingZeros();
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

  private static BigDecimal decimal(double value, Optional<BigDecimal> round) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal written =
        round.isPresent()
            ? exact.divide(round.get(), 0, RoundingMode.HALF_EVEN).multiply(round.get())
            : exact.setScale(DIGITS, RoundingMode.HALF_EVEN);
    return written.signum() == 0 ? BigDecimal.ZERO : written.stripTrailingZeros();
  }

  /** Rounds the weights of a point in place; bounds that leave no multiple are kept. */
  private int round(double[] point, double[] low, double[] high, double unit) {
    int evaluations = 0;
    for (int done = 0; done < point.length; done++) {
      double[] play = play(total.at(point));
      int cheapest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int u = 0; u < point.length; u++) {
        double move = Math.abs(Math.rint(point[u] / unit) * unit - point[u]);
        double cost = move == 0 ? 0 : move / play[u];
        if (low[u] < high[u] && (cheapest < 0 || cost < least)) {
          cheapest = u;
          least = cost;
        }
      }
      if (cheapest < 0) {
        break;
      }
      double rounded = Math.rint(point[cheapest] / unit) * unit;
      if (rounded < low[cheapest] || rounded > high[cheapest]) {
        rounded = Math.clamp(rounded, low[cheapest], high[cheapest]);
      }
      low[cheapest] = rounded;
      high[cheapest] = rounded;
      Solution rest = new BoundedLeastSquares(total::at, low, high).descend(point);
      evaluations += rest.evaluations();
      System.arraycopy(rest.point(), 0, point, 0, point.length);
    }
    return evaluations;
  }

  /** From Δ(d²/2) = Δw² / (2·(H⁻¹)ᵢᵢ), where H is the Gauss-Newton matrix of d²/2. */
  private double[] play(Value value) {
    int size = variables.size();
    double room = Math.max(value.square(), 1e-12) * (1.01 * 1.01 - 1) / 2;
    var play = new double[size];
    SymmetricMatrix.Eigen eigen = scaledEigen(value);
    for (int u = 0; u < size; u++) {
      double scale = Math.sqrt(value.curvature()[u][u]);
      double inverse = 0;
      for (int k = 0; k < size; k++) {
        double part = eigen.vectors()[u][k] * eigen.vectors()[u][k];
        if (isNull(eigen.values()[k])) {
          inverse += part > 1e-6 ? Double.POSITIVE_INFINITY : 0;
        } else {
          inverse += part / eigen.values()[k];
        }
      }
      play[u] = scale == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(2 * room * inverse) / scale;
    }
    return play;
  }

  private static boolean isNull(double eigenvalue) {
    return eigenvalue < 1e-11;
  }

  /** Of the curvature scaled to ones on the diagonal, so that units do not matter. */
  private static SymmetricMatrix.Eigen scaledEigen(Value value) {
    double[][] curvature = value.curvature();
    int size = curvature.length;
    var scaled = new double[size][size];
    for (int u = 0; u < size; u++) {
      for (int v = 0; v < size; v++) {
        double both = Math.sqrt(curvature[u][u] * curvature[v][v]);
        scaled[u][v] = both == 0 ? 0 : curvature[u][v] / both;
      }
    }
    return SymmetricMatrix.eigen(scaled);
  }

  private List<List<String>> undetermined(Value value) {
    SymmetricMatrix.Eigen eigen = scaledEigen(value);
    var groups = new ArrayList<List<String>>();
    for (int k = 0; k < eigen.values().length; k++) {
      if (isNull(eigen.values()[k])) {
        var names = new ArrayList<String>();
        for (int u = 0; u < variables.size(); u++) {
          if (Math.abs(eigen.vectors()[u][k]) > 1e-3) {
            names.add(variables.get(u).name());
          }
        }
        if (!groups.contains(names)) {
          groups.add(names);
        }
      }
    }
    return groups;
  }
}
