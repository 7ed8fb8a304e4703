package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.engine.BlockProgram.Step;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.Operand.Application;
import bmr.method.MergeMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Turns forms into a {@link BlockProgram}. Iterative, because nested calls are as deep as scripts
 * make them; an operand object that occurs several times is computed once; registers are reused as
 * soon as their last reader is done.
 */
final class Compiler {
  private final Region region;
  private final List<Checkpoint> sources;
  private final Function<String, MergeMethod> methods;
  private final Function<Application, double[]> coefficients;

  private final List<Slot> slots = new ArrayList<>();
  private final Map<Integer, Integer> slotOfSource = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final IdentityHashMap<Operand, Integer> registerOf = new IdentityHashMap<>();
  private final IdentityHashMap<Operand, Integer> uses = new IdentityHashMap<>();
  private final List<Integer> references = new ArrayList<>();
  private final BitSet taken = new BitSet();

  private Compiler(
      Region region,
      List<Checkpoint> sources,
      Function<String, MergeMethod> methods,
      Function<Application, double[]> coefficients) {
    this.region = region;
    this.sources = sources;
    this.methods = methods;
    this.coefficients = coefficients;
  }

  /**
   * Compiles forms for a region.
   *
   * @param coefficients of the methods that need inner products, which must be known by now; those
   *     that are exactly 0 keep their operand from being computed
   */
  static BlockProgram compile(
      Region region,
      List<LinearForm> forms,
      List<Checkpoint> sources,
      Function<String, MergeMethod> methods,
      Function<Application, double[]> coefficients) {
    var compiler = new Compiler(region, sources, methods, coefficients);
    List<Operand> order = Operands.inOrder(forms, compiler::needed);
    compiler.count(forms);
    order.forEach(operand -> compiler.count(compiler.needed(operand)));
    for (Operand operand : order) {
      compiler.compute(operand);
    }
    var roots = new ArrayList<Integer>();
    for (LinearForm form : forms) {
      roots.add(compiler.value(form));
    }
    return new BlockProgram(compiler.slots, compiler.steps, roots, compiler.references.size());
  }

  /** The forms of an operand that its value depends on. */
  private List<LinearForm> needed(Operand operand) {
    if (operand instanceof Application application && afterProducts(application)) {
      double[] known = known(application);
      var needed = new ArrayList<LinearForm>();
      for (int i = 0; i < known.length; i++) {
        if (known[i] != 0) {
          needed.add(application.operands().get(i));
        }
      }
      return needed;
    }
    return Operands.forms(operand);
  }

  private boolean afterProducts(Application application) {
    return method(application) instanceof MergeMethod.AfterProducts;
  }

  private MergeMethod method(Application application) {
    return methods.apply(application.method().name());
  }

  private double[] known(Application application) {
    return coefficients.apply(application);
  }

  private void count(List<LinearForm> forms) {
    for (LinearForm form : forms) {
      for (LinearForm.Term term : form.terms()) {
        uses.merge(term.operand(), 1, Integer::sum);
      }
    }
  }

  private void compute(Operand operand) {
    int register =
        switch (operand) {
          case Operand.Source source -> throw new IllegalStateException("sources are read");
          case Operand.Rounded rounded -> {
            int value = own(value(rounded.value()));
            steps.add(new Step.Round(rounded.dtype(), value));
            yield value;
          }
          case Application application ->
              switch (method(application)) {
                case MergeMethod.Pointwise pointwise -> apply(pointwise, application);
                case MergeMethod.AfterProducts after -> combine(application);
              };
        };
    // the value comes with one reference, which stands for the first use
    references.set(register, references.get(register) + uses(operand) - 1);
    registerOf.put(operand, register);
  }

  private int uses(Operand operand) {
    return Objects.requireNonNull(uses.get(operand));
  }

  private int apply(MergeMethod.Pointwise method, Application application) {
    var operands = new ArrayList<Integer>();
    for (LinearForm form : application.operands()) {
      operands.add(value(form));
    }
    int result = take();
    var parameters = application.parameters().stream().map(BigDecimal::doubleValue).toList();
    steps.add(new Step.Apply(method, operands, parameters, result));
    operands.forEach(this::release);
    return result;
  }

  /** A method that has become linear by its inner products. */
  private int combine(Application application) {
    double[] known = known(application);
    int only = -1;
    int count = 0;
    for (int i = 0; i < known.length; i++) {
      if (known[i] != 0) {
        only = i;
        count++;
      }
    }
    if (count == 1 && known[only] == 1) {
      return value(application.operands().get(only));
    }
    int result = -1;
    for (int i = 0; i < known.length; i++) {
      if (known[i] != 0) {
        int operand = value(application.operands().get(i));
        boolean set = result < 0;
        result = set ? take() : result;
        steps.add(new Step.FromRegister(operand, known[i], set, result));
        release(operand);
      }
    }
    if (result < 0) {
      result = take();
      steps.add(new Step.Clear(result));
    }
    return result;
  }

  /** A register with the form's value and one reference to it that belongs to the caller. */
  private int value(LinearForm form) {
    if (form.isCopy() && !(form.terms().getFirst().operand() instanceof Operand.Source)) {
      return register(form.terms().getFirst().operand());
    }
    int result = take();
    boolean set = true;
    for (LinearForm.Term term : form.terms()) {
      double c = term.coefficient().doubleValue();
      if (term.operand() instanceof Operand.Source(int index)) {
        steps.add(new Step.FromSource(slot(index), c, set, result));
      } else {
        int operand = register(term.operand());
        steps.add(new Step.FromRegister(operand, c, set, result));
        release(operand);
      }
      set = false;
    }
    if (set) {
      steps.add(new Step.Clear(result));
    }
    return result;
  }

  private int register(Operand operand) {
    return Objects.requireNonNull(registerOf.get(operand));
  }

  private int slot(int source) {
    return slotOfSource.computeIfAbsent(
        source,
        index -> {
          slots.add(region.slot(index, sources));
          return slots.size() - 1;
        });
  }

  /** The same value in a register that nobody else reads. */
  private int own(int register) {
    if (references.get(register) == 1) {
      return register;
    }
    int copy = take();
    steps.add(new Step.FromRegister(register, 1, true, copy));
    release(register);
    return copy;
  }

  private int take() {
    int free = taken.nextClearBit(0);
    taken.set(free);
    if (free == references.size()) {
      references.add(0);
    }
    references.set(free, 1);
    return free;
  }

  private void release(int register) {
    int left = references.get(register) - 1;
    references.set(register, left);
    if (left == 0) {
      taken.clear(register);
    }
  }
}
