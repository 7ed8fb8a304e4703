package bmr.cli;

import bmr.report.Quantities;
import bmr.source.SourceText;
import bmr.syntax.Formatted;
import bmr.syntax.Formatter;
import bmr.syntax.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr fmt}. */
@Command(
    name = "fmt",
    sortOptions = false,
    header = "Bring scripts into their canonical form.",
    description = {
      "",
      "One spelling for each operator, weights of blocks as tables in which the blocks",
      "are seen. Comments and blank lines stay, and so does the meaning. Scripts are",
      "replaced where they are; one with an error in it is left as it is.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr fmt mix.bmr",
      "  bmr fmt recipes/           all scripts in a folder and below it",
      "  bmr fmt --check recipes/   in a build: fails if something is to be done",
      "  bmr fmt - < mix.bmr        the result goes to standard output",
      "",
      "Exit status: 0 done, 1 if a script has errors or, with --check, another form.",
    })
final class FmtCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Scripts, folders, or - for standard input.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--check",
      description = "Change nothing; name the scripts that have another form.")
  private boolean check;

  @Option(
      names = "--sparse",
      description = {
        "Write lists of 26 or 20 weights as maps of the blocks that are",
        "not 0: `{OUT06~OUT11: 0.15}`."
      })
  private boolean sparse;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  private int failed;
  private int changed;

  FmtCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    int seen = 0;
    for (Path file : files) {
      if (file.toString().equals("-")) {
        pipe();
        seen++;
        continue;
      }
      List<Path> scripts = scripts(file);
      seen += scripts.size();
      for (Path script : scripts) {
        format(script);
      }
    }
    if (files.size() > 1 || seen > 1) {
      context
          .terminal()
          .say(
              Quantities.count(seen, "script")
                  + (check ? ", " + changed + " to format" : ", " + changed + " changed")
                  + (failed > 0 ? ", " + failed + " with errors" : ""));
    }
    return failed > 0 || check && changed > 0 ? ExitStatus.FAULT : ExitStatus.DONE;
  }

  /** The scripts that a path stands for, in an order that does not depend on the disk. */
  private List<Path> scripts(Path path) throws IOException {
    Path resolved = context.resolve(path);
    if (!Files.isDirectory(resolved)) {
      return List.of(path);
    }
    try (Stream<Path> below = Files.walk(resolved)) {
      List<Path> scripts =
          below
              .filter(file -> file.toString().endsWith(".bmr") && Files.isRegularFile(file))
              .map(file -> path.resolve(resolved.relativize(file)))
              .sorted()
              .toList();
      if (scripts.isEmpty()) {
        throw new CommandFailure("there is no script in `" + path + "`", Optional.empty());
      }
      return scripts;
    }
  }

  private Formatted formatted(SourceText source) {
    var result =
        sparse ? Formatter.format(source, Formatter.Option.SPARSE) : Formatter.format(source);
    if (result.failed()) {
      failed++;
      new Messages(context.terminal()).print(result.diagnostics());
    }
    return result;
  }

  private void format(Path script) throws IOException {
    Path file = context.resolve(script);
    Formatted result = formatted(Parser.read(file, script.toString()));
    byte[] bytes = result.text().getBytes(StandardCharsets.UTF_8);
    if (result.failed() || Arrays.equals(bytes, Files.readAllBytes(file))) {
      return;
    }
    changed++;
    if (check) {
      context.terminal().print(script.toString());
    } else {
      TextOutput.write(file, script, result.text());
      context.terminal().say("formatted " + script);
    }
  }

  private void pipe() throws IOException {
    byte[] bytes = TextOutput.standardInput(context.in());
    Formatted result = formatted(SourceText.decode("-", bytes));
    if (check) {
      if (!result.failed()
          && !Arrays.equals(bytes, result.text().getBytes(StandardCharsets.UTF_8))) {
        changed++;
        context.terminal().print("-");
      }
    } else {
      context.terminal().out().print(result.text());
      context.terminal().out().flush();
    }
  }
}
