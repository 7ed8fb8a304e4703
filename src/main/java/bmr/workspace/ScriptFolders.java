package bmr.workspace;

import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.NameProblem.NoSuchFile;
import bmr.diagnostic.ProblemException;
import bmr.source.Span;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a script's models lie: the folders of the command line and of its {@code models} lines, and
 * the files of its {@code model} lines. Without any folder, the script's own.
 */
final class ScriptFolders {
  private final Path base;
  private final IncludedScripts scripts;
  private final List<Diagnostic> diagnostics;

  /**
   * Folders of a script.
   *
   * @param base what relative paths in the script are relative to
   * @param scripts know the folders of included scripts
   */
  ScriptFolders(Path base, IncludedScripts scripts, List<Diagnostic> diagnostics) {
    this.base = base;
    this.scripts = scripts;
    this.diagnostics = diagnostics;
  }

  ModelLibrary library(Script script, List<Path> fromCommandLine) {
    List<Path> folders = new ArrayList<>(fromCommandLine);
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.ModelsFolder(String folder, Span span)) {
        existing(folder, "the models folder", span).ifPresent(folders::add);
      }
    }
    if (folders.isEmpty()) {
      folders.add(base);
    }
    ModelLibrary library = scan(folders);
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.ModelFile file && !file.file().startsWith("hf:")) {
        Optional<Path> path = existing(file.file(), "the file", file.span());
        if (path.isPresent()) {
          library = library.withFile(file.name().text(), path.get());
        }
      }
    }
    return library;
  }

  private ModelLibrary scan(List<Path> folders) {
    try {
      return ModelLibrary.of(folders);
    } catch (ProblemException e) {
      diagnostics.addAll(e.diagnostics());
      return ModelLibrary.empty();
    }
  }

  private Optional<Path> existing(String written, String what, Span span) {
    Optional<Path> path = resolve(scripts.folder(span.source(), base), written);
    if (path.isEmpty() || !Files.exists(path.get())) {
      diagnostics.add(Diagnostic.at(span, new NoSuchFile(what, written)));
      return Optional.empty();
    }
    return path;
  }

  /** A path of the script: {@code ~} expands, the rest is relative to the script. */
  static Optional<Path> resolve(Path base, String written) {
    try {
      String home = System.getProperty("user.home", "");
      if (written.equals("~")) {
        return Optional.of(Path.of(home));
      }
      if (written.startsWith("~/") || written.startsWith("~\\")) {
        return Optional.of(Path.of(home).resolve(written.substring(2)));
      }
      return Optional.of(base.resolve(written));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
