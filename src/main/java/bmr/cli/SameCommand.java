package bmr.cli;

import bmr.analysis.ExactComparison;
import bmr.analysis.ExactComparison.Finding;
import bmr.analysis.ExactComparison.Likeness;
import bmr.checkpoint.Checkpoint;
import bmr.model.Architecture;
import bmr.model.Component;
import bmr.report.ProgressBar;
import bmr.report.Quantities;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr same}. */
@Command(
    name = "same",
    sortOptions = false,
    header = "Say whether two files hold the same model.",
    description = {
      "",
      "Identical, equal but for rounding, or what differs, by component, in one line.",
      "Values are equal but for rounding if none are further apart than neighbours of",
      "the narrower type. Names of files, metadata and the order of tensors do not",
      "count.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  bmr same mix.safetensors mix-f16.safetensors",
      "",
      "Exit status: 0 the same, perhaps but for rounding, 1 different, 2 not compared.",
    },
    exitCodeOnExecutionException = ExitStatus.TROUBLE)
final class SameCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "A", description = "A model file.")
  private Path left = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "Another one.")
  private Path right = Path.of("");

  @Option(
      names = {"-q", "--quiet"},
      description = "Say it by the exit status alone.")
  private boolean quiet;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  SameCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Architecture> none = List.of();
    List<Finding> findings;
    try (Checkpoint one = Checkpoint.open(context.resolve(left), none);
        Checkpoint two = Checkpoint.open(context.resolve(right), none);
        var bar = new ProgressBar(context.terminal(), "comparing")) {
      findings = ExactComparison.compare(one, two, bar, context.cancelled());
    }
    if (!quiet) {
      context.terminal().print(line(findings));
    }
    return findings.stream().anyMatch(one -> one.likeness() == Likeness.DIFFERENT)
        ? ExitStatus.DIFFERENT
        : ExitStatus.DONE;
  }

  private static String line(List<Finding> findings) {
    List<Likeness> kinds = findings.stream().map(Finding::likeness).distinct().toList();
    if (kinds.isEmpty()) {
      return "identical: no tensors";
    }
    if (kinds.size() == 1 && kinds.getFirst() != Likeness.DIFFERENT) {
      int tensors = findings.stream().mapToInt(Finding::tensors).sum();
      return words(kinds.getFirst()) + ": " + Quantities.count(tensors, "tensor");
    }
    return findings.stream()
        .map(finding -> label(finding) + ": " + text(finding))
        .collect(Collectors.joining("; "));
  }

  private static String label(Finding finding) {
    return finding.component().map(Component::label).orElse("other tensors");
  }

  private static String words(Likeness likeness) {
    return switch (likeness) {
      case IDENTICAL -> "identical";
      case ROUNDED -> "equal but for rounding";
      case DIFFERENT -> "different";
    };
  }

  private static String text(Finding finding) {
    if (finding.likeness() != Likeness.DIFFERENT) {
      return words(finding.likeness());
    }
    var parts = new ArrayList<String>();
    if (finding.different() > 0) {
      parts.add(
          "%d of %s differ"
              .formatted(finding.different(), Quantities.count(finding.tensors(), "tensor")));
    }
    if (finding.onlyLeft() > 0) {
      parts.add(Quantities.count(finding.onlyLeft(), "tensor") + " only in A");
    }
    if (finding.onlyRight() > 0) {
      parts.add(Quantities.count(finding.onlyRight(), "tensor") + " only in B");
    }
    return String.join(", ", parts);
  }
}
