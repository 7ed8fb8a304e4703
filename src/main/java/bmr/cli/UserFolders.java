package bmr.cli;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.ProblemException;
import bmr.report.Quantities;
import bmr.workspace.LibraryConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The folders of the user's configuration, shown and changed. */
final class UserFolders {
  private final Context context;

  UserFolders(Context context) {
    this.context = context;
  }

  int change(List<Path> added, List<Path> removed) {
    Path file =
        context
            .places()
            .config()
            .orElseThrow(() ->
                new CommandFailure(
                    "there is no place for a configuration here",
                    Optional.of("set `BMR_CONFIG` to the name of a file")));
    LibraryConfig before = LibraryConfig.read(file);
    LibraryConfig after = before;
    for (Path folder : removed) {
      Path whole = context.resolve(folder);
      LibraryConfig less = after.without(whole);
      if (less == after) {
        throw new CommandFailure(
            "`" + folder + "` is none of the folders that were added",
            Optional.of("`bmr models --folders` lists them"));
      }
      after = less;
    }
    for (Path folder : added) {
      Path whole = context.resolveFolder(folder);
      if (!Files.isDirectory(whole)) {
        throw new ProblemException(
            new FileProblem.PlaceUnusable(
                folder, Files.exists(whole) ? "it is no folder" : "it is not there"));
      }
      after = after.with(whole);
    }
    if (after != before) {
      after.write();
    }
    after.folders().forEach(folder -> context.terminal().print(folder.toString()));
    context
        .terminal()
        .say(Quantities.count(after.folders().size(), "folder") + " in `" + file + "`");
    return ExitStatus.DONE;
  }
}
