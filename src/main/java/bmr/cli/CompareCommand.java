package bmr.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "compare", header = "Later.")
final class CompareCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private final HelpOption help = new HelpOption();

  CompareCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return ExitStatus.DONE;
  }
}
