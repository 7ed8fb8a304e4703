package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryConfigTest {
  @TempDir private Path folder;
  private Path file;
  private String here;

  @BeforeEach
  void names() {
    file = folder.resolve("deep").resolve("config");
    here = folder.toString();
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    Files.writeString(file, text);
  }

  private List<Diagnostic> wrong() {
    return assertThrows(ProblemException.class, () -> LibraryConfig.read(file)).diagnostics();
  }

  private List<String> codes() {
    return wrong().stream().map(one -> one.problem().code()).toList();
  }

  @Test
  void foldersCommentsAndEmptyLines() throws IOException {
    assertEquals(List.of(), LibraryConfig.read(file).folders());
    write("# mine\n\n  " + here + "/a b # c  \r\nwebui:" + here + "\n~\n" + here + "\n");
    assertEquals(
        List.of(folder.resolve("a b # c"), folder, Path.of(System.getProperty("user.home", ""))),
        LibraryConfig.read(file).folders());
  }

  @Test
  void changesLeaveOtherLinesAsTheyAre() throws IOException {
    String before = "# mine\n\n  " + here + "/a  \n# last, without an end";
    write(before);
    LibraryConfig config = LibraryConfig.read(file);
    assertSame(config, config.with(folder.resolve("b/../a")));
    assertSame(config, config.without(folder.resolve("b")));
    config.with(folder.resolve("b")).write();
    assertEquals(before + "\n" + folder.resolve("b") + "\n", Files.readString(file));
    LibraryConfig.read(file).without(folder.resolve("a")).write();
    assertEquals(
        "# mine\n\n# last, without an end\n" + folder.resolve("b") + "\n", Files.readString(file));
    try (var files = Files.list(folder.resolve("deep"))) {
      assertEquals(List.of(file), files.toList(), "a draft is left");
    }
  }

  @Test
  void theFolderOfTheFileIsMade() {
    LibraryConfig.read(file).with(folder).write();
    assertEquals(List.of(folder.toAbsolutePath()), LibraryConfig.read(file).folders());
  }

  @Test
  void everyWrongLineIsToldWithItsPlace() throws IOException {
    write(here + "\n  models\n\"" + here + "\"\n" + here + "\u0007x\n");
    assertEquals(List.of("BMR0193", "BMR0193", "BMR0193"), codes());
    String text = DiagnosticRenderer.plain().render(wrong()).replace(here, "F").replace('\\', '/');
    assertTrue(text.contains("F/deep/config:2:3"), text);
    assertTrue(text.contains("not a whole path"), text);
    assertTrue(text.contains("control character"), text);
    assertFalse(text.contains("\u0007"), text);
  }

  @Test
  void whatIsNoConfiguration() throws IOException {
    write("");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertEquals(List.of("BMR0194"), codes());
    write("#".repeat(1 << 17));
    assertEquals(List.of("BMR0194"), codes());
    write("#\n".repeat(2000));
    assertEquals(List.of("BMR0194"), codes());
    Files.delete(file);
    Files.createDirectories(file);
    assertEquals(List.of("BMR0194"), codes());
    writeTo(folder.resolve("plain"), "x");
    file = folder.resolve("plain").resolve("config");
    assertThrows(ProblemException.class, () -> LibraryConfig.read(file).with(folder).write());
  }

  private static void writeTo(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  @Test
  void anyTextIsReadOrRefused() throws IOException {
    long seed = 20;
    var random = new Random(seed);
    String letters = "/~:#\\ \n\r\t\"\u00e9\u0000ab.";
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      write("");
      Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
      try {
        LibraryConfig config = LibraryConfig.read(file);
        assertTrue(config.folders().stream().allMatch(Path::isAbsolute), text::toString);
        LibraryConfig more = config.with(folder);
        more.write();
        assertEquals(more.folders(), LibraryConfig.read(file).folders());
      } catch (ProblemException e) {
        assertTrue(
            e.diagnostics().stream().allMatch(one -> one.problem().code().startsWith("BMR019")),
            () -> "seed " + seed + ": " + text);
      }
    }
  }
}
