package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.diagnostic.ProblemException;
import bmr.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Formatted scripts mean the same, keep their comments, and stay as they are. */
public class FormatterTest {
  private static final Path CASES = Path.of("src/test/resources/bmr/format");
  private static final int ROUNDS = Integer.getInteger("bmr.rounds", 600);
  private static final String[] LAYOUT = {
    "\n",
    "\n  ",
    "\n      ",
    "\n\n\n\n",
    " ",
    "   ",
    "\t",
    " # remark\n",
    " // r\n    ",
    "\n# own\n",
    "\n - "
  };

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.filter(file -> file.toString().endsWith(".bmr")).sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> goldens(file)));
    }
  }

  private static void goldens(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".bmr", "");
    String text = Files.readString(file);
    Golden.check("format/" + name + ".golden", formatted(text));
    Golden.check("format/" + name + "-sparse.golden", formatted(text, Formatter.Option.SPARSE));
    holds(text);
  }

  private static String formatted(String text, Formatter.Option... options) {
    Formatted formatted = Formatter.format(SourceText.of("case", text), options);
    assertFalse(formatted.failed(), () -> text + "\n" + formatted.diagnostics());
    return formatted.text();
  }

  /** Nothing is asked of a script with errors. */
  public static void holdsIfSound(String text) {
    if (!Formatter.format(SourceText.of("fuzz", text)).failed()) {
      holds(text);
    }
  }

  /** What must hold of every script without errors; that the tree stays is checked inside. */
  private static void holds(String text) {
    String once = formatted(text);
    assertEquals(once, formatted(once), () -> "formatted twice:\n" + text);
    assertEquals(comments(text), comments(once), () -> "comments of:\n" + text);
    assertTrue(once.isEmpty() || once.endsWith("\n") && !once.endsWith("\n\n"), text);
    assertFalse(once.lines().anyMatch(line -> line.endsWith(" ")), once);
    String sparse = formatted(text, Formatter.Option.SPARSE);
    assertEquals(sparse, formatted(sparse, Formatter.Option.SPARSE), () -> "sparse:\n" + text);
  }

  /** Comments in their order, without the rulers and labels of tables. */
  private static List<String> comments(String text) {
    List<String> comments = new ArrayList<>();
    for (String line : text.replaceAll("hf:[\\p{L}\\p{M}\\p{N}_./@-]+", "hf").lines().toList()) {
      boolean quoted = false;
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        quoted ^= "\"\u201C\u201D\u201E".indexOf(c) >= 0;
        if (!quoted && (c == '#' || line.startsWith("//", i))) {
          String comment = line.substring(i).strip();
          if (!comment.matches("# *\\+?0 .*[0-9]|# (BASE|M00|(IN|OUT)\\d\\d-(IN|OUT)\\d\\d)")) {
            comments.add(comment);
          }
          break;
        }
      }
    }
    return comments;
  }

  @TestFactory
  Stream<DynamicTest> scriptsOfTheProject() throws IOException {
    return scripts().stream()
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> holds(read(file))));
  }

  private static String read(Path file) {
    return Parser.read(file, file.toString()).text();
  }

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    for (String folder : List.of("examples", "src/test/resources/bmr")) {
      try (var files = Files.walk(Path.of(folder))) {
        files
            .filter(file -> file.toString().endsWith(".bmr"))
            .sorted()
            .filter(FormatterTest::isSound)
            .forEach(scripts::add);
      }
    }
    assertTrue(scripts.size() > 20, () -> scripts.toString());
    return scripts;
  }

  private static boolean isSound(Path file) {
    try {
      return !Formatter.format(Parser.read(file, file.toString())).failed();
    } catch (ProblemException unreadable) {
      return false;
    }
  }

  /** Ends of lines, blanks and remarks at any place where the script stays without errors. */
  @Test
  void anyLayout() throws IOException {
    long seed = Long.getLong("bmr.seed", 20_261_124);
    var random = new Random(seed);
    List<Path> scripts = scripts();
    int sound = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var text = new StringBuilder(read(scripts.get(random.nextInt(scripts.size()))));
      if (text.length() > 3_000) {
        int from = text.indexOf("\n", random.nextInt(text.length() - 2_000));
        text = new StringBuilder(text.substring(from, from + 1_500));
      }
      for (int change = random.nextInt(6); change >= 0; change--) {
        text.insert(random.nextInt(text.length() + 1), LAYOUT[random.nextInt(LAYOUT.length)]);
      }
      String script = text.toString();
      try {
        if (!Formatter.format(SourceText.of("mutated", script)).failed()) {
          sound++;
          holds(script);
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ":\n" + script, e);
      }
    }
    int found = sound;
    assertTrue(found > ROUNDS / 10, () -> "only " + found + " scripts were sound, seed " + seed);
  }

  @Test
  void errorsLeaveTheTextAlone() {
    String text = "MIX =  A x\n";
    Formatted formatted = Formatter.format(SourceText.of("case", text));
    assertTrue(formatted.failed());
    assertEquals(text, formatted.text());
  }

  @Test
  void windowsLinesStay() {
    assertEquals("A = B x 0.5 + C x 0.5\r\n", formatted("A=B*.5+C*.5\r\n\r\n"));
  }

  @Test
  void nothingStaysNothing() {
    assertEquals("", formatted("\n  \n"));
  }
}
