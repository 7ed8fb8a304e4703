package bmr.checkpoint.pickle;

import bmr.checkpoint.pickle.PickleValue.Storage;
import bmr.checkpoint.pickle.PickleValue.Tensor;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.Visible;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The tensors of a PyTorch file. Those that lie in the file as their shape says are read from
 * there; the others have addresses behind the end of the file and are put together when they are
 * read. Safe for use by many threads.
 */
public final class TorchTensors implements AutoCloseable {
  /** So many bytes of a file's beginning decide whether it is one of PyTorch's. */
  public static final int BEGINNING = 9;

  /** More than this, and more than its storage has, are the elements of no real tensor. */
  private static final long MOST_REPEATED = 1 << 24;

  private static final long ALIGNMENT = 4096;

  private static final long HEAP_PIECE = 1 << 20;

  /** Between the file and the first address behind it, so that no read covers both. */
  private static final long DISTANCE = 1 << 20;

  /** A tensor and its address. */
  public record Addressed(TensorInfo info, long address) {}

  private record Region(Tensor tensor, Gathered gathered, ZipArchive.Entry entry, long skip) {}

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final Unpacked unpacked;
  private final List<Addressed> tensors = new ArrayList<>();
  private final NavigableMap<Long, Region> regions = new TreeMap<>();
  private final List<Problem> notes;
  private long nextAddress;

  private TorchTensors(
      Path file, FileChannel channel, long size, TorchContents contents, StateDict dict) {
    this.file = file;
    this.channel = channel;
    this.size = size;
    this.unpacked = new Unpacked(file, channel);
    this.nextAddress = aligned(size + DISTANCE);
    for (Map.Entry<String, Tensor> entry : dict.tensors().entrySet()) {
      add(entry.getKey(), entry.getValue(), contents.storages());
    }
    this.notes =
        dict.values() == 0 && dict.besides() == 0
            ? List.of()
            : List.of(new PickleProblem.LeftOut(file, dict.values(), dict.besides()));
  }

  /**
   * Whether a file that begins so is one of PyTorch's, or a pickle or archive of something else. A
   * safetensors file never is: its ninth byte begins its JSON.
   */
  public static boolean isTorch(byte[] beginning) {
    if (beginning.length < 2) {
      return false;
    }
    if (beginning.length >= BEGINNING
        && " \t\n\r{".indexOf(beginning[8]) >= 0
        && isShort(beginning)) {
      return false;
    }
    boolean zip =
        beginning.length >= 4
            && beginning[0] == 'P'
            && beginning[1] == 'K'
            && (beginning[2] == 3 && beginning[3] == 4 || beginning[2] == 5 && beginning[3] == 6);
    boolean pickle = beginning[0] == (byte) 0x80 && beginning[1] >= 2 && beginning[1] <= 5;
    return zip || pickle;
  }

  /** Whether the first eight bytes may be the length of a safetensors header. */
  private static boolean isShort(byte[] beginning) {
    return beginning[4] == 0 && beginning[5] == 0 && beginning[6] == 0 && beginning[7] == 0;
  }

  /**
   * Reads the pickles of a file and checks every tensor against what is stored; no tensor is read.
   *
   * @param channel is closed with the result, and stays open if this throws
   * @param training whether a name is that of training state
   * @throws ProblemException with a PickleProblem for whatever is not allowed or damaged
   */
  public static TorchTensors open(
      Path file, FileChannel channel, long size, Predicate<String> training) throws IOException {
    ByteBuffer first = ByteBuffer.allocate((int) Math.min(size, 1));
    FileBytes.read(channel, first, 0, file);
    boolean zip = size > 0 && first.get(0) == 'P';
    TorchContents contents =
        zip ? TorchArchive.read(file, channel, size) : LegacyFile.read(file, channel, size);
    return new TorchTensors(
        file, channel, size, contents, StateDict.of(file, contents.root(), training));
  }

  /**
   * Looks at a file that is none of PyTorch's, nor any other that is known, but may be a pickle of
   * the oldest kind.
   *
   * @throws ProblemException with a PickleProblem if it is one and names what no model needs
   */
  public static void refuseForeignNames(Path file, FileChannel channel, long size)
      throws IOException {
    ByteBuffer first = ByteBuffer.allocate((int) Math.min(size, 1));
    FileBytes.read(channel, first, 0, file);
    if (size > 0 && size <= PickleInput.LONGEST && "c(VSIX}]".indexOf(first.get(0)) >= 0) {
      LegacyFile.refuseForeignNames(
          new PickleInput(file, FileBytes.stream(channel, 0, size, file), size));
    }
  }

  private static long aligned(long address) {
    return (address + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void add(String name, Tensor tensor, Map<String, ZipArchive.Entry> storages) {
    Shape shape = new Shape(tensor.sizes());
    check(name, tensor);
    ZipArchive.Entry entry = storages.get(tensor.storage().key());
    if (entry == null) {
      throw new IllegalStateException("every storage has its place");
    }
    int elementBytes = tensor.dtype().bits() / 8;
    long skip = skip(tensor);
    var info = new TensorInfo(name, tensor.dtype(), shape);
    if (!entry.deflated() && isContiguous(tensor)) {
      tensors.add(new Addressed(info, entry.start() + skip));
      return;
    }
    long address = nextAddress;
    long bytes = shape.elements() * elementBytes;
    try {
      nextAddress = aligned(Math.addExact(address, Math.addExact(bytes, ALIGNMENT)));
    } catch (ArithmeticException e) {
      throw bad(name, "is too large");
    }
    regions.put(address, new Region(tensor, new Gathered(tensor), entry, skip));
    tensors.add(new Addressed(info, address));
  }

  /** Bytes of the storage before the tensor's first one. */
  private static long skip(Tensor tensor) {
    Storage storage = tensor.storage();
    return tensor.dtype().bytes(tensor.offset()) + storage.dtype().bytes(storage.from());
  }

  private static boolean isContiguous(Tensor tensor) {
    long expected = 1;
    for (int i = tensor.sizes().size() - 1; i >= 0; i--) {
      long length = tensor.sizes().get(i);
      if (length == 0) {
        return true;
      }
      if (length != 1 && tensor.strides().get(i) != expected) {
        return false;
      }
      expected *= length;
    }
    return true;
  }

  private ProblemException bad(String name, String fault) {
    return new ProblemException(new PickleProblem.BadTensor(file, name, fault));
  }

  /** Whether all elements lie in what the storage shows, in numbers that do not overflow. */
  private void check(String name, Tensor tensor) {
    DType dtype = tensor.dtype();
    Storage storage = tensor.storage();
    long available = storage.dtype().bytes(storage.length()) / (dtype.bits() / 8);
    try {
      long elements = new Shape(tensor.sizes()).elements();
      dtype.bytes(elements);
      long last = tensor.offset();
      for (int i = 0; i < tensor.sizes().size(); i++) {
        long length = tensor.sizes().get(i);
        last =
            Math.addExact(
                last, Math.multiplyExact(Math.max(length - 1, 0), tensor.strides().get(i)));
      }
      if (elements == 0 ? tensor.offset() > available : last >= available) {
        throw bad(name, "goes past the end of its storage `" + Visible.text(storage.key()) + "`");
      }
      if (elements > Math.max(available, MOST_REPEATED)) {
        throw bad(name, "repeats its storage `" + Visible.text(storage.key()) + "` too often");
      }
    } catch (ArithmeticException e) {
      throw bad(name, "is too large");
    }
  }

  /** The tensors in the order of the pickle. */
  public List<Addressed> tensors() {
    return List.copyOf(tensors);
  }

  /** What stands in the file beside them. */
  public List<Problem> notes() {
    return notes;
  }

  /** Fills the buffer from an address; between tensors there are zeros. */
  public void read(ByteBuffer target, long address) throws IOException {
    int end = target.limit();
    long at = address;
    while (target.position() < end) {
      int left = end - target.position();
      long now;
      if (at < size) {
        // a heap buffer goes through a hidden direct one of the same length
        now = Math.min(Math.min(left, size - at), target.isDirect() ? left : HEAP_PIECE);
        target.limit(target.position() + (int) now);
        FileBytes.read(channel, target, at, file);
      } else {
        now = readBehind(target, at, left);
      }
      target.limit(end);
      at += now;
    }
  }

  /** Reads from one region, or zeros up to the next one. */
  private long readBehind(ByteBuffer target, long at, long left) throws IOException {
    Map.Entry<Long, Region> region = regions.floorEntry(at);
    if (region != null && at - region.getKey() < region.getValue().gathered().bytes()) {
      long from = at - region.getKey();
      long now = Math.min(left, region.getValue().gathered().bytes() - from);
      target.limit(target.position() + (int) now);
      read(region.getValue(), target, from);
      return now;
    }
    Long next = regions.higherKey(at);
    if (next == null) {
      throw new EOFException("`" + file + "` has nothing at address " + at);
    }
    long now = Math.min(left, next - at);
    for (long i = 0; i < now; i++) {
      target.put((byte) 0);
    }
    return now;
  }

  private void read(Region region, ByteBuffer target, long from) throws IOException {
    boolean deflated = region.entry().deflated();
    long start = deflated ? unpacked.start(region.entry()) : region.entry().start();
    FileChannel bytes = deflated ? unpacked.channel() : channel;
    if (isContiguous(region.tensor())) {
      FileBytes.read(bytes, target, start + region.skip() + from, file);
    } else {
      region.gathered().read(target, from, new Gathered.Place(bytes, start + region.skip()));
    }
  }

  @Override
  public void close() {
    try {
      unpacked.close();
      channel.close();
    } catch (IOException e) {
      // nothing was written that anyone will read
    }
  }
}
