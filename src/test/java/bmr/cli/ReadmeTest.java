package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true: recipes parse, commands print what stands there. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern FILE = Pattern.compile("# ([\\w.-]+\\.bmr): .*");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir private Path folder;

  private record Block(String kind, int line, List<String> lines) {}

  /** A command of a console block and the output that stands below it. */
  private record Shown(int line, String command, List<String> output) {}

  @Test
  void everyBlockIsOfAKindThatIsTested() throws IOException {
    var kinds = blocks().stream().map(Block::kind).collect(Collectors.toSet());
    assertEquals(Set.of("sh", "bmr", "console"), kinds);
  }

  @Test
  void recipesParse() throws IOException {
    for (Block block : of("bmr")) {
      var text =
          SourceText.of("README.md:" + block.line(), String.join("\n", block.lines()) + "\n");
      var errors =
          Parser.parse(text).diagnostics().stream()
              .filter(one -> one.problem().severity() == Severity.ERROR)
              .toList();
      assertEquals("", DiagnosticRenderer.plain().render(errors));
    }
  }

  @Test
  void recipesCanBeRun() throws IOException {
    SampleFolder.fill(folder);
    for (Block block : of("bmr")) {
      SampleFolder.write(folder, "block.bmr", String.join("\n", block.lines()) + "\n");
      CommandRun run = CommandRun.in(folder, "run", "block.bmr", "--models", "models", "--all");
      if (block.lines().stream().anyMatch(line -> line.matches("[^#]*\\?.*"))) {
        // weights that are to be found first
        assertEquals(ExitStatus.FAULT, run.status());
        assertTrue(run.err().startsWith("error[BMR0850]"), run.err());
        continue;
      }
      assertEquals(ExitStatus.DONE, run.status(), () -> "line " + block.line() + "\n" + run.err());
      try (Stream<Path> files = Files.list(folder)) {
        for (Path made : files.filter(file -> file.toString().endsWith("tensors")).toList()) {
          Files.delete(made);
        }
      }
    }
  }

  @Test
  void commandsPrintWhatStandsThere() throws IOException {
    for (Block block : of("bmr")) {
      Matcher named = FILE.matcher(block.lines().getFirst());
      if (named.matches()) {
        SampleFolder.write(folder, named.group(1), String.join("\n", block.lines()) + "\n");
      }
    }
    for (Block block : of("console")) {
      for (Shown shown : shown(block)) {
        CommandRun run = CommandRun.in(folder, words(shown.command()));
        String printed = run.err() + run.out();
        assertTrue(
            expectation(shown.output()).matcher(printed).matches(),
            () -> "line " + shown.line() + ": " + shown.command() + " prints\n" + printed);
      }
    }
  }

  @Test
  void shellCommandsAreThoseOfTheBuildAndTheProgram() throws IOException {
    String ci = Files.readString(Path.of(".ci/run"));
    for (Block block : of("sh")) {
      for (String line : block.lines()) {
        if (line.startsWith("mvn ")) {
          assertTrue(ci.contains("say \"" + line + "\""), ".ci/run does not run " + line);
        } else {
          assertTrue(line.startsWith("./bmr "), line);
          assertTrue(Commands.named(line.split(" ")[1]).isPresent(), line);
        }
      }
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Matcher link = Pattern.compile("\\]\\(([^)]+)\\)").matcher(Files.readString(README));
    while (link.find()) {
      assertTrue(Files.exists(Path.of(link.group(1))), link.group(1));
    }
  }

  private static List<Block> of(String kind) throws IOException {
    return blocks().stream().filter(block -> block.kind().equals(kind)).toList();
  }

  private static List<Block> blocks() throws IOException {
    var blocks = new ArrayList<Block>();
    List<String> lines = Files.readAllLines(README);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        blocks.add(new Block(lines.get(i).substring(3), i + 1, lines.subList(i + 1, end)));
        i = end;
      }
    }
    return blocks;
  }

  private static List<Shown> shown(Block block) {
    var all = new ArrayList<Shown>();
    for (int i = 0; i < block.lines().size(); i++) {
      String line = block.lines().get(i);
      if (line.startsWith("$ bmr ")) {
        all.add(new Shown(block.line() + 1 + i, line.substring(6), new ArrayList<>()));
      } else {
        all.getLast().output().add(line);
      }
    }
    return all;
  }

  private static String[] words(String command) {
    return WORD.matcher(command)
        .results()
        .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
        .toArray(String[]::new);
  }

  /** {@code ...} stands for any lines where it is a line, and for any text inside one. */
  private static Pattern expectation(List<String> lines) {
    var pattern = new StringBuilder();
    for (String line : lines) {
      if (line.equals("...")) {
        pattern.append("(?:.*\n)*?");
      } else {
        pattern
            .append(
                Stream.of(line.split("\\.\\.\\.", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")))
            .append("\n");
      }
    }
    return Pattern.compile(pattern.toString());
  }
}
