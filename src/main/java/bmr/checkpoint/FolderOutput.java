package bmr.checkpoint;

import bmr.checkpoint.FolderLayout.Entry;
import bmr.checkpoint.FolderLayout.Turned;
import bmr.diagnostic.LayoutProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A folder that appears whole or not at all: written beside its target under another name, then
 * moved. A folder that stands there is moved aside first, back if the move fails, and removed last.
 */
final class FolderOutput implements OutputFile {
  private final Path target;
  private final Path staging;
  private final long size;
  private final NavigableMap<Long, OutputFile> files = new TreeMap<>();
  private final NavigableMap<Long, Matrix> matrices = new TreeMap<>();
  private boolean committed;
  private boolean closed;

  /** A matrix in memory until it is whole: text projections and the like, some megabytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Matrix(Turned turned, byte[] bytes) {
    ByteBuffer result() {
      return turned.swapped() ? halves() : columns();
    }

    private ByteBuffer halves() {
      byte[] result = new byte[bytes.length];
      int half = bytes.length / 2;
      System.arraycopy(bytes, 0, result, half, half);
      System.arraycopy(bytes, half, result, 0, half);
      return ByteBuffer.wrap(result);
    }

    private ByteBuffer columns() {
      int width = turned.tensor().dtype().bits() / Byte.SIZE;
      int rows = Math.toIntExact(turned.tensor().shape().dimension(0));
      int columns = Math.toIntExact(turned.tensor().shape().dimension(1));
      byte[] result = new byte[bytes.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          System.arraycopy(
              bytes,
              (row * columns + column) * width,
              result,
              (column * rows + row) * width,
              width);
        }
      }
      return ByteBuffer.wrap(result);
    }
  }

  private FolderOutput(Path target, Path staging, long size) {
    this.target = target;
    this.staging = staging;
    this.size = size;
  }

  static FolderOutput create(
      Path target,
      long size,
      List<Entry> entries,
      List<Turned> turned,
      BiFunction<Path, Long, OutputFile> make) {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw new ProblemException(new LayoutProblem.NotReplaced(target));
    }
    refuseStrange(absolute);
    var output = new FolderOutput(absolute, PartFiles.newName(absolute), size);
    boolean created = false;
    try {
      Path parent = PartFiles.folderOf(absolute);
      Files.createDirectories(parent);
      long needed = Math.addExact(size, size / 50);
      long free = OutputDisk.REAL.freeBytes(parent);
      if (free >= 0 && free < needed) {
        throw new ProblemException(new RunProblem.NoSpace(parent, needed, free));
      }
      Files.createDirectory(output.staging);
      for (Entry entry : entries) {
        Path file = output.staging.resolve(entry.name());
        output.files.put(entry.begin(), make.apply(file, entry.size()));
      }
      for (Turned matrix : turned) {
        int bytes = Math.toIntExact(matrix.tensor().bytes());
        output.matrices.put(matrix.begin(), new Matrix(matrix, new byte[bytes]));
      }
      created = true;
      return output;
    } catch (IOException e) {
      throw new ProblemException(new RunProblem.FolderNotMade(absolute, SafetensorsFile.reason(e)));
    } finally {
      if (!created) {
        output.close();
      }
    }
  }

  /** Only what is a model of Diffusers, or empty, is ever replaced. */
  private static void refuseStrange(Path target) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean model =
        Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
            && (Files.isRegularFile(target.resolve(DiffusersFolder.INDEX)) || isEmpty(target));
    if (!model) {
      throw new ProblemException(new LayoutProblem.NotReplaced(target));
    }
  }

  private static boolean isEmpty(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void write(ByteBuffer bytes, long position) throws IOException {
    while (bytes.hasRemaining() && position < size) {
      int end = bytes.limit();
      int start = bytes.position();
      Map.Entry<Long, Matrix> matrix = matrices.floorEntry(position);
      Long next = matrices.higherKey(position);
      boolean inside =
          matrix != null && position < matrix.getKey() + matrix.getValue().bytes().length;
      long until = next == null ? size : next;
      if (inside) {
        until = matrix.getKey() + matrix.getValue().bytes().length;
      }
      bytes.limit((int) Math.min(end, start + until - position));
      int length = bytes.remaining();
      if (inside) {
        bytes.get(matrix.getValue().bytes(), (int) (position - matrix.getKey()), length);
      } else {
        // neither a batch of tensors nor a header crosses the end of a file
        Map.Entry<Long, OutputFile> file = files.floorEntry(position);
        if (file == null) {
          throw new IllegalArgumentException("outside of the files");
        }
        file.getValue().write(bytes, position - file.getKey());
      }
      bytes.limit(end);
      position += length;
    }
    // what lies behind the files has no place in them
    bytes.position(bytes.limit());
  }

  @Override
  public void flush() throws IOException {
    for (OutputFile file : files.values()) {
      file.flush();
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    for (Map.Entry<Long, Matrix> matrix : matrices.entrySet()) {
      Map.Entry<Long, OutputFile> file = files.floorEntry(matrix.getKey());
      file.getValue().write(matrix.getValue().result(), matrix.getKey() - file.getKey());
    }
    for (OutputFile file : files.values()) {
      file.commit();
    }
    refuseStrange(target);
    Path old = PartFiles.newName(target);
    boolean replacing = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (replacing) {
      Files.move(target, old);
    }
    try {
      Files.move(staging, target);
    } catch (IOException e) {
      if (replacing) {
        Files.move(old, target);
      }
      throw e;
    }
    committed = true;
    if (replacing) {
      deleteTree(old);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    files.values().forEach(OutputFile::close);
    if (!committed) {
      deleteTree(staging);
    }
  }

  /** Links are removed, never what they lead to. */
  private static void deleteTree(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(PartFiles::deleteQuietly);
    } catch (IOException e) {
      // a leftover does no harm
    }
  }
}
