package bmr.checkpoint;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.ShardProblem;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A model in several files, by its index. Its tensors are those of the files in the order of their
 * names; the files lie at addresses one behind the other.
 */
final class ShardedCheckpoint implements Checkpoint {
  private final Path path;
  private final List<SafetensorsFile> shards;
  private final AddressMap addresses;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Architecture architecture;
  private final long size;

  private ShardedCheckpoint(Path path, List<SafetensorsFile> shards, long indexSize) {
    this.path = path;
    this.shards = List.copyOf(shards);
    this.addresses = new AddressMap(path);
    long all = indexSize;
    for (SafetensorsFile shard : shards) {
      all = Math.addExact(all, shard.size());
      long begin = addresses.add(shard.size(), bytes(shard));
      for (StoredTensor tensor : shard.stored().values()) {
        add(new StoredTensor(tensor.storedKey(), tensor.info(), begin + tensor.position()));
      }
      shard.metadata().forEach(metadata::putIfAbsent);
    }
    this.size = all;
    this.architecture = ArchitectureDetection.of(tensors);
  }

  private void add(StoredTensor tensor) {
    StoredTensor other = stored.put(tensor.info().key(), tensor);
    if (other != null) {
      throw new ProblemException(
          new HeaderProblem.TwoSpellings(path, other.storedKey(), tensor.storedKey()));
    }
    tensors.put(tensor.info().key(), tensor.info());
  }

  private static AddressMap.Bytes bytes(SafetensorsFile shard) {
    return new AddressMap.Bytes() {
      @Override
      public void read(ByteBuffer target, long offset) throws IOException {
        shard.read(target, offset);
      }

      @Override
      public void willNeed(long offset, long length) {
        shard.willNeed(offset, length);
      }
    };
  }

  /**
   * Opens an index and all files that it names.
   *
   * @throws ProblemException with a FileProblem where the index and the files do not go together
   */
  static ShardedCheckpoint open(Path path) {
    ShardIndex index = ShardIndex.read(path);
    var shards = new ArrayList<SafetensorsFile>();
    boolean opened = false;
    try {
      for (String name : index.shards()) {
        Path file = path.resolveSibling(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new ProblemException(new ShardProblem.ShardMissing(path, name));
        }
        SafetensorsFile shard = SafetensorsFile.open(file);
        shards.add(shard);
        checkKeys(path, name, index, shard);
      }
      checkAllThere(path, index, shards);
      var whole = new ShardedCheckpoint(path, shards, Files.size(path));
      opened = true;
      return whole;
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, SafetensorsFile.reason(e)));
    } finally {
      if (!opened) {
        shards.forEach(SafetensorsFile::close);
      }
    }
  }

  /** Every tensor of a file stands in the index, with this file: so none is there twice. */
  private static void checkKeys(Path path, String name, ShardIndex index, SafetensorsFile shard) {
    for (StoredTensor tensor : shard.stored().values()) {
      if (!name.equals(index.shardOf().get(tensor.storedKey()))) {
        throw new ProblemException(
            new ShardProblem.TensorNotInIndex(path, tensor.storedKey(), name));
      }
    }
  }

  private static void checkAllThere(Path path, ShardIndex index, List<SafetensorsFile> shards) {
    var left = new HashMap<>(index.shardOf());
    for (SafetensorsFile shard : shards) {
      shard.stored().values().forEach(tensor -> left.remove(tensor.storedKey()));
    }
    left.keySet().stream()
        .sorted()
        .findFirst()
        .ifPresent(key -> {
          String name = String.valueOf(left.get(key));
          throw new ProblemException(new ShardProblem.TensorNotInShard(path, key, name));
        });
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

  /** Of all files; where they differ, the first one's. */
  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
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
  public List<Problem> notes() {
    return shards.stream().flatMap(shard -> shard.notes().stream()).toList();
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    addresses.read(target, position);
  }

  @Override
  public void willNeed(long position, long length) {
    addresses.willNeed(position, length);
  }

  @Override
  public void close() {
    shards.forEach(SafetensorsFile::close);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
