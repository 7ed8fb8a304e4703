package bmr.workspace;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.ReferenceProblem.IncludeCycle;
import bmr.diagnostic.ReferenceProblem.IncludeTooDeep;
import bmr.diagnostic.ReferenceProblem.IncludeUnreadable;
import bmr.diagnostic.StatementProblem.ScriptTooLarge;
import bmr.diagnostic.StatementProblem.ScriptUnreadable;
import bmr.source.SourceText;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the scripts that a script includes, each once, and puts their statements where the {@code
 * include} stands. What they save and compare is left out.
 */
final class IncludedScripts {
  /** How deep scripts may include scripts. */
  static final int DEEPEST = 32;

  private final List<Diagnostic> diagnostics;
  private final Map<SourceText, Path> folders = new HashMap<>();
  private final Map<SourceText, Integer> order = new HashMap<>();
  private final Map<Statement.Include, Script> included = new HashMap<>();
  private final Set<Path> seen = new HashSet<>();
  private final Map<Path, String> open = new HashMap<>();
  private final List<Path> stack = new ArrayList<>();

  IncludedScripts(List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
  }

  /**
   * A script together with what it includes.
   *
   * @param folder what its relative paths are relative to
   * @param file of the script, if it is one
   */
  Script complete(Script script, Path folder, Optional<Path> file) {
    folders.put(script.source(), folder);
    order.put(script.source(), 0);
    if (script.statements().stream().noneMatch(Statement.Include.class::isInstance)) {
      return script;
    }
    file.ifPresent(path -> push(real(path), script.source().name()));
    List<Statement> statements = new ArrayList<>();
    collect(script, folder, statements, true);
    return new Script(script.source(), statements);
  }

  /** The folder of the script that a text belongs to. */
  Path folder(SourceText source, Path otherwise) {
    return folders.getOrDefault(source, otherwise);
  }

  /** Where problems of a text stand among those of others: in the order of reading. */
  int order(SourceText source) {
    return order.getOrDefault(source, 0);
  }

  /** The script that an {@code include} brought, if it was the first to name it. */
  Optional<Script> of(Statement.Include include) {
    return Optional.ofNullable(included.get(include));
  }

  private void push(Path real, String name) {
    seen.add(real);
    open.put(real, name);
    stack.add(real);
  }

  private void collect(Script script, Path folder, List<Statement> target, boolean main) {
    for (Statement statement : script.statements()) {
      switch (statement) {
        case Statement.Include include -> {
          target.add(include);
          include(include, script.source().name(), folder, target);
        }
        case Statement.Save save -> {
          if (main) {
            target.add(save);
          }
        }
        case Statement.Compare compare -> {
          if (main) {
            target.add(compare);
          }
        }
        case Statement.Expectation expectation -> {
          if (main) {
            target.add(expectation);
          }
        }
        case Statement.Definition d -> target.add(d);
        case Statement.Let let -> target.add(let);
        case Statement.ModelsFolder models -> target.add(models);
        case Statement.ModelFile model -> target.add(model);
        case Statement.BlockMapChoice map -> target.add(map);
        case Statement.Precision precision -> target.add(precision);
        case Statement.Seed seed -> target.add(seed);
        case Statement.EmaChoice ema -> target.add(ema);
      }
    }
  }

  private void include(
      Statement.Include include, String from, Path folder, List<Statement> target) {
    Optional<Path> path = ScriptFolders.resolve(folder, include.file());
    if (path.isEmpty() || !Files.isRegularFile(path.get())) {
      boolean isFolder = path.isPresent() && Files.isDirectory(path.get());
      report(
          include,
          new IncludeUnreadable(
              include.file(), isFolder ? "it is a folder" : "there is no such file"));
      return;
    }
    Path real = real(path.get());
    if (open.containsKey(real)) {
      List<String> names =
          stack.subList(stack.indexOf(real), stack.size()).stream()
              .map(one -> open.getOrDefault(one, one.toString()))
              .toList();
      report(include, new IncludeCycle(names));
      return;
    }
    if (seen.contains(real)) {
      return;
    }
    if (stack.size() > DEEPEST) {
      report(include, new IncludeTooDeep(DEEPEST));
      return;
    }
    Script script = read(include, path.get(), shown(from, include.file()));
    if (script == null) {
      return;
    }
    included.put(include, script);
    Path parent = path.get().toAbsolutePath().getParent();
    Path own = parent == null ? folder : parent;
    folders.put(script.source(), own);
    order.put(script.source(), order.size());
    push(real, script.source().name());
    collect(script, own, target, false);
    stack.removeLast();
    open.remove(real);
  }

  private @Nullable Script read(Statement.Include include, Path path, String name) {
    try {
      Parsed parsed = Parser.parse(Parser.read(path, name));
      diagnostics.addAll(parsed.diagnostics());
      return parsed.script();
    } catch (ProblemException e) {
      Problem problem = e.diagnostics().getFirst().problem();
      String reason =
          switch (problem) {
            case ScriptUnreadable unreadable -> unreadable.reason();
            case ScriptTooLarge large -> "it is too large";
            default -> problem.message();
          };
      report(include, new IncludeUnreadable(include.file(), reason));
      return null;
    }
  }

  private void report(Statement.Include include, Problem problem) {
    diagnostics.add(Diagnostic.at(include.fileSpan(), problem));
  }

  /** How messages call the script: as seen from where the including one is seen. */
  private static String shown(String from, String written) {
    try {
      return written.startsWith("~")
          ? written
          : Path.of(from).resolveSibling(written).normalize().toString();
    } catch (InvalidPathException e) {
      return written;
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
