package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bmr.Golden;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignFileTest {
  @TempDir Path folder;

  @Test
  void whatIsNoModelIsNamed() throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    String html = "\n<!DOCTYPE html>\n<html><body>" + "x".repeat(12_000) + "</body></html>";
    files.put("page.safetensors", html.getBytes(UTF_8));
    files.put("page.ckpt", "<html>\u00e4</html>".getBytes(UTF_8));
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 2132625918\n";
    files.put("pointer.safetensors", pointer.formatted("0".repeat(64)).getBytes(UTF_8));
    files.put("torch.ckpt", zip("archive/data.pkl"));
    files.put("renamed.safetensors", zip("archive/data.pkl"));
    byte[] pickle = "\u0080\u0002}q\u0000.".getBytes(ISO_8859_1);
    files.put("legacy.pt", pickle);
    files.put("legacy.safetensors", pickle);
    files.put("unknown.pth", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    files.put("q4.safetensors", "GGUF\u0003\u0000\u0000\u0000\u0000".getBytes(ISO_8859_1));
    files.put("refused.safetensors", "Invalid username or password.".getBytes(UTF_8));
    files.put("json.safetensors", "{\"error\":\"Unauthorized\"}\n".getBytes(UTF_8));
    files.put("evil.safetensors", "no\u202emodel here, not at all".getBytes(UTF_8));
    files.put("image.safetensors", "\u0089PNG\r\n\u001a\n\u0000".getBytes(ISO_8859_1));
    files.put("empty.safetensors", new byte[0]);
    var report = new StringBuilder();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = Files.write(folder.resolve(file.getKey()), file.getValue());
      report.append(text(SampleFiles.problemOf(path)));
    }
    report.append(text(SampleFiles.problemOf(folder.resolve("nowhere.safetensors"))));
    Path sub = Files.createDirectory(folder.resolve("folder.safetensors"));
    report.append(text(SampleFiles.problemOf(sub)));
    Golden.check("checkpoint/foreign-files.golden", report.toString());
  }

  private String text(Problem problem) {
    String message = problem.code() + " " + problem.message();
    String hint = problem.hint().map(words -> "\n  hint: " + words).orElse("");
    return (message + hint + "\n").replace(folder + folder.getFileSystem().getSeparator(), "");
  }

  /** Reading one would wait for ever. */
  @Test
  void devicesAreNotOpened() {
    Path device = Path.of("/dev/zero");
    assumeTrue(Files.exists(device), "no /dev/zero here");
    assertEquals(
        new FileProblem.OtherFormat(device, "a device or a pipe"), SampleFiles.problemOf(device));
  }

  @Test
  void theExtensionDoesNotDecide() throws IOException {
    Path file = Files.write(folder.resolve("really.ckpt"), SampleFiles.bytes("{}", 0));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertEquals("really", checkpoint.name());
    }
  }

  @Test
  void textThatIsCutWithinACharacterIsText() {
    byte[] text = ("a" + "\u00e4".repeat(600)).substring(0, 600).getBytes(UTF_8);
    byte[] beginning = java.util.Arrays.copyOf(text, ForeignFile.BEGINNING);
    var problem = ForeignFile.recognise(Path.of("x"), text.length, beginning).orElseThrow();
    assertEquals(FileProblem.TextFile.class, problem.getClass());
  }

  private static byte[] zip(String entry) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(new byte[10]);
    }
    return bytes.toByteArray();
  }
}
