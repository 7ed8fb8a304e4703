package bmr.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing lies about that should not: stray marks, paths of one machine, unused expectations. */
class HygieneTest {
  private static final Path GOLDENS = Path.of("src/test/resources/bmr");
  private static final Path ROOT = Path.of("");
  private static final List<String> TREES =
      List.of(
          "src", "grammar", "docs", "examples", ".ci", "README.md", "pom.xml", "bmr", "bmr.cmd");
  private static final int MOST_LINES = 500;

  @Test
  void noMarksOfUnfinishedWork() throws IOException {
    // put together, so that this file does not contain them
    Pattern marks = Pattern.compile("TO" + "DO|FIX" + "ME|XX" + "X\\b");
    assertEquals(List.of(), linesWith(marks, file -> true));
  }

  @Test
  void noTestIsSwitchedOff() throws IOException {
    assertEquals(
        List.of(),
        linesWith(Pattern.compile("@Dis" + "abled\\b"), file -> file.startsWith("src/test")));
  }

  @Test
  void onlyTheMainClassEndsTheProcess() throws IOException {
    Pattern exits = Pattern.compile("System\\.exit|\\.halt\\(|e\\.printStack" + "Trace\\(\\)");
    assertEquals(
        List.of(),
        linesWith(
            exits,
            file ->
                file.startsWith("src/main") && !file.endsWith(Path.of("bmr", "cli", "Main.java"))));
  }

  @Test
  void noPathOfOneMachine() throws IOException {
    Pattern paths = Pattern.compile("(?<![\\w.~/-])/(work|ro" + "ot|home/\\w+|Users/\\w+)/");
    assertEquals(List.of(), linesWith(paths, file -> true));
  }

  @Test
  void filesAreShort() throws IOException {
    var tooLong = new ArrayList<String>();
    for (Path file : files()) {
      if (file.toString().endsWith(".java")) {
        int lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES) {
          tooLong.add(file + " has " + lines + " lines");
        }
      }
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void everyExpectationHasATest() throws IOException {
    var tests = new StringBuilder();
    for (Path file : files()) {
      if (file.startsWith("src/test/java")) {
        tests.append(Files.readString(file));
      }
    }
    var unused = new ArrayList<String>();
    for (Path file : files()) {
      if (file.startsWith(GOLDENS) && file.toString().endsWith(".golden")) {
        String folder = String.valueOf(GOLDENS.relativize(file).getParent()).replace('\\', '/');
        if (tests.indexOf("\"" + folder + "/") < 0) {
          unused.add(file.toString());
        }
      }
    }
    assertEquals(List.of(), unused);
  }

  private interface Choice {
    boolean takes(Path file);
  }

  private static List<String> linesWith(Pattern pattern, Choice choice) throws IOException {
    var found = new ArrayList<String>();
    for (Path file : files()) {
      if (!choice.takes(file)) {
        continue;
      }
      int number = 0;
      for (String line : lines(file)) {
        number++;
        if (pattern.matcher(line).find()) {
          found.add(file + ":" + number + ": " + line.strip());
        }
      }
    }
    return found;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      // not a text
      return List.of();
    }
  }

  private static List<Path> files() throws IOException {
    var all = new ArrayList<Path>();
    for (String tree : TREES) {
      Path path = ROOT.resolve(tree);
      if (Files.exists(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          all.addAll(files.filter(Files::isRegularFile).sorted().toList());
        }
      }
    }
    return all;
  }
}
