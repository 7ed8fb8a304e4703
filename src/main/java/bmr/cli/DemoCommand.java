package bmr.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "demo", header = "Later.")
final class DemoCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private final HelpOption help = new HelpOption();

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return ExitStatus.DONE;
  }
}
