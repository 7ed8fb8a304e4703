package bmr.workspace;

import bmr.checkpoint.ModelLibrary;
import bmr.checkpoint.WebUiFolders;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.LibraryProblem.FoundByHash;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RequestProblem.NoSuchFile;
import bmr.model.ModelNames.ByHash;
import bmr.model.ModelNames.ModelFile;
import bmr.source.Span;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a script's models lie: the folders of the command line and of its {@code models} lines, and
 * the files of its {@code model} lines. Without any folder, the script's own.
 */
final class ScriptFolders {
  private final Path base;
  private final IncludedScripts scripts;
  private final UserLibrary user;
  private final List<Diagnostic> diagnostics;

  /**
   * Folders of a script.
   *
   * @param base what relative paths in the script are relative to
   * @param scripts know the folders of included scripts
   * @param user has folders to be searched after those of the script
   */
  ScriptFolders(
      Path base, IncludedScripts scripts, UserLibrary user, List<Diagnostic> diagnostics) {
    this.base = base;
    this.scripts = scripts;
    this.user = user;
    this.diagnostics = diagnostics;
  }

  ModelLibrary library(Script script, List<Path> fromCommandLine, Reading.Files use) {
    if (use == Reading.Files.NONE) {
      return withFiles(ModelLibrary.empty(), script, use);
    }
    List<Path> folders = new ArrayList<>(fromCommandLine);
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.ModelsFolder(String folder, Span span)) {
        modelsFolder(folder, span).ifPresent(folders::add);
      }
    }
    if (folders.isEmpty()) {
      folders.add(base);
    }
    return withFiles(scan(folders), script, use);
  }

  private ModelLibrary withFiles(ModelLibrary found, Script script, Reading.Files use) {
    ModelLibrary library = found;
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.ModelFile file) {
        String name = file.name().text();
        if (file.file().isEmpty() || use == Reading.Files.NONE) {
          library = library.withUnknown(name);
          continue;
        }
        String written = file.file().get();
        if (written.startsWith("hf:")) {
          continue;
        }
        Optional<Path> other = byHash(found, file);
        if (other.isPresent()) {
          library = library.withFile(name, other.get());
          continue;
        }
        Optional<Path> path =
            use == Reading.Files.NEEDED
                ? existing(written, "the file", file.span())
                : resolve(scripts.folder(file.span().source(), base), written)
                    .filter(Files::exists);
        if (path.isPresent()) {
          library = library.withFile(name, path.get());
        } else {
          // its absence has been said, if files are needed: its name is no second mistake
          library = library.withUnknown(name);
        }
      }
    }
    return library;
  }

  /** Another file, where the line's own is not there but the line says its hash. */
  private Optional<Path> byHash(ModelLibrary found, Statement.ModelFile line) {
    Optional<Path> own =
        line.file().flatMap(file -> resolve(scripts.folder(line.span().source(), base), file));
    if (line.sha256().isEmpty() || own.filter(Files::exists).isPresent()) {
      return Optional.empty();
    }
    String hash = line.sha256().get().toLowerCase(Locale.ROOT);
    // nothing has this name, so that the hash alone decides
    if (found.findByHash("", hash) instanceof ByHash.Found(ModelFile file, boolean _)) {
      diagnostics.add(
          Diagnostic.at(line.span(), new FoundByHash(line.name().text(), hash, file.path())));
      return Optional.of(file.path());
    }
    return Optional.empty();
  }

  private ModelLibrary scan(List<Path> folders) {
    try {
      return user.after(ModelLibrary.of(folders, user.hashes()), diagnostics);
    } catch (ProblemException e) {
      diagnostics.addAll(e.diagnostics());
      return ModelLibrary.empty();
    }
  }

  private Optional<Path> modelsFolder(String written, Span span) {
    boolean webUi = written.startsWith(WebUiFolders.PREFIX);
    String path = webUi ? written.substring(WebUiFolders.PREFIX.length()) : written;
    Optional<Path> folder = existing(path, "the models folder", span);
    try {
      return webUi ? folder.map(WebUiFolders::checked) : folder;
    } catch (ProblemException e) {
      e.diagnostics().forEach(found -> diagnostics.add(Diagnostic.at(span, found.problem())));
      return Optional.empty();
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
