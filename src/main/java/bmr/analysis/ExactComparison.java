package bmr.analysis;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Progress;
import bmr.model.BlockMap;
import bmr.model.Component;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Whether two files hold the same model, element by element and not by their figures. */
public final class ExactComparison {
  /** How alike two tensors, or all tensors of a component, are. */
  public enum Likeness {
    /** The same type and the same bytes. */
    IDENTICAL,
    /** No element further apart than 1 ulp of the narrower type. */
    ROUNDED,
    DIFFERENT
  }

  /**
   * What was found of a component.
   *
   * @param component empty for tensors of none
   * @param tensors that both files have
   * @param rounded how many of them are {@link Likeness#ROUNDED}
   * @param different how many of them are {@link Likeness#DIFFERENT}
   */
  public record Finding(
      Optional<Component> component,
      int tensors,
      int rounded,
      int different,
      int onlyLeft,
      int onlyRight) {
    /** Of the component as a whole. */
    public Likeness likeness() {
      return different + onlyLeft + onlyRight > 0
          ? Likeness.DIFFERENT
          : rounded > 0 ? Likeness.ROUNDED : Likeness.IDENTICAL;
    }
  }

  private static final int ELEMENTS = 1 << 16;

  private final Checkpoint left;
  private final Checkpoint right;
  private final Progress progress;
  private final BooleanSupplier cancelled;
  private final ByteBuffer leftBytes = buffer();
  private final ByteBuffer rightBytes = buffer();
  private long done;

  private ExactComparison(
      Checkpoint left, Checkpoint right, Progress progress, BooleanSupplier cancelled) {
    this.left = left;
    this.right = right;
    this.progress = progress;
    this.cancelled = cancelled;
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(ELEMENTS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Compares two files, a chunk of each in memory at a time.
   *
   * @param progress told bytes of the first file
   * @return what was found of the components that one of them has, those of none last
   * @throws ProblemException with a RunProblem where one cannot be read
   */
  public static List<Finding> compare(
      Checkpoint left, Checkpoint right, Progress progress, BooleanSupplier cancelled) {
    return new ExactComparison(left, right, progress, cancelled).findings();
  }

  private List<Finding> findings() {
    var components = new ArrayList<Optional<Component>>();
    for (Component component : Component.values()) {
      components.add(Optional.of(component));
    }
    components.add(Optional.empty());
    var keys = new TreeSet<String>(left.stored().keySet());
    keys.addAll(right.stored().keySet());
    var findings = new ArrayList<Finding>();
    for (Optional<Component> component : components) {
      List<String> own = keys.stream().filter(key -> component(key).equals(component)).toList();
      if (!own.isEmpty()) {
        findings.add(finding(component, own));
      }
    }
    return findings;
  }

  private Optional<Component> component(String key) {
    Checkpoint holder = left.stored().containsKey(key) ? left : right;
    Part part = BlockMap.standard().place(holder.architecture(), key).part();
    return Component.of(part, key);
  }

  private Finding finding(Optional<Component> component, List<String> keys) {
    int both = 0;
    int rounded = 0;
    int different = 0;
    int onlyLeft = 0;
    int onlyRight = 0;
    for (String key : keys) {
      StoredTensor a = left.stored().get(key);
      StoredTensor b = right.stored().get(key);
      if (a == null) {
        onlyRight++;
        continue;
      }
      if (b == null) {
        onlyLeft++;
        continue;
      }
      both++;
      switch (likeness(a, b)) {
        case IDENTICAL -> {}
        case ROUNDED -> rounded++;
        case DIFFERENT -> different++;
      }
    }
    return new Finding(component, both, rounded, different, onlyLeft, onlyRight);
  }

  private Likeness likeness(StoredTensor a, StoredTensor b) {
    TensorInfo one = a.info();
    TensorInfo two = b.info();
    boolean alike = one.dtype() == two.dtype();
    if (!one.shape().sameButForTrailingOnes(two.shape())) {
      return Likeness.DIFFERENT;
    }
    boolean decoded = ElementValues.knows(one.dtype()) && ElementValues.knows(two.dtype());
    if (!alike && !decoded) {
      return Likeness.DIFFERENT;
    }
    // types of less than a byte are packed, so they are compared by bytes
    boolean byBytes = alike && !decoded;
    long count = byBytes ? one.bytes() : one.elements();
    Likeness worst = alike ? Likeness.IDENTICAL : Likeness.ROUNDED;
    for (long from = 0; from < count && worst != Likeness.DIFFERENT; from += ELEMENTS) {
      int n = (int) Math.min(ELEMENTS, count - from);
      fill(left, leftBytes, a, from, n, byBytes);
      fill(right, rightBytes, b, from, n, byBytes);
      if (alike && leftBytes.equals(rightBytes)) {
        continue;
      }
      worst = byBytes || !near(one.dtype(), two.dtype(), n) ? Likeness.DIFFERENT : Likeness.ROUNDED;
    }
    done += one.bytes();
    progress.made(Math.min(done, left.size()), left.size());
    return worst;
  }

  private void fill(
      Checkpoint file, ByteBuffer bytes, StoredTensor tensor, long from, int n, boolean byBytes) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException();
    }
    int width = byBytes ? 1 : tensor.info().dtype().bits() / Byte.SIZE;
    bytes.clear().limit(n * width);
    try {
      file.read(bytes, tensor.position() + from * width);
    } catch (IOException e) {
      throw new ProblemException(
          new RunProblem.SourceUnreadable(file.path(), String.valueOf(e.getMessage())));
    }
    bytes.flip();
  }

  /** Whether no element differs by more than 1 ulp of the narrower type. */
  private boolean near(DType one, DType two, int n) {
    for (int i = 0; i < n; i++) {
      double a = ElementValues.value(one, leftBytes, i);
      double b = ElementValues.value(two, rightBytes, i);
      if (a != b && !(Double.isNaN(a) && Double.isNaN(b))) {
        double ulp = Math.max(ElementValues.ulp(one, a, b), ElementValues.ulp(two, a, b));
        // not <=: a difference of infinities is no number
        if (!(Math.abs(a - b) <= ulp)) {
          return false;
        }
      }
    }
    return true;
  }
}
