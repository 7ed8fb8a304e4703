package bmr.checkpoint;

import bmr.checkpoint.pickle.TorchTensors;
import bmr.checkpoint.pickle.TorchTensors.Addressed;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.model.TensorRole;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A file of PyTorch's ({@code .ckpt}, {@code .pt}, {@code .pth}, {@code .bin}), open for reading.
 */
final class TorchFile implements Checkpoint {
  private final Path path;
  private final long size;
  private final TorchTensors contents;
  private final SequencedMap<String, StoredTensor> stored;
  private final SequencedMap<String, TensorInfo> tensors;
  private final Architecture architecture;
  private final List<Problem> notes;
  private boolean adviceAsked;
  private @Nullable ReadAdvice advice;

  private TorchFile(Path path, long size, TorchTensors contents) {
    this.path = path;
    this.size = size;
    this.contents = contents;
    var canonical =
        CanonicalTensors.of(path, contents.tensors().stream().map(TorchFile::place).toList());
    this.stored = canonical.stored();
    this.tensors = canonical.tensors();
    this.architecture = ArchitectureDetection.of(tensors);
    var odd = new ArrayList<Problem>();
    if (isCalledSafetensors(path)) {
      odd.add(new FileProblem.RenamedPyTorchFile(path));
    }
    odd.addAll(contents.notes());
    this.notes = List.copyOf(odd);
  }

  private static StoredTensor place(Addressed tensor) {
    return new StoredTensor(tensor.info().key(), tensor.info(), tensor.address());
  }

  private static boolean isCalledSafetensors(Path path) {
    return ModelExtension.of(String.valueOf(path.getFileName()))
        .filter(ModelExtension.SAFETENSORS::equals)
        .isPresent();
  }

  /**
   * Opens a file whose beginning is that of PyTorch's files, whatever it is called; empty for any
   * other, and for what cannot be read.
   *
   * @throws ProblemException with a PickleProblem for whatever is not allowed or damaged
   */
  static Optional<Checkpoint> openIfTorch(Path path) {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      return Optional.empty();
    }
    boolean opened = false;
    try {
      long size = channel.size();
      ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(size, TorchTensors.BEGINNING));
      ChannelBytes.readFully(channel, beginning, 0, path);
      if (!TorchTensors.isTorch(beginning.array())) {
        if (!isCalledSafetensors(path)) {
          TorchTensors.refuseForeignNames(path, channel, size);
        }
        return Optional.empty();
      }
      var contents = TorchTensors.open(path, channel, size, TorchFile::isTraining);
      Checkpoint file = new TorchFile(path, size, contents);
      opened = true;
      return Optional.of(file);
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, SafetensorsFile.reason(e)));
    } finally {
      if (!opened) {
        closeQuietly(channel);
      }
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it was only read
    }
  }

  private static boolean isTraining(String key) {
    return switch (TensorRole.of(key)) {
      case TRAINING, EMA -> true;
      case BLENDED, POSITION_IDS, FIXED, SCHEDULE, MARKER -> false;
    };
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

  /** These files have none. */
  @Override
  public Map<String, String> metadata() {
    return Map.of();
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
    contents.read(target, position);
  }

  @Override
  public void willNeed(long position, long length) {
    ReadAdvice known = position < size ? advice() : null;
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
    contents.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
