package bmr.cli;

import bmr.diagnostic.ProblemException;
import bmr.report.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The whole program but for the process around it: arguments in, exit status out. */
final class Program {
  private static final Pattern CHOICE =
      Pattern.compile("expected one of \\[(.*)\\] \\(case-insensitive\\) but was '(.*)'");

  private final Context context;
  private final Messages messages;

  Program(Context context) {
    this.context = context;
    this.messages = new Messages(context.terminal());
  }

  /** Runs a command; everything it has to say goes to the terminal, and nothing is thrown. */
  int run(String... arguments) {
    try {
      return commandLine(arguments).execute(arguments);
    } catch (StackOverflowError | OutOfMemoryError e) {
      return messages.fault(e);
    }
  }

  /** The version of this build. */
  static String version() {
    var properties = new Properties();
    try (InputStream file = Program.class.getResourceAsStream("version.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }

  /** Knows all commands, or only the one that is asked for: describing one takes its time. */
  private CommandLine commandLine(String[] arguments) {
    var line = new CommandLine(new RootCommand(context));
    String first = arguments.length == 0 ? "" : arguments[0];
    var asked = Commands.named(first);
    if (asked.isPresent()) {
      line.addSubcommand(asked.get().create(context));
    } else {
      for (Commands command : Commands.values()) {
        line.addSubcommand(command.create(context));
      }
    }
    return configure(line);
  }

  /** The complete command line, as the help and the tests of the help need it. */
  CommandLine complete() {
    return commandLine(new String[0]);
  }

  private CommandLine configure(CommandLine line) {
    Terminal terminal = context.terminal();
    line.setExpandAtFiles(false);
    line.setUsageHelpWidth(Math.min(Terminal.DEFAULT_WIDTH, terminal.width()));
    line.setUsageHelpLongOptionsMaxWidth(24);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.colourOut() ? Ansi.ON : Ansi.OFF));
    line.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
    line.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
    line.setHelpFactory(HelpLayout::new);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(this::wrongUsage);
    line.setExecutionExceptionHandler(this::failed);
    return line;
  }

  private int wrongUsage(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    String message = String.valueOf(exception.getMessage());
    if (exception instanceof UnmatchedArgumentException unmatched
        && command.getParent() == null
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      String kind = word.startsWith("-") ? "option" : "command";
      message = "bmr has no " + kind + " `" + word + "`";
      String similar = String.join("`, `", unmatched.getSuggestions());
      if (!similar.isEmpty() && kind.equals("command")) {
        message += "; did you mean `" + similar + "`?";
      }
    }
    messages.wrongUsage(inOurWords(message), command.getCommandSpec().qualifiedName());
    return ExitStatus.USAGE;
  }

  /** picocli doubles a word, and lists choices as Java spells them. */
  private static String inOurWords(String message) {
    Matcher choice = CHOICE.matcher(message);
    return choice
        .replaceAll(found ->
            Matcher.quoteReplacement(
                "`%s` is none of %s"
                    .formatted(found.group(2), found.group(1).toLowerCase(Locale.ROOT))))
        .replace("option option", "option");
  }

  private int failed(Exception exception, CommandLine command, ParseResult arguments) {
    // 1 for most commands; another one for those that say something else with 1
    int fault = command.getCommandSpec().exitCodeOnExecutionException();
    return switch (exception) {
      case ProblemException problems -> {
        messages.print(problems.diagnostics());
        messages.offerExplanation(problems.diagnostics());
        yield fault;
      }
      case CommandFailure failure -> {
        messages.error(failure.message(), failure.hint());
        yield fault;
      }
      case CancellationException _ -> {
        context.terminal().say("stopped; nothing was written");
        yield ExitStatus.INTERRUPTED;
      }
      case UncheckedIOException file -> unreadable(file.getCause(), fault);
      case IOException file -> unreadable(file, fault);
      default -> {
        messages.fault(exception);
        yield fault;
      }
    };
  }

  private int unreadable(@org.jspecify.annotations.Nullable IOException exception, int fault) {
    messages.error(FileFailures.describe(exception), java.util.Optional.empty());
    return fault;
  }
}
