package bmr.checkpoint;

import bmr.diagnostic.Problem;
import bmr.model.Architecture;
import bmr.model.TensorCatalog;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An open model file: its header in memory, its tensors on disk. Safe for use by many threads.
 * Opened with {@link #open}.
 */
public interface Checkpoint extends TensorCatalog, AutoCloseable {
  /**
   * Reads and checks the header; nothing behind it is read. A file {@code x.safetensors.index.json}
   * is the model whose shards it names; scaled 8-bit floats are decoded. A folder in the layout of
   * Diffusers is a model as well, and its {@code model_index.json} means the folder.
   *
   * @throws bmr.diagnostic.ProblemException with a {@link bmr.diagnostic.FileProblem} or {@link
   *     bmr.diagnostic.PickleProblem} for whatever is no readable model
   */
  static Checkpoint open(Path path) {
    return open(path, List.of());
  }

  /**
   * The same where a user has described architectures.
   *
   * @param own asked in this order, before those in files beside the model and those that bmr has
   */
  static Checkpoint open(Path path, List<Architecture> own) {
    Checkpoint model =
        DiffusersFolder.meant(path)
            .map(DiffusersFolder::open)
            .orElseGet(() -> NetworkAlone.translated(openFile(path)));
    return OwnArchitectures.described(model, own);
  }

  /** One file under the names that it has, but for those of {@link KeyDialect}. */
  static Checkpoint openFile(Path path) {
    return CheckpointOpening.open(path);
  }

  Path path();

  /** Size of the whole file in bytes. */
  long size();

  @Override
  Architecture architecture();

  /** The header's string metadata. */
  Map<String, String> metadata();

  /** The tensors by canonical key, in the order of their bytes, with their places in the file. */
  SequencedMap<String, StoredTensor> stored();

  @Override
  SequencedMap<String, TensorInfo> tensors();

  /** The files of a model that several files make; none where {@link #path} is the model. */
  default List<ModelPart> parts() {
    return List.of();
  }

  /** What is odd about the file, though it can be read. */
  default List<Problem> notes() {
    return List.of();
  }

  /**
   * Fills the buffer from a position of the file; an end of file on the way is an error. Direct
   * buffers are filled without a copy. The thread must not be interrupted: an interrupt during the
   * call closes the file for all threads (as {@link java.nio.channels.FileChannel} does).
   */
  void read(ByteBuffer target, long position) throws IOException;

  /** A part of the file will be read soon: the system may fetch it meanwhile. */
  default void willNeed(long position, long length) {}

  @Override
  void close();

  /**
   * A tensor in the file.
   *
   * @param storedKey its key as the file spells it
   * @param info with the canonical key
   * @param position of its first byte in the file
   */
  record StoredTensor(String storedKey, TensorInfo info, long position) {}
}
