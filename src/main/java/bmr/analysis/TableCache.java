package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.analysis.TableFormat.Stored;
import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Tables on disk: one file each, in a folder of their own. A file that is damaged or of another
 * version counts as absent, and a folder that cannot be written means that nothing is kept: neither
 * is an error. Old tables go when all together take more than a limit.
 */
public final class TableCache {
  private static final String ENDING = ".table";

  /** More sources than this are not put together into one table. */
  private static final int MOST_SOURCES = 64;

  private final Optional<Path> folder;
  private final long limit;

  /**
   * @param limit bytes of all files together
   */
  TableCache(Optional<Path> folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /** Tables in a folder, at most 512 MiB. */
  public static TableCache in(Path folder) {
    return new TableCache(Optional.of(folder), TableFormat.LARGEST);
  }

  /** Nothing is kept. */
  public static TableCache none() {
    return new TableCache(Optional.empty(), 0);
  }

  /**
   * A table in the cache that has these models, complete.
   *
   * @param models with the names that people give them
   */
  public Optional<InnerProductTable> find(List<Source> models) {
    for (Path file : files()) {
      Optional<Stored> stored = read(file);
      if (stored.isPresent() && stored.get().complete()) {
        List<String> keys = keys(stored.get().content().sources());
        if (keys.containsAll(keys(models))) {
          return Optional.of(selected(stored.get().content().table(), models));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The table of some models: from the cache, or computed as far as it is not there, and kept.
   * Interrupted, it keeps what it has for the next time.
   *
   * @throws bmr.diagnostic.ProblemException with a RunProblem where a model cannot be read or
   *     memory is too little
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public InnerProductTable table(
      List<Source> sources,
      List<Checkpoint> models,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    Optional<InnerProductTable> found = find(sources);
    if (found.isPresent()) {
      return found.get();
    }
    TableContent known = largestPart(sources);
    var order = new ArrayList<>(known.sources());
    for (Source source : sources) {
      if (!keys(order).contains(source.contentKey())) {
        order.add(source);
      }
    }
    List<String> wanted = keys(sources);
    List<Checkpoint> opened =
        order.stream().map(source -> models.get(wanted.indexOf(source.contentKey()))).toList();
    int tensors = TableBuilder.tensors(opened).size();
    InnerProductTable table =
        TableBuilder.build(
            order,
            opened,
            known,
            limits,
            progress,
            cancelled,
            content -> keep(content, content.entries().size() == tensors && content.complete()));
    return selected(table, sources);
  }

  private static List<String> keys(List<Source> sources) {
    return sources.stream().map(Source::contentKey).toList();
  }

  private static InnerProductTable selected(InnerProductTable table, List<Source> wanted) {
    List<String> keys = keys(table.sources());
    if (keys.equals(keys(wanted))) {
      return table.named(wanted.stream().map(Source::name).toList());
    }
    int[] indices = wanted.stream().mapToInt(source -> keys.indexOf(source.contentKey())).toArray();
    return table.select(indices).named(wanted.stream().map(Source::name).toList());
  }

  /** The table with the most numbers that has no model but these; empty where there is none. */
  private TableContent largestPart(List<Source> sources) {
    var wanted = new HashSet<>(keys(sources));
    var best = new TableContent(List.of(), List.of());
    long most = 0;
    for (Path file : files()) {
      Optional<Stored> stored = read(file);
      if (stored.isPresent() && wanted.containsAll(keys(stored.get().content().sources()))) {
        long numbers = 0;
        for (TableContent.Entry entry : stored.get().content().entries()) {
          numbers += entry.products().length;
        }
        if (numbers > most) {
          most = numbers;
          best = stored.get().content();
        }
      }
    }
    return best;
  }

  private static Optional<Stored> read(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > TableFormat.LARGEST) {
        return Optional.empty();
      }
      return TableFormat.read(Files.readAllBytes(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void keep(TableContent content, boolean complete) {
    if (folder.isEmpty() || content.entries().isEmpty()) {
      return;
    }
    if (content.sources().size() > MOST_SOURCES) {
      return;
    }
    byte[] bytes = TableFormat.write(content, complete);
    if (bytes.length > limit) {
      return;
    }
    try {
      Files.createDirectories(folder.get());
      String keys = String.join("\n", keys(content.sources()));
      String name = UUID.nameUUIDFromBytes(keys.getBytes(StandardCharsets.UTF_8)).toString();
      Path unfinished = Files.createTempFile(folder.get(), name, ".unfinished");
      try {
        Files.write(unfinished, bytes);
        Files.move(
            unfinished,
            folder.get().resolve(name + ENDING),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      trim();
    } catch (IOException e) {
      // a full or read-only disk: the table is good, it only has to be made again next time
    }
  }

  /** Removes the oldest files until the rest keeps the limit. */
  private void trim() throws IOException {
    var byAge = new TreeMap<String, Path>(Comparator.reverseOrder());
    for (Path file : files()) {
      byAge.put(String.format("%020d", Files.getLastModifiedTime(file).toMillis()) + file, file);
    }
    long total = 0;
    for (Path file : byAge.values()) {
      total += Files.size(file);
      if (total > limit) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** The files, in the order of their names. */
  public List<Path> files() {
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.get())) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }
}
