package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Explanation;
import bmr.workspace.ExampleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages say what bmr really prints. {@code -Dbmr.golden=update} rewrites their messages. */
class ExplainTest {
  private static final Path PAGES = Path.of("src/main/resources/bmr/diagnostic/pages");

  @TempDir private static Path place;

  @BeforeAll
  static void models() throws IOException {
    ExampleModels.write(Files.createDirectory(place.resolve("models")));
  }

  static List<Explanation> scripts() {
    return Explanation.all().stream().filter(page -> !page.right().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void pageShowsWhatIsPrinted(Explanation page) throws IOException {
    String printed = check(page.wrong()).err();
    assertTrue(printed.contains("[" + page.code() + "]"), printed);
    if (!page.message().equals(printed) && "update".equals(System.getProperty("bmr.golden"))) {
      rewrite(page, printed);
      return;
    }
    assertEquals(page.message(), printed, page.code());
    CommandRun right = check(page.right());
    assertEquals(ExitStatus.DONE, right.status(), right.err());
    assertFalse(right.err().contains(page.code()), right.err());
  }

  private static CommandRun check(String script) throws IOException {
    Files.writeString(place.resolve("recipe.bmr"), script);
    return CommandRun.in(place, "check", "recipe.bmr", "--models", "models");
  }

  private static void rewrite(Explanation page, String printed) throws IOException {
    Path file = PAGES.resolve(page.code().substring(0, 5) + ".md");
    String text = Files.readString(file);
    int at = text.indexOf("```text\n", text.indexOf("## " + page.code() + " ")) + 8;
    Files.writeString(
        file, text.substring(0, at) + printed + text.substring(text.indexOf("```", at)));
  }

  @Test
  void codesMayBeShort() {
    CommandRun page = CommandRun.in(place, "explain", "BMR0102");
    assertTrue(page.out().startsWith("BMR0102: no model has this name\n"), page.out());
    for (String typed : List.of("bmr0102", "102", "0102")) {
      assertEquals(page, CommandRun.in(place, "explain", typed));
    }
  }

  @Test
  void unknownCodesAreWrongUsage() {
    CommandRun run = CommandRun.in(place, "explain", "BMR9102");
    assertEquals(ExitStatus.USAGE, run.status());
    assertTrue(run.err().contains("did you mean `BMR0102`?"), run.err());
  }

  @Test
  void errorsOnATerminalNameThePage() throws IOException {
    Files.writeString(place.resolve("wrong.bmr"), "M = Nope x 0.5 + Nop x 0.5\n");
    String offer = "`bmr explain BMR0102` tells more";
    for (String command : List.of("check", "run")) {
      String err = CommandRun.onTerminal(place, command, "wrong.bmr", "--models", "models").err();
      assertTrue(err.endsWith("\u001b[2m" + offer + "\u001b[0m\n"), err);
      assertEquals(err.indexOf(offer), err.lastIndexOf(offer));
      assertFalse(CommandRun.in(place, command, "wrong.bmr").err().contains("explain"));
    }
  }
}
