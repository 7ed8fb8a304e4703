package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Statement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No text makes the parser throw, run away or point outside of it. */
class AnyTextTest {
  private static final long SEED = 20_230_601;

  private static final String[] SOUP = {
    "A",
    "x",
    "X",
    "alpha",
    "1-alpha",
    "0.5",
    "0,5",
    "75%",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "−",
    "*",
    "×",
    "·",
    "/",
    "@",
    "|",
    "=",
    "->",
    "=>",
    "→",
    ",",
    ":",
    "~",
    "..",
    "?",
    "?w",
    "\"",
    "\"q\"",
    "“",
    "save",
    "model",
    "models",
    "let",
    "as",
    "with",
    "on",
    "f16",
    "else",
    "NOT",
    "vae",
    "expect",
    "seed",
    "compare",
    "#c",
    "//c",
    "\n",
    "\n  ",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "•",
    "SMOOTHSTEP*2",
    "hf:a/b",
    "1e9",
    "1e99999999999",
    "é",
    "猫",
    "\uD83D\uDE00",
    "\uD83D",
    "\uDE00",
    "\u200B",
    "\uFEFF",
    "\0",
    "\033[31m",
    "\u202E",
    ".",
    "--",
    "$",
    "OUT03~OUT05",
    "BASE"
  };

  private static List<String> material() throws Exception {
    List<String> texts = new ArrayList<>();
    texts.add(Files.readString(Path.of("examples/blessing-mix.bmr")));
    texts.addAll(Sections.of("forms.txt").values());
    texts.addAll(Sections.of("traps.txt").values());
    return texts;
  }

  @Test
  void tokenSoup() {
    var random = new Random(SEED);
    for (int round = 0; round < 2000; round++) {
      var text = new StringBuilder();
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        text.append(SOUP[random.nextInt(SOUP.length)]);
        text.append(random.nextInt(3) == 0 ? "" : " ");
      }
      check(text.toString(), round);
    }
  }

  @Test
  void mutationsOfScripts() throws Exception {
    var random = new Random(SEED + 1);
    List<String> texts = material();
    for (int round = 0; round < 1500; round++) {
      var text = new StringBuilder(texts.get(random.nextInt(texts.size())));
      if (text.length() > 3000) {
        int from = random.nextInt(text.length() - 2000);
        text = new StringBuilder(text.substring(from, from + 2000));
      }
      int edits = 1 + random.nextInt(6);
      for (int i = 0; i < edits && !text.isEmpty(); i++) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, SOUP[random.nextInt(SOUP.length)]);
          default -> text.setLength(at);
        }
      }
      check(text.toString(), round);
    }
  }

  private static void check(String text, int round) {
    try {
      Invariants.check(SourceText.of("any.bmr", text));
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      throw new AssertionError("seed " + SEED + ", round " + round + ":\n" + text, e);
    }
  }

  @Test
  void everySllTreeIsTheLlTree() throws Exception {
    for (String text : material()) {
      var source = SourceText.of("any.bmr", text);
      Parsed sll = Parser.parse(source, PredictionMode.SLL);
      Parsed ll = Parser.parse(source, PredictionMode.LL_EXACT_AMBIG_DETECTION);
      assertEquals(ll.script(), sll.script(), text);
      assertEquals(ll.diagnostics(), sll.diagnostics(), text);
    }
  }

  @Test
  void bracketsNestedAsDeeplyAsAllowed() {
    String deep = "R = " + "(".repeat(200) + "A" + ")".repeat(200) + " x 0.5";
    assertEquals(List.of(), parse(deep).diagnostics());
  }

  @Test
  void bracketsNestedTooDeeply() {
    for (String opener : List.of("(", "[", "{BASE:", "f(", "(1 - ")) {
      Parsed parsed = parse("R = " + opener.repeat(100_000));
      assertEquals(1, parsed.diagnostics().size());
      assertEquals("BMR0008", parsed.diagnostics().getFirst().problem().code());
    }
  }

  @Test
  void signsByTheThousand() {
    assertEquals(List.of(), parse("R = A " + "- ".repeat(100_001) + "B").diagnostics());
    assertEquals(List.of(), parse("R = A x " + "- ".repeat(100_001) + "B").diagnostics());
  }

  @Test
  void aSumOfTenThousandTerms() {
    checkSum(10_000);
  }

  @Test
  @Tag("slow")
  void aSumOfAHundredThousandTerms() {
    checkSum(100_000);
  }

  private static void checkSum(int differences) {
    Parsed parsed = parse("R = A" + " + (B - C) x 0.00001".repeat(differences));
    assertEquals(List.of(), parsed.diagnostics());
    var definition = (Statement.Definition) parsed.script().statements().getFirst();
    var sum = (Expression.Sum) definition.value();
    assertEquals(differences + 1, sum.terms().size());
    assertEquals(sum.hashCode(), new Expression.Sum(sum.terms(), sum.span()).hashCode());
  }

  @Test
  void aMegabyteOfScript() throws Exception {
    String example = Files.readString(Path.of("examples/blessing-mix.bmr"));
    Parsed one = parse(example);
    int times = (1 << 20) / example.length();
    Parsed all = parse(example.repeat(times));
    assertEquals(times * one.script().statements().size(), all.script().statements().size());
    assertEquals(List.of(), all.diagnostics());
  }

  @Test
  void fortyThousandLinesOfComment() {
    String comments = "# nothing\n".repeat(40_000);
    Parsed parsed = parse("R = A x 0.5 +\n" + comments + "B x 0.5\n" + comments + "save R\n");
    assertEquals(2, parsed.script().statements().size());
    assertEquals(List.of(), parsed.diagnostics());
  }

  @Test
  void aMegabyteOfNonsenseGivesTwentyMessagesAndACount() {
    Parsed parsed = parse("this is no formula at all\n".repeat(20_000));
    assertEquals(21, parsed.diagnostics().size());
    String last = parsed.diagnostics().getLast().problem().message();
    assertTrue(last.contains("19980"), last);
    assertEquals(Severity.ERROR, parsed.diagnostics().getFirst().problem().severity());
  }

  @Test
  void aLineFullOfMistakesGivesAFew() {
    Parsed parsed = parse("R = A" + " + 1e99999 x B".repeat(20_000));
    assertEquals(20, parsed.diagnostics().size());
  }

  @Test
  void thousandsOfWeightsOfOneDefinition() {
    int weights = 5_000;
    var text = new StringBuilder("R = A");
    for (int i = 0; i < weights; i++) {
      text.append(" + (B - C) x w").append(i);
    }
    for (int i = 0; i < weights; i++) {
      text.append("\n  w").append(i).append(" = 0.5");
    }
    Parsed parsed = parse(text.toString());
    assertEquals(List.of(), parsed.diagnostics());
    var definition = (Statement.Definition) parsed.script().statements().getFirst();
    assertEquals(weights, definition.clauses().size());
  }

  private static Parsed parse(String text) {
    return Parser.parse(SourceText.of("any.bmr", text));
  }
}
