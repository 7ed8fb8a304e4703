package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gives wrongly: one clear message, status 1, and nothing touched. */
class BadInputTest {
  private static final String PRECIOUS = "the file that was there";

  @TempDir private Path folder;

  @BeforeEach
  void models() throws IOException {
    SampleFolder.fill(folder);
    Files.createDirectory(folder.resolve("out"));
    SampleFolder.write(folder, "out/x.safetensors", PRECIOUS);
  }

  /** Runs a formula that may replace the target, and asserts that nothing changed. */
  private String refused(String code, String formula, String... more) throws IOException {
    return refused(
        code,
        Stream.concat(
            Stream.of("-e", formula, "-o", "out/x.safetensors", "--overwrite"), Stream.of(more)));
  }

  private String refused(String code, Stream<String> arguments) throws IOException {
    List<Path> before = everything();
    String[] line =
        Stream.concat(Stream.of("run", "--models", "models"), arguments).toArray(String[]::new);
    CommandRun run = CommandRun.in(folder, line);
    assertEquals(ExitStatus.FAULT, run.status(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().split("(?m)^error", -1).length - 1, "one message: " + run.err());
    assertTrue(run.err().contains("error" + code + ": "), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
    assertEquals(before, everything());
    assertEquals(PRECIOUS, Files.readString(folder.resolve("out/x.safetensors")));
    return run.err();
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  private void model(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve("models").resolve(name), bytes);
  }

  private void model(String name, String text) throws IOException {
    model(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void says(String message, String... words) {
    for (String word : words) {
      assertTrue(message.contains(word), () -> "no \"" + word + "\" in: " + message);
    }
  }

  private static String half(String model) {
    return model + " x 0.5 + OpenBra x 0.5";
  }

  @Test
  void aMissingModel() throws IOException {
    String message = refused("[BMR0102]", half("NeverDownloaded"));
    says(message, "no model is called `NeverDownloaded`", "--> -e:1:1", "--models DIR");
  }

  @Test
  void anUnknownName() throws IOException {
    SampleFolder.write(
        folder,
        "typo.bmr",
        """
        HALF = OpenBra x 0.5 + sxd_10Pruned x 0.5
        MIX = HALFS x 0.5 + HALF x 0.5
        """);
    String message = refused("[BMR0102]", Stream.of("typo.bmr", "-o", "out/x.safetensors"));
    says(message, "`HALFS`", "--> typo.bmr:2:7", "did you mean `HALF`?");
  }

  @Test
  void aHalfDownloadedModel() throws IOException {
    byte[] whole = Files.readAllBytes(folder.resolve("models/sxd_10Pruned.safetensors"));
    model("half.safetensors", Arrays.copyOf(whole, whole.length - 1000));
    says(refused("[BMR0420]", half("half")), "half.safetensors` is cut off", "1000 bytes");
    model("head.safetensors", Arrays.copyOf(whole, 2000));
    says(refused("[BMR0420]", half("head")), "within its header", "fetch the file again");
    model("nothing.safetensors", "");
    says(refused("[BMR0404]", half("nothing")), "is empty");
  }

  @Test
  void aMalformedModel() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,9999999]}}";
    model("offsets.safetensors", withHeader(header.length(), header));
    says(refused("[BMR0428]", half("offsets")), "`a`", "needs 4 bytes", "9999999");
    model("boast.safetensors", withHeader(1L << 60, header));
    says(refused("[BMR0422]", half("boast")), "is not a safetensors file");
  }

  private static byte[] withHeader(long length, String header) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(text)
        .array();
  }

  @Test
  void anErrorPageInsteadOfAModel() throws IOException {
    model("page.safetensors", "<!DOCTYPE html>\n<html><title>404</title></html>\n".repeat(200));
    says(refused("[BMR0405]", half("page")), "HTML page", "kB", "the download failed");
  }

  @Test
  void aGitLfsPointer() throws IOException {
    model(
        "pointer.safetensors",
        """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 2132626078
        """);
    says(refused("[BMR0406]", half("pointer")), "Git-LFS pointer", "2.13 GB", "git lfs pull");
  }

  @Test
  void aRenamedPickle() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[] {(byte) 0x80, 2, '}', '.'});
    }
    model("renamed.safetensors", bytes.toByteArray());
    SampleFolder.write(folder, "renamed.bmr", "M = " + half("renamed") + "\n");
    CommandRun run = CommandRun.in(folder, "check", "renamed.bmr", "--models", "models");
    assertTrue(run.err().contains("warning[BMR0408]"), run.err());
  }

  @Test
  void aListWithoutTheWeightOfBase() throws IOException {
    String list = String.join(",", Collections.nCopies(25, "0.1"));
    String formula = "OpenBra x (1-alpha) + sxd_10Pruned x alpha, alpha = (" + list + ")";
    says(refused("[BMR0202]", formula), "a list of 25 weights", "`base = 0`");
  }

  @Test
  void aCycle() throws IOException {
    SampleFolder.write(
        folder,
        "cycle.bmr",
        """
        ONE = TWO x 0.5 + OpenBra x 0.5
        TWO = ONE x 0.5 + OpenBra x 0.5
        MIX = TWO x 0.5 + OpenBra x 0.5
        """);
    String message =
        refused("[BMR0104]", Stream.of("cycle.bmr", "--only", "MIX", "-o", "out/x.safetensors"));
    says(message, "`ONE`", "`TWO`", "need each other", "--> cycle.bmr:");
  }

  @Test
  void twoFilesForOneName() throws IOException {
    Path other = Files.createDirectory(folder.resolve("models/other"));
    Files.copy(
        folder.resolve("models/sxd_10Pruned.safetensors"),
        other.resolve("sxd_10Pruned.safetensors"));
    String message = refused("[BMR0103]", half("sxd_10Pruned"));
    says(message, "2 files", "other", "say which: model");
  }

  @Test
  void aFolderThatCannotBeMade() throws IOException {
    String formula = half("Evt_V4_e04_ema");
    List<Path> before = everything();
    CommandRun run =
        CommandRun.in(
            folder,
            "run",
            "--models",
            "models",
            "-e",
            formula,
            "-o",
            "out/x.safetensors/y.safetensors");
    assertEquals(ExitStatus.FAULT, run.status());
    says(run.err(), "error[BMR0602]", "cannot be made", "is a file");
    assertEquals(before, everything());
    assertEquals(PRECIOUS, Files.readString(folder.resolve("out/x.safetensors")));
  }

  @Test
  void aTargetThatIsAFolder() throws IOException {
    Files.createDirectory(folder.resolve("folder.safetensors"));
    String message =
        refused(
            "[BMR0601]",
            Stream.of("-e", half("Evt_V4_e04_ema"), "-o", "folder.safetensors", "--overwrite"));
    says(message, "is a folder");
  }

  @Test
  void aFolderWithoutPermission() throws IOException {
    Path out = folder.resolve("out");
    boolean mayBeTakenAway = out.toFile().setWritable(false) && !Files.isWritable(out);
    try {
      if (!mayBeTakenAway) {
        System.out.println("skipped: this user may write everywhere, as root does");
      }
      assumeTrue(mayBeTakenAway);
      says(refused("[BMR0603]", half("Evt_V4_e04_ema")), "nothing can be written", "--out DIR");
    } finally {
      assertTrue(out.toFile().setWritable(true));
    }
  }

  /** Linux has a folder with a file system of no size, which is a full disk to whoever asks. */
  @Test
  void aFullDisk() throws IOException {
    Path full = Path.of("/proc/self");
    boolean there = Files.isDirectory(full) && Files.getFileStore(full).getTotalSpace() == 0;
    if (!there) {
      System.out.println("skipped: no file system without space here");
    }
    assumeTrue(there);
    String message =
        refused(
            "[BMR0605]", Stream.of("-e", half("Evt_V4_e04_ema"), "-o", full + "/x.safetensors"));
    says(message, "0 bytes are free", "make room", "--out DIR");
  }

  @Test
  void aSourceAsTheTarget() throws IOException {
    Path source = folder.resolve("models/OpenBra.safetensors");
    byte[] before = Files.readAllBytes(source);
    String message =
        refused(
            "[BMR0608]",
            Stream.of(
                "-e", half("Evt_V4_e04_ema"), "-o", "models/OpenBra.safetensors", "--overwrite"));
    says(message, "never overwritten");
    assertArrayEquals(before, Files.readAllBytes(source));
  }

  @Test
  void aModelInsteadOfARecipe() throws IOException {
    String message =
        refused("[BMR0027]", Stream.of("models/OpenBra.safetensors", "-o", "out/x.safetensors"));
    says(message, "it is no text");
  }

  @Test
  void aDifferenceThatNobodySaidToSave() throws IOException {
    says(refused("[BMR0304]", "OpenBra - sxd_10Pruned"), "is a difference", "`as difference`");
    SampleFolder.write(
        folder,
        "difference.bmr",
        """
        D = OpenBra - sxd_10Pruned
        MIX = OpenBra + D x 0.1
        """);
    refused("[BMR0304]", Stream.of("difference.bmr", "--only", "D"));
    refused("[BMR0304]", Stream.of("difference.bmr", "--all"));
  }

  @Test
  void aTargetOfAnotherFormat() throws IOException {
    String message =
        refused("[BMR0610]", Stream.of("-e", half("Evt_V4_e04_ema"), "-o", "out/x.ckpt"));
    says(message, "does not end in `.safetensors`", "`x.safetensors`");
  }

  @Test
  void aDecimalComma() throws IOException {
    String message = refused("[BMR0005]", "OpenBra x 0,92 + sxd_10Pruned x 0,08");
    says(message, "`0,92` has a comma", "`0.92`");
  }
}
