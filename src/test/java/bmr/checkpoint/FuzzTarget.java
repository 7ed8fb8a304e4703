package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.TorchFiles;
import bmr.diagnostic.ProblemException;
import bmr.interchange.Importer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A reader that strangers' bytes reach, and what must hold for any bytes: a model or a problem
 * comes out, nothing else is thrown, and no more is allocated than the bytes justify.
 */
public enum FuzzTarget {
  /** Any file at all, under the name of a safetensors file. */
  SAFETENSORS("model.safetensors") {
    @Override
    byte[] framed(byte[] bytes) {
      return bytes;
    }
  },
  /** The JSON of a safetensors header, behind a length that is right. */
  HEADER("model.safetensors") {
    @Override
    byte[] framed(byte[] bytes) {
      int end = bytes.length;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == 0) {
          end = i;
          break;
        }
      }
      byte[] header = Arrays.copyOf(bytes, end);
      return SampleFiles.bytes(header, Math.max(0, bytes.length - end - 1));
    }
  },
  /** Any file at all, under the name of a PyTorch file: zip archives and legacy files. */
  TORCH("model.ckpt") {
    @Override
    byte[] framed(byte[] bytes) {
      return bytes;
    }
  },
  /** A pickle in an archive that is in order. */
  PICKLE("model.pt") {
    @Override
    byte[] framed(byte[] bytes) {
      return TorchFiles.archive(bytes, TorchFiles.storage(new byte[48]), false);
    }
  },
  /** An index of shards. */
  INDEX("model.safetensors.index.json") {
    @Override
    byte[] framed(byte[] bytes) {
      return bytes;
    }
  },
  /** JSON in the metadata of a header: a recipe, and behind a NUL the models it names. */
  METADATA("model.safetensors") {
    @Override
    byte[] framed(byte[] bytes) {
      return bytes;
    }

    @Override
    String outcome(Path folder, byte[] bytes) {
      String[] texts = new String(bytes, UTF_8).split("\0", 2);
      var metadata = new HashMap<String, String>();
      metadata.put("sd_merge_recipe", texts[0]);
      if (texts.length > 1) {
        metadata.put("sd_merge_models", texts[1]);
      }
      return Importer.read("model.safetensors", metadata)
          .map(imported -> imported.questions() + " questions")
          .orElse("no recipe");
    }
  };

  /** Objects are larger than the bytes that stand for them: `{"":{` and the like. */
  private static final long ALLOCATED_PER_BYTE = 2048;

  /** Buffers of a fixed size, and what the test itself reads. */
  private static final long ALLOCATED_ALWAYS = 24L << 20;

  private static final int MOST_READ = 1 << 20;
  private static final int MOST_TENSORS_READ = 16;

  private final String fileName;

  FuzzTarget(String fileName) {
    this.fileName = fileName;
  }

  abstract byte[] framed(byte[] bytes);

  /** The folder that holds inputs of this target. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Lets the reader read.
   *
   * @param folder to write the file to
   * @return what came out, in a word or two
   * @throws RuntimeException or AssertionError if what must hold does not
   */
  public String read(Path folder, byte[] bytes) throws IOException {
    byte[] whole = framed(bytes);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allowed = ALLOCATED_ALWAYS + ALLOCATED_PER_BYTE * whole.length;
    long allocated = Long.MAX_VALUE;
    String outcome = "";
    // the second time, classes and tables that the first one loaded are there
    for (int attempt = 0; attempt < 2 && allocated > allowed; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      outcome = outcome(folder, whole);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    if (allocated > allowed) {
      throw new AssertionError(allocated + " bytes for a file of " + whole.length);
    }
    return outcome;
  }

  String outcome(Path folder, byte[] whole) throws IOException {
    Path file = Files.write(folder.resolve(fileName), whole);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      readSome(checkpoint);
      return checkpoint.tensors().size() + " tensors";
    } catch (ProblemException e) {
      var problem = e.diagnostics().getFirst().problem();
      if (problem.message().chars().anyMatch(c -> c < ' ') || problem.message().length() > 2000) {
        throw new AssertionError("not fit to be printed: " + problem.message());
      }
      return problem.code();
    }
  }

  private static void readSome(Checkpoint checkpoint) {
    checkpoint.stored().values().stream()
        .limit(MOST_TENSORS_READ)
        .forEach(stored -> {
          int length = (int) Math.min(MOST_READ, stored.info().bytes());
          try {
            checkpoint.read(ByteBuffer.allocate(length), stored.position());
          } catch (IOException e) {
            // compressed bytes that are broken are found out only now
          }
        });
  }

  /** Small inputs to begin with, good ones and nearly good ones, made by the project itself. */
  public Map<String, byte[]> seeds() {
    return FuzzSeeds.of(this);
  }
}
