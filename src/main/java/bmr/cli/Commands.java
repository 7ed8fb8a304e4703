package bmr.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** The commands in the order of the help. */
enum Commands {
  RUN(RunCommand::new),
  CHECK(CheckCommand::new),
  PLAN(PlanCommand::new),
  MODELS(ModelsCommand::new),
  INSPECT(InspectCommand::new),
  CONVERT(ConvertCommand::new),
  IMPORT(ImportCommand::new),
  EXPORT(ExportCommand::new),
  DIFF(DiffCommand::new),
  FMT(FmtCommand::new),
  EXPLAIN(ExplainCommand::new),
  COMPARE(CompareCommand::new),
  SAME(SameCommand::new),
  FIT(FitCommand::new),
  TRACE(TraceCommand::new),
  REPORT(ReportCommand::new),
  SAMPLE(SampleCommand::new),
  DEMO(DemoCommand::new);

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final Function<Context, Callable<Integer>> factory;

  Commands(Function<Context, Callable<Integer>> factory) {
    this.factory = factory;
  }

  /** The command as it is typed. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Optional<Commands> named(String word) {
    return Arrays.stream(values()).filter(command -> command.word().equals(word)).findFirst();
  }

  /** A fresh command object with picocli's annotations. */
  Callable<Integer> create(Context context) {
    return factory.apply(context);
  }
}
