package bmr.cli;

import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import bmr.syntax.tree.Statement;
import bmr.workspace.ModelCandidates;
import bmr.workspace.ModelCandidates.Candidate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Candidates for the files that a recipe leaves open with {@code model NAME = ?}. */
final class OpenModels {
  private static final int MOST_SHOWN = 3;

  private final Context context;
  private final Path recipe;

  OpenModels(Context context, Path recipe) {
    this.context = context;
    this.recipe = recipe;
  }

  /** A place in the script and what belongs there. */
  private record Edit(int at, String text) {}

  int answer(List<Path> folders, boolean write) {
    Path file = context.resolve(recipe);
    SourceText script = Parser.read(file, recipe.toString());
    Path beside = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    List<Path> places =
        folders.isEmpty() ? List.of(beside) : folders.stream().map(context::resolveFolder).toList();
    var notes = new ArrayList<Diagnostic>();
    ModelLibrary library = context.user().after(ModelLibrary.of(places), notes);
    new Messages(context.terminal()).print(notes);
    List<Path> paths = library.entries().stream().map(entry -> entry.file().path()).toList();
    Terminal terminal = context.terminal();
    List<Edit> edits = new ArrayList<>();
    int open = 0;
    for (Statement statement : Parser.parse(script).script().statements()) {
      if (!(statement instanceof Statement.ModelFile model) || model.file().isPresent()) {
        continue;
      }
      open++;
      List<Candidate> candidates =
          ModelCandidates.of(model.name().text(), paths.stream().map(OpenModels::stem).toList());
      terminal.print(terminal.paint(Style.HEADING, model.name().text()));
      if (candidates.isEmpty()) {
        terminal.print("  no file looks like it");
      }
      for (Candidate candidate : candidates.subList(0, Math.min(MOST_SHOWN, candidates.size()))) {
        Path path = path(paths, candidate);
        terminal.print("  " + (candidate.sure() ? "sure   " : "maybe  ") + written(beside, path));
        int mark = script.text().indexOf('?', model.name().span().end());
        if (candidate.sure() && mark >= 0 && written(beside, path).indexOf('"') < 0) {
          edits.add(new Edit(mark, "\"" + written(beside, path) + "\""));
        }
      }
    }
    if (write && !edits.isEmpty()) {
      replace(file, script, edits);
    }
    terminal.print(summary(open, edits.size(), write));
    return ExitStatus.DONE;
  }

  private static String summary(int open, int sure, boolean write) {
    if (open == 0) {
      return "every model of the recipe has its file";
    }
    String models = Quantities.count(open, "open model");
    return write
        ? models + ", " + sure + " filled in, " + (open - sure) + " left"
        : models + ", " + sure + " sure" + (sure > 0 ? ": `--write` fills them in" : "");
  }

  private static Path path(List<Path> paths, Candidate candidate) {
    var byStem = new TreeMap<String, Path>();
    paths.forEach(path -> byStem.putIfAbsent(stem(path), path));
    return byStem.getOrDefault(candidate.stem(), Path.of(candidate.stem()));
  }

  private static String stem(Path path) {
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Relative to the script where the file lies below it. */
  private static String written(Path beside, Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path folder = beside.toAbsolutePath().normalize();
    return (absolute.startsWith(folder) ? folder.relativize(absolute) : absolute)
        .toString()
        .replace('\\', '/');
  }

  /** The script with its edits; every other byte stays. */
  private void replace(Path file, SourceText script, List<Edit> edits) {
    StringBuilder text = new StringBuilder(script.text());
    for (Edit edit : edits.reversed()) {
      text.replace(edit.at(), edit.at() + 1, edit.text());
    }
    try {
      byte[] before = Files.readAllBytes(file);
      boolean plain =
          new String(before, StandardCharsets.UTF_8).equals(script.text()) && script.damaged() < 0;
      if (!plain) {
        throw new CommandFailure(
            "`" + recipe + "` is not plain UTF-8, so it is not edited",
            Optional.of("save it as UTF-8 without a byte order mark"));
      }
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(draft, text, StandardCharsets.UTF_8);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CommandFailure("`" + recipe + "` cannot be written", Optional.empty());
    }
  }
}
