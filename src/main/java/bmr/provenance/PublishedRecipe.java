package bmr.provenance;

import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A script as it goes into a file: without folders of the machine it ran on. */
public final class PublishedRecipe {
  private record Edit(int start, int end, String text) {}

  private PublishedRecipe() {}

  /**
   * The script's text, {@code models} lines left out, files of {@code model} lines by their names.
   * Included scripts stand where they were included, without what they save and compare.
   *
   * @param included gives the script that a statement brought; empty where the script was there
   *     already
   */
  public static String of(Script script, Function<Statement.Include, Optional<Script>> included) {
    return of(script, included, true);
  }

  private static String of(
      Script script, Function<Statement.Include, Optional<Script>> included, boolean main) {
    String text = script.source().text();
    List<Edit> edits = new ArrayList<>();
    for (Statement statement : script.statements()) {
      switch (statement) {
        case Statement.ModelsFolder folder -> edits.add(line(text, folder));
        case Statement.ModelFile file -> {
          String path = file.file().orElse("");
          String written = '"' + path + '"';
          int start = path.isEmpty() ? -1 : text.indexOf(written, file.span().start());
          if (start >= 0 && start < file.span().end()) {
            edits.add(new Edit(start, start + written.length(), '"' + fileName(path) + '"'));
          }
        }
        case Statement.Save save when !main -> edits.add(line(text, save));
        case Statement.Compare compare when !main -> edits.add(line(text, compare));
        case Statement.Expectation expectation when !main -> edits.add(line(text, expectation));
        case Statement.Save save -> {
          if (save.file().isPresent()) {
            String written = '"' + save.file().get() + '"';
            int start = text.indexOf(written, save.span().start());
            if (start >= 0 && start < save.span().end()) {
              String name = '"' + fileName(save.file().get()) + '"';
              edits.add(new Edit(start, start + written.length(), name));
            }
          }
        }
        case Statement.Definition d -> {}
        case Statement.Let l -> {}
        case Statement.Compare c -> {}
        case Statement.Expectation e -> {}
        case Statement.BlockMapChoice b -> {}
        case Statement.Precision p -> {}
        case Statement.Seed s -> {}
        case Statement.EmaChoice e -> {}
        case Statement.Include include -> {
          Edit edit = line(text, include);
          String inner = included.apply(include).map(one -> of(one, included, false)).orElse("");
          boolean ends = inner.isEmpty() || inner.endsWith("\n");
          edits.add(new Edit(edit.start(), edit.end(), ends ? inner : inner + "\n"));
        }
      }
    }
    edits.sort(Comparator.comparingInt(Edit::start).reversed());
    StringBuilder result = new StringBuilder(text);
    edits.forEach(edit -> result.replace(edit.start(), edit.end(), edit.text()));
    return result.toString().replace("\r\n", "\n");
  }

  private static Edit line(String text, Statement statement) {
    int end = statement.span().end();
    while (end < text.length() && text.charAt(end) != '\n') {
      end++;
    }
    return new Edit(statement.span().start(), Math.min(end + 1, text.length()), "");
  }

  private static String fileName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }
}
