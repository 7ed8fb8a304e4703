package bmr.checkpoint;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A safetensors file, open for reading. */
final class SafetensorsFile implements Checkpoint {
  private static final int LENGTH_BYTES = 8;

  private final Path path;
  private final long size;
  private final FileChannel channel;
  private final Map<String, String> metadata;
  private final SequencedMap<String, StoredTensor> stored;
  private final SequencedMap<String, TensorInfo> tensors;
  private final Architecture architecture;
  private final List<Problem> notes;
  private boolean adviceAsked;
  private @Nullable ReadAdvice advice;

  private SafetensorsFile(
      Path path,
      long size,
      FileChannel channel,
      SafetensorsHeader header,
      long dataStart,
      boolean leadingBlanks) {
    this.path = path;
    this.size = size;
    this.channel = channel;
    this.metadata = header.metadata();
    var odd = new ArrayList<Problem>(header.notes());
    if (leadingBlanks) {
      odd.addFirst(new HeaderProblem.LeadingBlanks(path));
    }
    this.notes = List.copyOf(odd);
    var canonical =
        CanonicalTensors.of(
            path, header.entries().stream().map(entry -> place(entry, dataStart)).toList());
    this.stored = canonical.stored();
    this.tensors = canonical.tensors();
    this.architecture = ArchitectureDetection.of(tensors);
  }

  private static StoredTensor place(SafetensorsHeader.Entry entry, long dataStart) {
    var info = new TensorInfo(entry.key(), entry.dtype(), entry.shape());
    return new StoredTensor(entry.key(), info, dataStart + entry.begin());
  }

  /** Opens a file and checks its header. */
  static SafetensorsFile open(Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw new ProblemException(new FileProblem.IsFolder(path));
      }
      // opening a pipe would wait for its writer
      if (!attributes.isRegularFile()) {
        throw new ProblemException(new FileProblem.OtherFormat(path, "a device or a pipe"));
      }
      return open(path, FileChannel.open(path, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw new ProblemException(new FileProblem.FileMissing(path));
    } catch (AccessDeniedException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, "permission denied"));
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, reason(e)));
    }
  }

  private static SafetensorsFile open(Path path, FileChannel channel) throws IOException {
    boolean opened = false;
    try {
      long size = channel.size();
      ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(size, ForeignFile.BEGINNING));
      ChannelBytes.readFully(channel, beginning, 0, path);
      beginning.flip().order(ByteOrder.LITTLE_ENDIAN);
      long length = headerLength(path, size, beginning);
      var stream = new HeaderStream(path, channel, LENGTH_BYTES, length);
      var header = SafetensorsHeaderReader.read(path, stream);
      long dataStart = LENGTH_BYTES + length;
      long end = dataStart + header.dataSize();
      if (end > size) {
        throw new ProblemException(new HeaderProblem.Truncated(path, end - size, size, false));
      }
      if (end < size) {
        throw new ProblemException(new HeaderProblem.TrailingBytes(path, size - end));
      }
      boolean blanks = beginning.get(LENGTH_BYTES) != '{';
      var file = new SafetensorsFile(path, size, channel, header, dataStart, blanks);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  /** The header's length once the file's beginning says that a header may follow. */
  private static long headerLength(Path path, long size, ByteBuffer beginning) {
    long length = size < LENGTH_BYTES ? -1 : beginning.getLong(0);
    boolean allowed = length >= 0 && length <= SafetensorsHeader.LONGEST;
    boolean brace = allowed && size > LENGTH_BYTES && mayBegin(beginning.get(LENGTH_BYTES));
    if (brace && length > 0 && LENGTH_BYTES + length <= size) {
      return length;
    }
    byte[] bytes = new byte[beginning.limit()];
    beginning.get(0, bytes);
    var foreign = ForeignFile.recognise(path, size, bytes);
    if (foreign.isPresent()) {
      throw new ProblemException(foreign.get());
    }
    throw new ProblemException(lengthFault(path, size, length, allowed, brace));
  }

  private static FileProblem lengthFault(
      Path path, long size, long length, boolean allowed, boolean brace) {
    if (size < LENGTH_BYTES) {
      return new HeaderProblem.Truncated(path, LENGTH_BYTES - size, size, true);
    }
    if (!allowed) {
      return new HeaderProblem.HeaderTooLong(path, length);
    }
    if (length == 0) {
      return new FileProblem.NotSafetensors(path, "its header is empty");
    }
    if (brace || size == LENGTH_BYTES) {
      return new HeaderProblem.Truncated(path, LENGTH_BYTES + length - size, size, true);
    }
    return new FileProblem.NotSafetensors(path, "its header does not begin with `{`");
  }

  private static boolean mayBegin(byte first) {
    return first == '{' || first == ' ' || first == '\t' || first == '\n' || first == '\r';
  }

  static String reason(IOException e) {
    if (e instanceof FileSystemException detailed && detailed.getReason() != null) {
      return detailed.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @Override
  public String name() {
    return ModelExtension.stem(path);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return stored;
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public List<Problem> notes() {
    return notes;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    ChannelBytes.readFully(channel, target, position, path);
  }

  @Override
  public void willNeed(long position, long length) {
    ReadAdvice known = advice();
    if (known != null) {
      known.willNeed(position, length);
    }
  }

  /** Opened with the first advice that is given. */
  private synchronized @Nullable ReadAdvice advice() {
    if (!adviceAsked) {
      adviceAsked = true;
      advice = ReadAdvice.on(path).orElse(null);
    }
    return advice;
  }

  @Override
  public synchronized void close() {
    adviceAsked = true;
    if (advice != null) {
      advice.close();
      advice = null;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // nothing was written, so nothing can be lost
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
