package bmr.graph;

import bmr.graph.FoldedModel.FoldedTensor;
import bmr.model.TensorCatalog;
import bmr.model.Weight.Site;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The coefficients of a model's classes of tensors as functions of its unknowns: folded once with
 * odd numbers, which tells the classes apart; then again for each class and point.
 */
public final class GradientFolding {
  private final ModelGraph graph;
  private final int root;
  private final int[] order;
  private final List<? extends TensorCatalog> catalogs;
  private final Map<String, Integer> unknowns = new HashMap<>();
  private final Map<Integer, Representative> classes = new LinkedHashMap<>();

  /**
   * One tensor for its class.
   *
   * @param form what folding it with odd numbers gives
   * @param present indices of the sources that hold it
   * @param folds whether folding gives its formula; it does not for tensors that are never blended
   */
  private record Representative(LinearForm form, Site site, BitSet present, boolean folds) {}

  /**
   * Finds the classes.
   *
   * @param model the same node folded with odd numbers
   * @param unknowns names, in the order of the derivatives
   */
  public GradientFolding(
      ModelGraph graph,
      int root,
      FoldedModel model,
      List<? extends TensorCatalog> catalogs,
      List<String> unknowns) {
    this.graph = graph;
    this.root = root;
    this.order = graph.below(root);
    this.catalogs = catalogs;
    for (String name : unknowns) {
      this.unknowns.put(name, this.unknowns.size());
    }
    for (FoldedTensor tensor : model.tensors()) {
      if (tensor.formula() instanceof TensorFormula.Blend(LinearForm form)
          && isLinear(form)
          && !classes.containsKey(tensor.tensorClass())) {
        var site = new Site(model.architecture(), tensor.place(), tensor.key());
        BitSet present = present(tensor.key());
        boolean folds =
            ClassFolding.fold(graph, root, new ExactDecimals(), site, present)
                .form()
                .equals(Optional.of(form));
        classes.put(tensor.tensorClass(), new Representative(form, site, present, folds));
      }
    }
  }

  private static boolean isLinear(LinearForm form) {
    return form.terms().stream().allMatch(term -> term.operand() instanceof Operand.Source);
  }

  private BitSet present(String key) {
    var present = new BitSet();
    for (int source : graph.sourcesBelow(root)) {
      TensorInfo info = catalogs.get(source).tensors().get(key);
      present.set(source, info != null && !info.dtype().isInteger());
    }
    return present;
  }

  /** The classes that are linear in the sources, by {@link FoldedTensor#tensorClass}. */
  public List<Integer> classes() {
    return new ArrayList<>(classes.keySet());
  }

  /** The coefficients of a class at a point, by source; those that are always zero are left out. */
  public Map<Integer, Gradient> at(int tensorClass, double[] point) {
    Representative one = classes.get(tensorClass);
    if (one == null) {
      throw new IllegalArgumentException("class " + tensorClass);
    }
    var coefficients = new LinkedHashMap<Integer, Gradient>();
    if (!one.folds()) {
      for (LinearForm.Term term : one.form().terms()) {
        if (term.operand() instanceof Operand.Source(int source)) {
          coefficients.put(
              source, new Gradient(term.coefficient().doubleValue(), new double[point.length]));
        }
      }
      return coefficients;
    }
    var arithmetic = new Gradients(unknowns, point);
    Form<Gradient> form =
        ClassFolding.form(graph, root, order, arithmetic, one.site(), one.present())
            .orElseThrow(() -> new IllegalStateException("absent: " + one.site().key()));
    form.coefficients()
        .forEach((operand, coefficient) -> {
          if (operand instanceof Operand.Source(int source) && !arithmetic.isZero(coefficient)) {
            coefficients.put(source, coefficient);
          }
        });
    return coefficients;
  }
}
