package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the program as processes, as people start them. */
@Tag("slow")
class LauncherTest {
  private static final Path LAUNCHER = Path.of("bmr").toAbsolutePath();
  private static final int PATIENCE_SECONDS = 300;

  @TempDir private Path folder;

  private record Result(int status, String out, String err) {}

  @BeforeAll
  static void aShellIsThere() {
    boolean shell = Files.isExecutable(Path.of("/bin/sh"));
    if (!shell) {
      System.out.println("skipped: there is no /bin/sh");
    }
    assumeTrue(shell, "there is no /bin/sh");
  }

  private ProcessBuilder command(String... arguments) {
    var words = new ArrayList<String>();
    words.add(LAUNCHER.toString());
    words.addAll(List.of(arguments));
    var builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.redirectOutput(folder.resolve("out.txt").toFile());
    builder.redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.environment().put("BMR_CLASS_ARCHIVE", "off");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  private Result finish(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
    String err = Files.readString(folder.resolve("err.txt"), StandardCharsets.UTF_8);
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8),
        // the first start after a change builds the jar and says so
        err.lines().filter(line -> !line.startsWith("Building bmr ")).toList().toString());
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    return finish(command(arguments).start());
  }

  @Test
  void theVersionIsTold() throws Exception {
    Result result = run("--version");
    assertEquals(0, result.status(), result.err());
    assertTrue(result.out().startsWith("bmr "), result.out());
    assertEquals("[]", result.err());
  }

  @Test
  void aLinkToTheLauncherWorks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), LAUNCHER);
    ProcessBuilder builder = command("--version");
    builder.command(link.toString(), "--version");
    assertEquals(0, finish(builder.start()).status());
  }

  @Test
  void wrongUsageIsStatusTwo() throws Exception {
    assertEquals(2, run("frobnicate").status());
    Result compute = run("run");
    assertEquals(2, compute.status());
    assertTrue(compute.err().startsWith("[error: "), compute.err());
  }

  @Test
  void commandsThatComputeShowNothingOfTheVectorModule() throws Exception {
    assertEquals(0, run("sample", "models").status());
    Result plain = compare(command());
    ProcessBuilder archived = command();
    archived.environment().put("BMR_CLASS_ARCHIVE", "now");
    Result first = compare(archived);
    try (Stream<Path> archives = Files.list(folder.resolve("cache/bmr"))) {
      assertEquals(1, archives.filter(file -> file.toString().endsWith("-compare.aot")).count());
    }
    Result second = compare(archived);
    assertEquals(plain, first);
    assertEquals(plain, second);
    assertEquals("[]", plain.err());
    assertTrue(plain.out().startsWith("{"), plain.out());
  }

  private Result compare(ProcessBuilder builder) throws Exception {
    builder.command(
        LAUNCHER.toString(),
        "compare",
        "models/OpenBra.safetensors",
        "models/OpenBra1.1.safetensors",
        "--json");
    return finish(builder.start());
  }

  @Test
  void whereThereIsNoJdkItSaysWhatToInstall() throws Exception {
    ProcessBuilder builder = command("--version");
    builder.environment().put("JAVA_HOME", folder.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("SDKMAN_DIR", folder.toString());
    Result result = finish(builder.start());
    // another JDK 25 in a usual folder is found, which is right as well
    if (result.status() != 0) {
      assertEquals(1, result.status());
      assertTrue(result.err().contains("needs a JDK 25"), result.err());
      assertTrue(result.err().contains("adoptium.net"), result.err());
    }
  }

  @Test
  void ctrlCStopsARunAndLeavesNothing() throws Exception {
    assertEquals(0, run("sample", "models").status());
    // a process that waits in the middle of its work: the recipe comes from a pipe that stays open
    Path recipe = folder.resolve("slow.bmr");
    Process pipe = new ProcessBuilder("mkfifo", recipe.toString()).start();
    assumeTrue(pipe.waitFor() == 0, "there are no named pipes");
    Process process = command("run", "slow.bmr", "--models", "models").start();
    try (var writer = Files.newBufferedWriter(recipe)) {
      // the program has opened its end, so it runs
      writer.write("MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3\n");
      writer.flush();
      Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
      assertEquals(0, kill.waitFor());
    }
    assertEquals(130, finish(process).status());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(), files.filter(file -> file.toString().matches(".*(MIX|part).*")).toList());
    }
  }
}
