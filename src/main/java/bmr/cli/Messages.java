package bmr.cli;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.Explanation;
import bmr.diagnostic.Severity;
import bmr.report.Style;
import bmr.report.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What commands say on standard error. */
final class Messages {
  private final Terminal terminal;

  Messages(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Problems in the format of the language, one blank line between them. */
  void print(List<Diagnostic> diagnostics) {
    if (!diagnostics.isEmpty()) {
      var renderer =
          new DiagnosticRenderer(terminal.width(), terminal.colourErr(), terminal.errIsTerminal());
      terminal.err().print(renderer.render(diagnostics));
      terminal.err().flush();
    }
  }

  /** Where a person looks: the command that tells more about the first error, if there is one. */
  void offerExplanation(List<Diagnostic> diagnostics) {
    if (!terminal.errIsTerminal()) {
      return;
    }
    diagnostics.stream()
        .filter(diagnostic -> diagnostic.problem().severity() == Severity.ERROR)
        .findFirst()
        .map(diagnostic -> diagnostic.problem().code())
        .filter(code -> Explanation.all().stream().anyMatch(page -> page.code().equals(code)))
        .ifPresent(
            code -> terminal.say(paint(Style.FAINT, "`bmr explain " + code + "` tells more")));
  }

  /** An error without a place. */
  void error(String message, Optional<String> hint) {
    terminal.say(paint(Style.ERROR, "error") + ": " + message);
    hint.ifPresent(text -> terminal.say(paint(Style.GOOD, "hint") + ": " + text));
  }

  void wrongUsage(String message, String command) {
    error(lowerFirst(message), Optional.of("`" + command + " --help` shows how it is used"));
  }

  /** picocli's own sentences begin with a capital letter. */
  private static String lowerFirst(String message) {
    if (message.length() > 1 && Character.isLowerCase(message.charAt(1))) {
      return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
    return message;
  }

  /** The program is at fault: one sentence, and the details in a file for whoever mends it. */
  int fault(Throwable throwable) {
    String details;
    try {
      Path log = Files.createTempFile("bmr-fault-", ".log");
      try (var writer =
          new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8), false)) {
        writer.println("bmr " + Program.version() + ", Java " + Runtime.version());
        throwable.printStackTrace(writer);
      }
      details = "the details are in " + log;
    } catch (IOException e) {
      details = "the details could not be written to a file";
    }
    error(
        "this is a fault of bmr, not of your recipe: " + throwable.getClass().getSimpleName(),
        Optional.of(details));
    return ExitStatus.FAULT;
  }

  private String paint(Style style, String text) {
    return terminal.colourErr() ? style.on(text) : text;
  }
}
