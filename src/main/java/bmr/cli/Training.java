package bmr.cli;

import bmr.report.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Uses the commands once on tiny models, so that the JVM can archive the classes that they load.
 * The launcher starts it with {@code -Dbmr.training=plain}, {@code run} or {@code compare}; nothing
 * is printed, and nothing stays.
 */
final class Training {
  private Training() {}

  static void run(String kind) {
    try {
      Path folder = Files.createTempDirectory("bmr-training");
      try {
        runIn(folder, kind);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void runIn(Path folder, String kind) throws IOException {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var program = new Program(new Context(Terminal.plain(nowhere, nowhere), folder, () -> false));
    if (kind.equals("run")) {
      program.run("demo", "--dir", "demo");
      return;
    }
    program.run("sample", "models");
    if (kind.equals("compare")) {
      program.run("compare", "models/OpenBra.safetensors", "models/OpenBra1.1.safetensors");
      return;
    }
    DemoCommand.copyRecipe(folder.resolve(DemoCommand.RECIPE));
    program.run("check", DemoCommand.RECIPE, "--models", "models");
    program.run("plan", DemoCommand.RECIPE, "--models", "models");
    program.run("plan", DemoCommand.RECIPE, "--models", "models", "--json");
    program.run("models", "models");
    program.run("inspect", "models/OpenBra.safetensors");
    program.run("help");
    program.run("help", "run");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
