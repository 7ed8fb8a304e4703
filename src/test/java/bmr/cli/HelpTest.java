package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HelpTest {
  private static final Path HERE = Path.of("");

  @ParameterizedTest
  @EnumSource
  void everyCommandHasHelpThatFits(Commands command) {
    CommandRun help = CommandRun.in(HERE, command.word(), "--help");
    assertEquals(ExitStatus.DONE, help.status());
    assertEquals("", help.err());
    assertFits(help.out());
    Golden.check("cli/help-" + command.word() + ".golden", help.out());
    assertEquals(help, CommandRun.in(HERE, "help", command.word()));
  }

  @Test
  void theProgramHasHelpThatFits() {
    CommandRun help = CommandRun.in(HERE, "--help");
    assertEquals(ExitStatus.DONE, help.status());
    assertFits(help.out());
    Golden.check("cli/help.golden", help.out());
    assertEquals(help, CommandRun.in(HERE, "help"));
  }

  @Test
  void helpNamesEveryCommand() {
    String help = CommandRun.in(HERE, "--help").out();
    for (Commands command : Commands.values()) {
      assertTrue(help.contains("\n  " + command.word() + " "), command.word());
    }
  }

  @Test
  void helpIsColouredOnATerminalOnly() {
    assertTrue(CommandRun.onTerminal(HERE, "help", "run").out().contains("\u001b["));
    assertTrue(!CommandRun.in(HERE, "help", "run").out().contains("\u001b["));
  }

  private static void assertFits(String help) {
    List<String> wide = help.lines().filter(line -> line.length() > 80).toList();
    assertEquals(List.of(), wide);
  }
}
