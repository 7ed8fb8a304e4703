package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.report.Terminal;
import bmr.workspace.UserPlaces;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bmr fmt} on files, folders and pipes. */
class FmtTest {
  private static final String LOOSE = "M=A*.5+B*.5\n";
  private static final String NEAT = "M = A x 0.5 + B x 0.5\n";

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void replacesFilesWhereTheyAre() throws IOException {
    Path script = file("mix.bmr", LOOSE);
    CommandRun first = CommandRun.in(folder, "fmt", "mix.bmr");
    assertEquals(0, first.status(), first.err());
    assertEquals(NEAT, Files.readString(script));
    assertEquals("formatted mix.bmr\n", first.err());

    CommandRun second = CommandRun.in(folder, "fmt", "mix.bmr");
    assertEquals("", second.err() + second.out());
    assertEquals(0, second.status());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void checkingChangesNothing() throws IOException {
    Path script = file("all/mix.bmr", LOOSE);
    file("all/b/neat.bmr", NEAT);
    file("all/other.txt", "M=");
    CommandRun run = CommandRun.in(folder, "fmt", "--check", "all");
    assertEquals(1, run.status());
    assertEquals("all/mix.bmr\n", run.out().replace('\\', '/'));
    assertEquals("2 scripts, 1 to format\n", run.err());
    assertEquals(LOOSE, Files.readString(script));
    assertEquals(0, CommandRun.in(folder, "fmt", "all").status());
    assertEquals(0, CommandRun.in(folder, "fmt", "--check", "all").status());
  }

  @Test
  void errorsLeaveTheFile() throws IOException {
    Path script = file("mix.bmr", "M  = A x\n");
    file("neat.bmr", LOOSE);
    CommandRun run = CommandRun.in(folder, "fmt", "mix.bmr", "neat.bmr");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("mix.bmr:1:"), run.err());
    assertTrue(run.err().endsWith("2 scripts, 1 changed, 1 with errors\n"), run.err());
    assertEquals("M  = A x\n", Files.readString(script));
    assertEquals(NEAT, Files.readString(folder.resolve("neat.bmr")));
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    CommandRun missing = CommandRun.in(folder, "fmt", "mix.bmr");
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("there is no such file"), missing.err());
    Files.createDirectory(folder.resolve("empty"));
    CommandRun empty = CommandRun.in(folder, "fmt", "empty");
    assertEquals(1, empty.status());
    assertEquals("error: there is no script in `empty`\n", empty.err());
    assertEquals(2, CommandRun.in(folder, "fmt").status());
  }

  @Test
  void otherEncodingsBecomeUtf8() throws IOException {
    Path script = folder.resolve("mix.bmr");
    Files.write(script, ("\uFEFF" + NEAT).getBytes(StandardCharsets.UTF_16LE));
    assertEquals(1, CommandRun.in(folder, "fmt", "--check", "mix.bmr").status());
    assertEquals(0, CommandRun.in(folder, "fmt", "mix.bmr").status());
    assertArrayEquals(NEAT.getBytes(StandardCharsets.UTF_8), Files.readAllBytes(script));
  }

  @Test
  void linksAndPermissionsStay() throws IOException {
    Path script = file("real/mix.bmr", LOOSE);
    if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      System.out.println("without permissions, which this file system lacks");
      return;
    }
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.bmr"), Path.of("real/mix.bmr"));
    assertEquals(0, CommandRun.in(folder, "fmt", "link.bmr").status());
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(NEAT, Files.readString(script));
    assertEquals("rwxr-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(script)));
  }

  @Test
  void pipes() {
    assertEquals("0 " + NEAT, piped(LOOSE));
    assertEquals("1 M = A x\n", piped("M = A x\n"));
    assertEquals("1 -\n", piped(LOOSE, "--check"));
    assertEquals("0 ", piped(NEAT, "--check"));
  }

  private static String piped(String text, String... options) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    var silent = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    var terminal = new Terminal(stream, silent, false, false, false, 80);
    var arguments = Stream.concat(Stream.of("fmt", "-"), Stream.of(options));
    int status =
        new Program(new Context(terminal, in, Path.of(""), () -> false, UserPlaces.none()))
            .run(arguments.toArray(String[]::new));
    return status + " " + out.toString(StandardCharsets.UTF_8);
  }

  /** All but the Blessing Mix, which stands as it was published. */
  @Test
  void examplesAreNeat() {
    CommandRun run = CommandRun.in(Path.of(""), "fmt", "--check", "examples");
    assertEquals("examples/blessing-mix.bmr\n", run.out().replace('\\', '/'));
  }
}
