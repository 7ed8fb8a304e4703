package bmr.workspace;

import bmr.checkpoint.FileHash;
import bmr.checkpoint.HashCache;
import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.LibraryProblem.FolderAway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a user has beyond the folders that a recipe names.
 *
 * @param folders of the configuration, searched after all others
 * @param hashes of files, as far as they are known
 * @param hub the local cache of the Hugging Face hub
 */
public record UserLibrary(List<Path> folders, HashCache hashes, Optional<Path> hub) {
  public UserLibrary {
    folders = List.copyOf(folders);
  }

  /** Nothing; hashes are computed whenever they are needed. */
  public static UserLibrary none() {
    return of(UserPlaces.none(), FileHash.Watch.NOBODY);
  }

  /**
   * A library that looks for names in the folders of the configuration, too, if nothing else has
   * them.
   *
   * @param diagnostics where folders that are not there are told
   */
  public ModelLibrary after(ModelLibrary library, List<Diagnostic> diagnostics) {
    List<Path> there = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        there.add(folder);
      } else {
        diagnostics.add(Diagnostic.of(new FolderAway(folder, "it is not there")));
      }
    }
    return there.isEmpty() ? library : library.followedBy(ModelLibrary.of(there, hashes));
  }

  /**
   * What lies in a user's places.
   *
   * @param watch is told of files that are hashed
   * @throws bmr.diagnostic.ProblemException if the configuration is not right
   */
  public static UserLibrary of(UserPlaces places, FileHash.Watch watch) {
    return new UserLibrary(
        places.config().map(LibraryConfig::read).map(LibraryConfig::folders).orElse(List.of()),
        new HashCache(places.cache().map(folder -> folder.resolve("hashes")), watch),
        places.hub());
  }
}
