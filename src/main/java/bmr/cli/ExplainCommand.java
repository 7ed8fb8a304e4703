package bmr.cli;

import bmr.diagnostic.Explanation;
import bmr.diagnostic.Suggestions;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.report.Wrap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr explain}. */
@Command(
    name = "explain",
    sortOptions = false,
    header = "Explain the code of a message, with examples.",
    description = {
      "",
      "Shows what a code such as BMR0102 means, a wrong example with its message,",
      "and a right one. Without a code, lists those that have a page.",
      ""
    },
    footer = {"", "Example:", "  bmr explain BMR0102"})
final class ExplainCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", paramLabel = "CODE", description = "The code; 102 is BMR0102.")
  private Optional<String> code = Optional.empty();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  ExplainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Explanation> pages = Explanation.all();
    if (code.isEmpty()) {
      list(pages);
      return ExitStatus.DONE;
    }
    String wanted = Explanation.code(code.get()).orElse(code.get());
    show(
        pages.stream()
            .filter(page -> page.code().equals(wanted))
            .findFirst()
            .orElseThrow(() -> unknown(wanted, pages)));
    return ExitStatus.DONE;
  }

  private ParameterException unknown(String wanted, List<Explanation> pages) {
    String similar =
        Suggestions.closest(wanted, pages.stream().map(Explanation::code).toList())
            .map(near -> "; did you mean `" + near + "`?")
            .orElse("");
    return new ParameterException(
        spec.commandLine(), "there is no page about `" + wanted + "`" + similar);
  }

  private void list(List<Explanation> pages) {
    String group = "";
    for (Explanation page : pages) {
      String of = group(page.code());
      if (!of.equals(group)) {
        context.terminal().print((group.isEmpty() ? "" : "\n") + heading(of));
        group = of;
      }
      context.terminal().print("  " + page.code() + "  " + page.title());
    }
  }

  private static String group(String code) {
    return switch (code.charAt(4)) {
      case '0' -> "Text";
      case '1' -> "Names and definitions";
      case '2' -> "Weights";
      case '3' -> "Coefficient sums";
      case '4' -> "Files";
      case '5' -> "Merging";
      case '6' -> "Running and writing";
      case '7' -> "Importing";
      default -> "Exporting";
    };
  }

  private void show(Explanation page) {
    Terminal terminal = context.terminal();
    terminal.print(heading(page.code() + ": " + page.title()));
    for (String paragraph : page.text()) {
      terminal.print("");
      Wrap.lines(paragraph, terminal.width(), "").forEach(terminal::print);
    }
    example("Wrong", page.wrong());
    example("What bmr says", page.message());
    example("Right", page.right());
  }

  private void example(String title, String text) {
    if (!text.isEmpty()) {
      context.terminal().print("\n" + heading(title));
      text.lines().forEach(line -> context.terminal().print(line.isEmpty() ? "" : "  " + line));
    }
  }

  private String heading(String text) {
    return context.terminal().paint(Style.HEADING, text);
  }
}
