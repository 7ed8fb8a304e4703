package bmr.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr} without a command: the help. */
@Command(
    name = "bmr",
    versionProvider = RootCommand.Version.class,
    synopsisHeading = "",
    customSynopsis = "bmr COMMAND ...",
    headerHeading = "",
    header = {"Recipes for merged Stable Diffusion models, as text that runs.", ""},
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    subcommands = RootCommand.HelpCommand.class,
    footer = {
      "",
      "A first hour:",
      "  bmr demo                             see everything once, on tiny models",
      "  bmr models ~/models                  what is there",
      "  bmr run -e \"A x 0.7 + B x 0.3\" -o mix.safetensors --models ~/models",
      "  bmr check post.bmr --models ~/models what is wrong with a recipe",
      "  bmr plan post.bmr --models ~/models  what each block is made of",
      "  bmr run post.bmr --models ~/models   make it",
      "",
      "`bmr COMMAND --help` tells more about a command.",
    })
final class RootCommand implements Callable<Integer> {
  private final Context context;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  RootCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.terminal().out().print(new Program(context).complete().getUsageMessage());
    return version || help.asked() ? ExitStatus.DONE : ExitStatus.USAGE;
  }

  /** {@code bmr help run} is {@code bmr run --help}. */
  @Command(name = "help", header = "Show this help, or that of a command.")
  static final class HelpCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command.")
    private String command = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      var root = spec.parent().commandLine();
      if (command.isEmpty()) {
        root.usage(root.getOut());
        return ExitStatus.DONE;
      }
      var asked = root.getSubcommands().get(command);
      if (asked == null) {
        throw new picocli.CommandLine.ParameterException(
            root, "bmr has no command `" + command + "`");
      }
      asked.usage(root.getOut());
      return ExitStatus.DONE;
    }
  }

  /** Reads the version of the build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"bmr " + Program.version()};
    }
  }
}
