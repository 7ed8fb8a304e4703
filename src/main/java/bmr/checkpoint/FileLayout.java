package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.ShardProblem;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Where the tensors of an output lie: in one file, or in several with an index, which are addressed
 * as if they lay one behind the other, the index last.
 */
final class FileLayout implements OutputLayout {
  private final Path target;
  private final List<Shard> shards;
  private final byte[] index;
  private final List<Long> positions;
  private final long size;

  /**
   * A file of tensors.
   *
   * @param begin address of its first byte
   */
  record Shard(Path file, SafetensorsLayout layout, long begin) {}

  private FileLayout(Path target, List<Shard> shards, byte[] index) {
    this.target = target;
    this.shards = List.copyOf(shards);
    this.index = index;
    this.positions =
        shards.stream()
            .flatMap(shard ->
                shard.layout().positions().stream().map(position -> shard.begin() + position))
            .toList();
    Shard last = shards.getLast();
    this.size = Math.addExact(last.begin() + last.layout().size(), index.length);
  }

  /**
   * Lays tensors out in the order given. With a limit, a file ends before the tensor that would
   * exceed it (a larger tensor has a file of its own), files are called {@code
   * x-00001-of-00003.safetensors}, each with all the metadata, and the index {@code
   * x.safetensors.index.json}; what fits one file is one, with the target's name.
   *
   * @param target {@code x.safetensors}
   * @param shardBytes most bytes of tensors in one file
   * @throws ProblemException with a ShardProblem where the files would be too many
   * @throws IllegalArgumentException as {@link SafetensorsLayout#of}
   */
  static FileLayout of(
      Path target,
      List<TensorInfo> tensors,
      Map<String, String> metadata,
      OptionalLong shardBytes) {
    List<List<TensorInfo>> groups = groups(tensors, shardBytes.orElse(Long.MAX_VALUE));
    if (groups.size() == 1) {
      var layout = SafetensorsLayout.of(tensors, metadata);
      return new FileLayout(target, List.of(new Shard(target, layout, 0)), new byte[0]);
    }
    if (groups.size() > ShardIndex.MOST_SHARDS) {
      throw new ProblemException(
          new ShardProblem.TooManyShards(groups.size(), ShardIndex.MOST_SHARDS));
    }
    String stem = ModelExtension.stem(target);
    var shards = new ArrayList<Shard>();
    var fileOf = new TreeMap<String, String>();
    long begin = 0;
    long bytes = 0;
    for (int i = 0; i < groups.size(); i++) {
      String name = ShardNames.shard(stem, i + 1, groups.size());
      var shard =
          new Shard(
              target.resolveSibling(name), SafetensorsLayout.of(groups.get(i), metadata), begin);
      shards.add(shard);
      begin = Math.addExact(begin, shard.layout().size());
      for (TensorInfo tensor : groups.get(i)) {
        fileOf.put(tensor.key(), name);
        bytes += tensor.bytes();
      }
    }
    return new FileLayout(
        target.resolveSibling(ShardNames.index(stem)), shards, index(fileOf, bytes));
  }

  static List<List<TensorInfo>> groups(List<TensorInfo> tensors, long most) {
    var groups = new ArrayList<List<TensorInfo>>();
    var group = new ArrayList<TensorInfo>();
    long bytes = 0;
    for (TensorInfo tensor : tensors) {
      if (!group.isEmpty() && tensor.bytes() > most - bytes) {
        groups.add(List.copyOf(group));
        group.clear();
        bytes = 0;
      }
      group.add(tensor);
      bytes = Math.addExact(bytes, tensor.bytes());
    }
    groups.add(List.copyOf(group));
    return groups;
  }

  static byte[] index(SortedMap<String, String> fileOf, long bytes) {
    var json = new StringBuilder("{\n  \"metadata\": {\n    \"total_size\": ");
    json.append(bytes).append("\n  },\n  \"weight_map\": {");
    String separator = "\n    ";
    for (var entry : fileOf.entrySet()) {
      json.append(separator);
      JsonText.appendQuoted(json, entry.getKey());
      json.append(": ");
      JsonText.appendQuoted(json, entry.getValue());
      separator = ",\n    ";
    }
    return json.append("\n  }\n}\n").toString().getBytes(UTF_8);
  }

  @Override
  public Path target() {
    return target;
  }

  @Override
  public List<Path> files() {
    var files = new ArrayList<>(shards.stream().map(Shard::file).toList());
    if (index.length > 0) {
      files.add(target);
    }
    return List.copyOf(files);
  }

  @Override
  public List<Long> positions() {
    return positions;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public OutputFile create(BiFunction<Path, Long, OutputFile> files) {
    return index.length == 0
        ? files.apply(target, size)
        : ShardedOutput.create(target, index.length, shards, files);
  }

  @Override
  public void writeHeaders(OutputFile output) throws IOException {
    for (Shard shard : shards) {
      output.write(ByteBuffer.wrap(shard.layout().header()), shard.begin());
    }
    if (index.length > 0) {
      output.write(ByteBuffer.wrap(index), size - index.length);
    }
  }
}
