package bmr.engine;

import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.Operand.Application;
import bmr.kernel.Kernel.Products;
import bmr.method.MergeMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Finds the coefficients of methods that need inner products over a whole tensor first: streams the
 * operands, the innermost calls first, one pass for each level of nesting.
 */
final class AfterProducts {
  /** The forms of a region, and what has been found for the calls in them. */
  static final class Call {
    final Region region;
    final List<LinearForm> forms;
    final List<List<Application>> levels;
    final IdentityHashMap<Application, double[]> coefficients = new IdentityHashMap<>();

    Call(Region region, List<LinearForm> forms, Workshop workshop) {
      this.region = region;
      this.forms = forms;
      this.levels = levels(forms, workshop);
    }

    /** Bytes of sources below the calls, which are read once more for the result. */
    long readTwice(Workshop workshop) {
      if (levels.isEmpty()) {
        return 0;
      }
      long bytes = 0;
      for (int source : Operands.sources(forms)) {
        Slot slot = region.slot(source, workshop.sources());
        bytes += slot.spanBytes(0, region.elements());
      }
      return bytes;
    }

    double[] coefficients(Application application) {
      return Objects.requireNonNull(coefficients.get(application));
    }
  }

  private static final long READ_AT_ONCE = 1L << 30;

  private AfterProducts() {}

  /**
   * Where a wave of tensors ends that is finished before the next begins: what must be read twice
   * still is in the system's cache the second time.
   *
   * @param calls per tensor and region
   */
  static int waveEnd(int from, List<List<Call>> calls, Workshop workshop) {
    long bytes = 0;
    for (int i = from; i < calls.size(); i++) {
      for (Call call : calls.get(i)) {
        bytes += call.readTwice(workshop);
      }
      if (bytes > READ_AT_ONCE) {
        return i + 1;
      }
    }
    return calls.size();
  }

  /** The forms of a tensor, region by region. */
  static List<Call> calls(FoldedTensor tensor, Workshop workshop) {
    var calls = new ArrayList<Call>();
    if (!Operands.forms(tensor.formula()).isEmpty() && tensor.shape().elements() > 0) {
      for (Region region : Region.of(tensor.key(), tensor.shape(), List.of(tensor.formula()))) {
        List<LinearForm> forms = List.of(region.form(tensor.formula()));
        calls.add(new Call(region, forms, workshop));
      }
    }
    return calls;
  }

  /** Such calls below some forms, by how many of them stand in line below each, innermost first. */
  private static List<List<Application>> levels(List<LinearForm> forms, Workshop workshop) {
    var levels = new ArrayList<List<Application>>();
    var levelOf = new IdentityHashMap<Operand, Integer>();
    for (Operand operand : Operands.inOrder(forms, Operands::forms)) {
      int level = 0;
      for (LinearForm form : Operands.forms(operand)) {
        for (LinearForm.Term term : form.terms()) {
          level = Math.max(level, levelOf.getOrDefault(term.operand(), 0));
        }
      }
      if (operand instanceof Application application
          && workshop.methods().apply(application.method().name())
              instanceof MergeMethod.AfterProducts) {
        if (level == levels.size()) {
          levels.add(new ArrayList<>());
        }
        levels.get(level).add(application);
        level++;
      }
      levelOf.put(operand, level);
    }
    return levels;
  }

  /** The memory that finding the coefficients takes at least. */
  static Budget.Need need(Call call, Workshop workshop) {
    Budget.Need need = Budget.Need.LEAST;
    for (List<Application> level : call.levels) {
      for (Application application : level) {
        need = need.max(reduction(call.region, application, workshop, Workshop::unknown).need());
      }
    }
    return need;
  }

  /** Finds the coefficients of all calls. */
  static void resolve(
      List<Call> calls, Workshop workshop, Budget budget, Crew crew, AtomicLong readBytes) {
    int deepest = calls.stream().mapToInt(call -> call.levels.size()).max().orElse(0);
    for (int level = 0; level < deepest; level++) {
      var reductions = new ArrayList<Reduction>();
      for (Call call : calls) {
        if (level < call.levels.size()) {
          for (Application application : call.levels.get(level)) {
            reductions.add(reduction(call.region, application, workshop, call::coefficients));
          }
        }
      }
      Reducing.run(reductions, workshop, budget, crew, readBytes, null);
      int next = 0;
      for (Call call : calls) {
        if (level < call.levels.size()) {
          for (Application application : call.levels.get(level)) {
            call.coefficients.put(
                application, coefficients(application, reductions.get(next++), workshop));
          }
        }
      }
    }
  }

  private static Reduction reduction(
      Region region,
      Application application,
      Workshop workshop,
      Function<Application, double[]> known) {
    var pairs = new ArrayList<Reduction.Pair>();
    int operands = application.operands().size();
    for (int left = 0; left < operands; left++) {
      for (int right = left; right < operands; right++) {
        if (left != right || operands == 1) {
          pairs.add(new Reduction.Pair(left, right));
        }
      }
    }
    BlockProgram program =
        Compiler.compile(
            region, application.operands(), workshop.sources(), workshop.methods(), known);
    return new Reduction(region, program, pairs);
  }

  private static double[] coefficients(
      Application application, Reduction reduction, Workshop workshop) {
    int operands = application.operands().size();
    var products = new double[operands][operands];
    List<Products> results = reduction.result();
    for (int i = 0; i < results.size(); i++) {
      Reduction.Pair pair = reduction.pairs.get(i);
      Products product = results.get(i);
      products[pair.left()][pair.left()] = product.leftLeft();
      products[pair.right()][pair.right()] = product.rightRight();
      products[pair.left()][pair.right()] = product.leftRight();
      products[pair.right()][pair.left()] = product.leftRight();
    }
    double[] parameters =
        application.parameters().stream().mapToDouble(BigDecimal::doubleValue).toArray();
    var method = (MergeMethod.AfterProducts) workshop.methods().apply(application.method().name());
    double[] coefficients = method.coefficients(products, parameters);
    if (coefficients.length != operands) {
      throw new IllegalStateException("one coefficient per operand");
    }
    return coefficients;
  }
}
