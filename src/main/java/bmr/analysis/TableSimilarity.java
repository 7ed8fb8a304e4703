package bmr.analysis;

import bmr.analysis.InnerProductTable.Tensor;
import bmr.analysis.ModelComparison.Compared;
import bmr.engine.InnerProducts.Comparand;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel.Products;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares models by a table of inner products of their sources. Tensors that are not linear in the
 * sources, or that the table does not hold for all of them, are streamed.
 */
public final class TableSimilarity {
  private final InnerProductTable table;
  private final int[] columns;
  private final Similarity.Streaming streaming;
  private final Map<String, Integer> byKey = new HashMap<>();
  private final List<Set<Integer>> holders = new ArrayList<>();
  private final IdentityHashMap<TensorFormula, double[]> coefficients = new IdentityHashMap<>();

  /**
   * @param columns per source of the models its index in the table, or -1
   * @param streaming computes what the table does not tell
   */
  TableSimilarity(InnerProductTable table, int[] columns, Similarity.Streaming streaming) {
    this.table = table;
    this.columns = columns.clone();
    this.streaming = streaming;
    for (int i = 0; i < table.tensors().size(); i++) {
      Tensor tensor = table.tensors().get(i);
      byKey.put(tensor.key(), i);
      holders.add(new HashSet<>(tensor.holders()));
    }
  }

  /** The sources of which some models are linear combinations, in some tensor at least. */
  public static Set<Integer> linearSources(List<FoldedModel> models) {
    var sources = new TreeSet<Integer>();
    for (FoldedModel model : models) {
      for (FoldedTensor tensor : model.tensors()) {
        if (tensor.formula() instanceof TensorFormula.Blend(LinearForm form) && isLinear(form)) {
          sources.addAll(form.sources());
        }
      }
    }
    return sources;
  }

  private static boolean isLinear(LinearForm form) {
    return form.terms().stream().allMatch(term -> term.operand() instanceof Operand.Source);
  }

  /**
   * Compares two models, or three for measures relative to a base.
   *
   * @param base folded over the same sources; tensors that it lacks have no relative measures, and
   *     are left out of them
   */
  public ModelComparison compare(
      FoldedModel model, FoldedModel target, Optional<FoldedModel> base) {
    Map<String, FoldedTensor> lefts = Similarity.blended(model);
    Map<String, FoldedTensor> rights = Similarity.blended(target);
    Map<String, FoldedTensor> bases = base.map(Similarity::blended).orElse(new LinkedHashMap<>());
    var figures = new LinkedHashMap<String, @Nullable Figures>();
    var streamed = new ArrayList<FoldedTensor>();
    for (FoldedTensor right : rights.values()) {
      FoldedTensor left = lefts.get(right.key());
      if (left == null || !left.shape().sameButForTrailingOnes(right.shape())) {
        continue;
      }
      FoldedTensor origin = origin(bases, right);
      Figures known = fromTable(left, right, origin);
      figures.put(right.key(), known);
      if (known == null) {
        streamed.add(right);
      }
    }
    stream(streamed, lefts, bases, figures);
    var tensors = new ArrayList<Compared>();
    figures.forEach((key, value) -> {
      FoldedTensor right = rights.get(key);
      if (value != null && right != null) {
        tensors.add(new Compared(key, right.place(), value));
      }
    });
    return new ModelComparison(
        model.name(),
        target.name(),
        tensors,
        streamed.size(),
        lefts.size() - tensors.size(),
        rights.size() - tensors.size());
  }

  private static @Nullable FoldedTensor origin(
      Map<String, FoldedTensor> bases, FoldedTensor tensor) {
    FoldedTensor base = bases.get(tensor.key());
    return base != null && base.shape().sameButForTrailingOnes(tensor.shape()) ? base : null;
  }

  private @Nullable Figures fromTable(
      FoldedTensor left, FoldedTensor right, @Nullable FoldedTensor base) {
    Integer index = byKey.get(right.key());
    if (index == null) {
      return null;
    }
    double[] a = coefficients(left, index);
    double[] b = coefficients(right, index);
    double[] o = base == null ? null : coefficients(base, index);
    if (a == null || b == null || base != null && o == null) {
      return null;
    }
    double[] between = minus(a, b);
    double distance = distance(index, between);
    var plain =
        new Products(
            table.product(index, a, a),
            table.product(index, a, b),
            table.product(index, b, b),
            distance);
    Optional<Products> relative = Optional.empty();
    if (o != null) {
      double[] ownLeft = minus(a, o);
      double[] ownRight = minus(b, o);
      relative =
          Optional.of(
              new Products(
                  distance(index, ownLeft),
                  table.product(index, ownLeft, ownRight),
                  distance(index, ownRight),
                  distance));
    }
    long elements = table.tensors().get(index).elements();
    return Figures.of(elements, table.sum(index, a), table.sum(index, b), plain, relative);
  }

  /** A squared length, which rounding must not make negative. */
  private double distance(int index, double[] difference) {
    double square = table.product(index, difference, difference);
    return square < 0 ? 0 : square;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private double @Nullable [] coefficients(FoldedTensor tensor, int index) {
    if (!(tensor.formula() instanceof TensorFormula.Blend(LinearForm form)) || !isLinear(form)) {
      return null;
    }
    for (LinearForm.Term term : form.terms()) {
      if (term.operand() instanceof Operand.Source(int source)
          && (columns[source] < 0 || !holders.get(index).contains(columns[source]))) {
        return null;
      }
    }
    return coefficients.computeIfAbsent(
        tensor.formula(),
        formula -> {
          var values = new double[table.sources().size()];
          for (LinearForm.Term term : form.terms()) {
            if (term.operand() instanceof Operand.Source(int source)) {
              values[columns[source]] += term.coefficient().doubleValue();
            }
          }
          return values;
        });
  }

  private void stream(
      List<FoldedTensor> tensors,
      Map<String, FoldedTensor> lefts,
      Map<String, FoldedTensor> bases,
      Map<String, @Nullable Figures> figures) {
    var comparands = new ArrayList<Comparand>();
    for (FoldedTensor right : tensors) {
      FoldedTensor left = lefts.get(right.key());
      if (left == null) {
        continue;
      }
      FoldedTensor base = origin(bases, right);
      comparands.add(
          new Comparand(right.key(), right.shape(), List.of(left.formula()), right.formula()));
      if (base != null) {
        comparands.add(
            new Comparand(
                right.key(),
                right.shape(),
                List.of(FormulaDifference.of(left.formula(), base.formula())),
                FormulaDifference.of(right.formula(), base.formula())));
      }
    }
    if (comparands.isEmpty()) {
      return;
    }
    List<List<Products>> products = streaming.products(comparands);
    int next = 0;
    for (FoldedTensor right : tensors) {
      Products plain = products.get(next++).getFirst();
      Optional<Products> relative =
          origin(bases, right) == null
              ? Optional.empty()
              : Optional.of(products.get(next++).getFirst());
      figures.put(
          right.key(),
          Figures.of(right.shape().elements(), Double.NaN, Double.NaN, plain, relative));
    }
  }
}
