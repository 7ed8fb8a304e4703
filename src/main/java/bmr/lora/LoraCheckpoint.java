package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.lora.ModuleNames.Target;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA's file as the differences that it makes of a model's tensors: under the model's keys, in
 * the model's shapes, in F32. A tensor that the LoRA does not change is absent. Values are computed
 * when they are read, each in double precision and rounded once; positions are addresses of this
 * checkpoint's own and not of the file.
 */
public final class LoraCheckpoint implements Checkpoint {
  /** Numbers of factors that are kept for the next read. */
  private static final long MOST_HELD = 1L << 22;

  private static final int BYTES = Float.BYTES;

  /** Some rows of a tensor. */
  private record Piece(String module, LoraModule source, boolean bias, int firstRow, int rows) {}

  private record Delta(TensorInfo info, int rows, int columns, List<Piece> pieces) {}

  private final String name;
  private final Checkpoint file;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final TreeMap<Long, Delta> deltas = new TreeMap<>();
  private final List<String> unused = new ArrayList<>();
  private final List<String> misfits = new ArrayList<>();
  private final List<String> dora = new ArrayList<>();
  private final SequencedMap<Piece, Change> held = new LinkedHashMap<>();
  private int modules;

  private final @Nullable Checkpoint under;

  private LoraCheckpoint(String name, Checkpoint file, @Nullable Checkpoint under) {
    this.name = name;
    this.file = file;
    this.under = under;
  }

  /**
   * The differences that a LoRA makes of a model. Takes over the file.
   *
   * @param name what plans call it
   * @param base the model's tensors by canonical key
   */
  public static LoraCheckpoint of(String name, Checkpoint file, Map<String, TensorInfo> base) {
    return of(name, file, base, Optional.empty());
  }

  /**
   * The same, for a LoRA that may be a DoRA.
   *
   * @param under the model that it is applied to; stays the caller's. Without it, modules of DoRA
   *     are not used
   */
  public static LoraCheckpoint of(
      String name, Checkpoint file, Map<String, TensorInfo> base, Optional<Checkpoint> under) {
    LoraCheckpoint lora = new LoraCheckpoint(name, file, under.orElse(null));
    lora.match(base);
    return lora;
  }

  /** Whether a DoRA's module can be applied to the model that stands before it. */
  private boolean applies(LoraModule module, Target target, Map<String, TensorInfo> base) {
    TensorInfo like = base.get(target.weight());
    StoredTensor weight = under == null ? null : under.stored().get(target.weight());
    return like != null
        && weight != null
        && weight.info().dtype().isFloat()
        && weight.info().shape().equals(like.shape())
        && like.shape().rank() >= 2
        && module.doraFits(
            like.shape().dimension(0) / target.parts() * target.span(), like.shape().dimension(1));
  }

  private void match(Map<String, TensorInfo> base) {
    Map<String, LoraModule> found = new LinkedHashMap<>();
    for (StoredTensor tensor : file.stored().values()) {
      LoraKey.of(tensor.storedKey())
          .ifPresent(key ->
              found.computeIfAbsent(key.module(), _ -> new LoraModule()).put(key.role(), tensor));
    }
    modules = found.size();
    ModuleNames names = new ModuleNames(base.keySet());
    Map<String, List<Piece>> pieces = new LinkedHashMap<>();
    found.forEach((module, tensorsOf) -> {
      Optional<Target> target = names.target(module);
      if (target.isEmpty()) {
        unused.add(module);
      } else if (tensorsOf.isDora() && !applies(tensorsOf, target.get(), base)) {
        dora.add(module);
      } else if (!place(module, tensorsOf, target.get(), base, pieces)) {
        misfits.add(module);
      }
    });
    long position = 0;
    for (Map.Entry<String, List<Piece>> entry : pieces.entrySet()) {
      TensorInfo like = base.get(entry.getKey());
      if (like == null) {
        continue;
      }
      TensorInfo info = new TensorInfo(entry.getKey(), DType.F32, like.shape());
      Delta delta =
          new Delta(info, rows(like.shape()), columns(like.shape()), List.copyOf(entry.getValue()));
      deltas.put(position, delta);
      stored.put(info.key(), new StoredTensor(info.key(), info, position));
      tensors.put(info.key(), info);
      position += info.bytes();
    }
  }

  /** Adds what a module changes; false where it does not fit the model. */
  private static boolean place(
      String module,
      LoraModule tensors,
      Target target,
      Map<String, TensorInfo> base,
      Map<String, List<Piece>> pieces) {
    List<Piece> own = new ArrayList<>();
    for (boolean bias : new boolean[] {false, true}) {
      if (!(bias ? tensors.hasBias() : tensors.hasWeight())) {
        continue;
      }
      TensorInfo info = base.get(bias ? target.bias() : target.weight());
      if (info == null || info.elements() > Integer.MAX_VALUE || info.elements() == 0) {
        return false;
      }
      long all = rows(info.shape());
      long unit = all / target.parts();
      long rows = unit * target.span();
      long elements = info.elements() / target.parts() * target.span();
      boolean fits =
          bias
              ? tensors.biasFits(elements)
              : unit * target.parts() == all && tensors.fits(rows, elements / rows);
      if (!fits) {
        return false;
      }
      own.add(
          new Piece(
              module, tensors, bias, Math.toIntExact(target.part() * unit), Math.toIntExact(rows)));
    }
    if (own.isEmpty()) {
      return false;
    }
    for (Piece piece : own) {
      String key = piece.bias() ? target.bias() : target.weight();
      pieces.computeIfAbsent(key, _ -> new ArrayList<>()).add(piece);
    }
    return true;
  }

  private static int rows(Shape shape) {
    return shape.rank() < 1 ? 1 : Math.toIntExact(shape.dimension(0));
  }

  private static int columns(Shape shape) {
    return Math.toIntExact(shape.elements() / Math.max(1, rows(shape)));
  }

  /** How many modules the file has. */
  public int modules() {
    return modules;
  }

  /** How many of them change a tensor of the model. */
  public int used() {
    return modules - unused.size() - misfits.size() - dora.size();
  }

  /** Modules that the model does not have, in the order of the file. */
  public List<String> unused() {
    return Collections.unmodifiableList(unused);
  }

  /** Modules that the model has in other shapes, or of a kind that is not known. */
  public List<String> misfits() {
    return Collections.unmodifiableList(misfits);
  }

  /** Modules that are no differences because they normalize by the model's weights. */
  public List<String> dora() {
    return Collections.unmodifiableList(dora);
  }

  /**
   * The architecture that a LoRA of Stable Diffusion or Flux was made for, by the width of its
   * cross-attention and the names of its modules; empty where it does not tell.
   */
  public Optional<Architecture> madeFor() {
    return LoraOrigin.of(file.stored().values());
  }

  /** The kind of the file where it has modules of a kind that is refused, such as OFT. */
  public Optional<String> refusedKind() {
    return file.stored().keySet().stream()
        .flatMap(key -> LoraKey.otherKind(key).stream())
        .findFirst();
  }

  /** Whether the file numbers its modules and does not name them. */
  public boolean isNumbered() {
    return modules == 0
        && file.stored().keySet().stream().anyMatch(key -> key.matches("unet:\\d+:(up|down)"));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long size() {
    return file.size();
  }

  /** Any model's: what it fits was decided when it was opened. */
  @Override
  public Architecture architecture() {
    return Architecture.UNKNOWN;
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return Collections.unmodifiableSequencedMap(stored);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    ByteBuffer out = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    long at = position;
    while (out.hasRemaining()) {
      Map.Entry<Long, Delta> entry = deltas.floorEntry(at);
      if (entry == null || at >= entry.getKey() + entry.getValue().info().bytes()) {
        throw new IOException("nothing is at this position");
      }
      long offset = at - entry.getKey();
      int before = out.remaining();
      fill(out, entry.getValue(), offset);
      at += before - out.remaining();
    }
    target.position(target.limit());
  }

  /** Fills the buffer from some byte of a tensor, up to its end at most. */
  private void fill(ByteBuffer out, Delta delta, long offset) throws IOException {
    double[] row = new double[delta.columns()];
    byte[] bytes = new byte[delta.columns() * BYTES];
    ByteBuffer encoded = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] sum = new double[delta.columns()];
    int number = Math.toIntExact(offset / bytes.length);
    int skip = Math.toIntExact(offset % bytes.length);
    while (out.hasRemaining() && number < delta.rows()) {
      java.util.Arrays.fill(sum, 0);
      for (Piece piece : delta.pieces()) {
        int inside = number - piece.firstRow();
        if (inside >= 0 && inside < piece.rows()) {
          change(piece, delta).row(inside, row);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += row[i];
          }
        }
      }
      for (int i = 0; i < sum.length; i++) {
        encoded.putFloat(i * BYTES, (float) sum[i]);
      }
      int count = Math.min(out.remaining(), bytes.length - skip);
      out.put(bytes, skip, count);
      skip = 0;
      number++;
    }
  }

  /** The change of a piece, from those that are kept or read anew. */
  private Change change(Piece piece, Delta delta) throws IOException {
    synchronized (held) {
      Change known = held.get(piece);
      if (known != null) {
        return known;
      }
    }
    Change change =
        piece.bias()
            ? piece.source().bias(file)
            : piece.source().weight(file, piece.rows(), delta.columns());
    StoredTensor weight = under == null ? null : under.stored().get(delta.info().key());
    if (!piece.bias() && piece.source().isDora() && under != null && weight != null) {
      change = piece.source().dora(file, change, under, weight, piece.firstRow());
    }
    synchronized (held) {
      held.put(piece, change);
      long sum = held.values().stream().mapToLong(Change::held).sum();
      while (sum > MOST_HELD && held.size() > 1) {
        sum -= held.pollFirstEntry().getValue().held();
      }
    }
    return change;
  }

  @Override
  public void close() {
    file.close();
  }
}
