package bmr.checkpoint;

import bmr.checkpoint.FileLayout.Shard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Several files that are written as one. All are complete under other names before the first gets
 * its own; the index gets its name last, and one that stands there goes first, so that no index
 * ever tells of a mixture. What was moved is removed if a later file cannot be.
 */
final class ShardedOutput implements OutputFile {
  private final Path index;
  private final NavigableMap<Long, OutputFile> files;
  private final List<Path> paths;
  private final List<Path> moved = new ArrayList<>();
  private boolean committed;

  private ShardedOutput(Path index, NavigableMap<Long, OutputFile> files, List<Path> paths) {
    this.index = index;
    this.files = files;
    this.paths = paths;
  }

  static ShardedOutput create(
      Path index, long indexSize, List<Shard> shards, BiFunction<Path, Long, OutputFile> make) {
    var output = new ShardedOutput(index, new TreeMap<>(), new ArrayList<>());
    boolean created = false;
    try {
      for (Shard shard : shards) {
        output.add(shard.begin(), shard.file(), make.apply(shard.file(), shard.layout().size()));
      }
      Shard last = shards.getLast();
      output.add(last.begin() + last.layout().size(), index, make.apply(index, indexSize));
      created = true;
      return output;
    } finally {
      if (!created) {
        output.close();
      }
    }
  }

  private void add(long begin, Path path, OutputFile file) {
    files.put(begin, file);
    paths.add(path);
  }

  @Override
  public void write(ByteBuffer bytes, long position) throws IOException {
    // neither a batch of tensors nor a header crosses the end of a file
    Map.Entry<Long, OutputFile> file = files.floorEntry(position);
    if (file == null) {
      throw new IllegalArgumentException("outside of the files");
    }
    file.getValue().write(bytes, position - file.getKey());
  }

  @Override
  public void flush() throws IOException {
    for (OutputFile file : files.values()) {
      file.flush();
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    flush();
    Files.deleteIfExists(index);
    int next = 0;
    for (OutputFile file : files.values()) {
      file.commit();
      moved.add(paths.get(next));
      next++;
    }
    committed = true;
  }

  @Override
  public synchronized void close() {
    files.values().forEach(OutputFile::close);
    if (!committed) {
      moved.forEach(PartFiles::deleteQuietly);
      moved.clear();
    }
  }
}
