import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Times one merge of two models, as a whole process, with the first one as {@code .ckpt} and as
 * {@code .safetensors}, in turns: wall clock and processor time. Needs GNU time. See README.md
 * beside this file.
 */
final class SourceFormats {
  private static final int PIECE = 1 << 20;

  private SourceFormats() {}

  private record Cost(double wall, double processor) {}

  public static void main(String[] arguments) throws Exception {
    Path first = Path.of(arguments[0]).toAbsolutePath();
    Path second = Path.of(arguments[1]).toAbsolutePath();
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    Path work = Files.createTempDirectory("bmr-formats");
    try {
      Path torch = work.resolve("T.ckpt");
      write(first, torch);
      Path plain = Files.createSymbolicLink(work.resolve("S.safetensors"), first);
      Files.createSymbolicLink(work.resolve("B.safetensors"), second);
      var torchCosts = new ArrayList<Cost>();
      var plainCosts = new ArrayList<Cost>();
      for (int round = -1; round < rounds; round++) {
        Cost one = run(work, "T");
        Cost other = run(work, "S");
        if (round >= 0) {
          torchCosts.add(one);
          plainCosts.add(other);
        }
      }
      report("wall", torchCosts.stream().map(Cost::wall), plainCosts.stream().map(Cost::wall));
      report(
          "processor",
          torchCosts.stream().map(Cost::processor),
          plainCosts.stream().map(Cost::processor));
      System.out.printf("sizes: %d and %d%n", Files.size(torch), Files.size(plain));
    } finally {
      try (var files = Files.list(work)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  private static void report(
      String what, java.util.stream.Stream<Double> torch, java.util.stream.Stream<Double> plain) {
    List<Double> left = torch.sorted().toList();
    List<Double> right = plain.sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: .ckpt %s, .safetensors %s, ratio of medians %.2f%n",
        what,
        summary(left),
        summary(right),
        median(left) / median(right));
  }

  private static String summary(List<Double> seconds) {
    return String.format(
        Locale.ROOT,
        "%.2f s (%.2f to %.2f)",
        median(seconds),
        Collections.min(seconds),
        Collections.max(seconds));
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static Cost run(Path work, String source) throws Exception {
    Path script = work.resolve("mix.bmr");
    Files.writeString(
        script, "M = " + source + " x 0.7 + B x 0.3\nsave M as \"m.safetensors\" f16\n");
    Path times = work.resolve("times");
    List<String> command =
        List.of(
            "/usr/bin/time",
            "-o",
            times.toString(),
            "-f",
            "%e %U %S",
            "./bmr",
            "run",
            script.toString(),
            "--models",
            work.toString(),
            "--out",
            work.toString(),
            "--overwrite",
            "--force",
            "--threads",
            "2");
    int status =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("status " + status);
    }
    Files.delete(work.resolve("m.safetensors"));
    String[] parts = Files.readString(times).strip().split(" ");
    return new Cost(
        Double.parseDouble(parts[0]), Double.parseDouble(parts[1]) + Double.parseDouble(parts[2]));
  }

  /** Writes a model as torch does since 1.6: a stored archive of a pickle and one storage each. */
  private static void write(Path model, Path target) throws IOException {
    try (Checkpoint source = Checkpoint.openFile(model);
        ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
      List<StoredTensor> tensors = List.copyOf(source.stored().values());
      byte[] pickle = pickle(tensors);
      entry(zip, "archive/data.pkl", pickle.length, out -> out.write(pickle));
      for (int i = 0; i < tensors.size(); i++) {
        StoredTensor tensor = tensors.get(i);
        entry(zip, "archive/data/" + i, tensor.info().bytes(), out -> copy(source, tensor, out));
      }
      byte[] version = "3\n".getBytes(StandardCharsets.US_ASCII);
      entry(zip, "archive/version", version.length, out -> out.write(version));
    }
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private static void entry(ZipOutputStream zip, String name, long size, Content content)
      throws IOException {
    var crc = new CRC32();
    content.write(
        new OutputStream() {
          @Override
          public void write(int value) {
            crc.update(value);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
          }
        });
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    content.write(zip);
    zip.closeEntry();
  }

  private static void copy(Checkpoint source, StoredTensor tensor, OutputStream out)
      throws IOException {
    long left = tensor.info().bytes();
    var piece = ByteBuffer.allocate(PIECE);
    while (left > 0) {
      piece.clear().limit((int) Math.min(PIECE, left));
      source.read(piece, tensor.position() + tensor.info().bytes() - left);
      out.write(piece.array(), 0, piece.limit());
      left -= piece.limit();
    }
  }

  private static byte[] pickle(List<StoredTensor> tensors) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2, '}'});
    for (int i = 0; i < tensors.size(); i++) {
      var info = tensors.get(i).info();
      text(out, tensors.get(i).storedKey());
      out.writeBytes("ctorch._utils\n_rebuild_tensor_v2\n((");
      text(out, "storage");
      out.writeBytes("ctorch\n" + storage(info.dtype()) + "\n");
      text(out, String.valueOf(i));
      text(out, "cpu");
      number(out, info.shape().elements());
      out.writeBytes("tQ");
      number(out, 0);
      List<Long> sizes = info.shape().dimensions();
      var strides = new ArrayList<Long>();
      long stride = 1;
      for (Long size : sizes.reversed()) {
        strides.addFirst(stride);
        stride *= size;
      }
      numbers(out, sizes);
      numbers(out, strides);
      out.write(0x89);
      out.writeBytes("ccollections\nOrderedDict\n)RtRs");
    }
    out.write('.');
    return bytes.toByteArray();
  }

  private static String storage(DType dtype) {
    return switch (dtype) {
      case F16 -> "HalfStorage";
      case F32 -> "FloatStorage";
      case BF16 -> "BFloat16Storage";
      case I64 -> "LongStorage";
      default -> throw new IllegalArgumentException(dtype.tag());
    };
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeInt(Integer.reverseBytes(bytes.length));
    out.write(bytes);
  }

  private static void number(DataOutputStream out, long value) throws IOException {
    out.write(0x8a);
    out.write(8);
    out.writeLong(Long.reverseBytes(value));
  }

  private static void numbers(DataOutputStream out, List<Long> values) throws IOException {
    out.write('(');
    for (long value : values) {
      number(out, value);
    }
    out.write('t');
  }
}
