package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SentenceTest {
  @Test
  void breaksAtBlanksOutsideOfBackquotes() {
    assertEquals("a short one", Sentence.wrapped("a short one", 5, 40));
    assertEquals(
        "write\n  `A x 0.5 + B`\n  or not", Sentence.wrapped("write `A x 0.5 + B` or not", 6, 16));
    assertEquals("one ` two\n  three", Sentence.wrapped("one ` two three", 0, 10));
  }

  @Test
  void nothingIsLostAndLinesFit() {
    long seed = 20261124;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      var text = new StringBuilder();
      for (int i = 0; i < random.nextInt(30); i++) {
        text.append(i == 0 ? "" : " ").append("ab日".repeat(random.nextInt(1, 4)));
      }
      String wrapped = Sentence.wrapped(text.toString(), random.nextInt(20), 40);
      assertEquals(text.toString(), wrapped.replace("\n  ", " "));
      for (String line : wrapped.split("\n", -1)) {
        assertTrue(bmr.source.Display.width(line) <= 40, line);
      }
    }
  }

  @Test
  void onlyTerminalsGetSeveralLines() {
    var problem = new FormulaProblem.Unexpected("x".repeat(30), "many words ".repeat(12).strip());
    String piped = DiagnosticRenderer.plain().render(Diagnostic.of(problem));
    assertEquals(2, piped.lines().count());
    String shown = new DiagnosticRenderer(80, false, true).render(Diagnostic.of(problem));
    assertEquals(3, shown.lines().count(), shown);
  }
}
