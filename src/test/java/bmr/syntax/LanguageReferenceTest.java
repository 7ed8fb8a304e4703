package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code in {@code docs/language.md} is what the grammar accepts, and refuses, as shown. */
class LanguageReferenceTest {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```([a-z-]+)\\R(.*?)^```$");

  private record Block(String kind, String text) {}

  private static List<Block> blocks() throws Exception {
    List<Block> blocks = new ArrayList<>();
    var matcher = FENCE.matcher(Files.readString(Path.of("docs/language.md")));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2).replace("\r\n", "\n")));
    }
    return blocks;
  }

  private static List<Diagnostic> problems(String text) {
    return Parser.parse(SourceText.of("recipe.bmr", text)).diagnostics();
  }

  @Test
  void rightCodeParses() throws Exception {
    List<Block> right = blocks().stream().filter(b -> b.kind().equals("bmr")).toList();
    assertTrue(right.size() >= 10, () -> "only " + right.size());
    for (Block block : right) {
      List<Diagnostic> problems =
          problems(block.text()).stream()
              .filter(d -> d.problem().severity() != Severity.NOTE)
              .toList();
      assertEquals(List.of(), problems, block.text());
    }
  }

  @Test
  void wrongCodeGivesTheMessageBelow() throws Exception {
    List<Block> blocks = blocks();
    int wrong = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).kind().equals("bmr-error")) {
        wrong++;
        List<Diagnostic> problems = problems(blocks.get(i).text());
        assertFalse(problems.isEmpty(), blocks.get(i).text());
        assertEquals(blocks.get(i + 1).text(), DiagnosticRenderer.plain().render(problems));
      }
    }
    assertTrue(wrong >= 8, "only " + wrong);
  }
}
