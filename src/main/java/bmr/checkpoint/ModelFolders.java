package bmr.checkpoint;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds files with the endings of models in folders and all folders below, links followed, each
 * folder once. A folder in the layout of Diffusers is one model. Hidden files and folders are
 * passed over. No file is opened.
 */
final class ModelFolders {
  /**
   * A file.
   *
   * @param path as it was reached
   * @param real with all links resolved
   */
  record Found(Path path, Path real, ModelKind kind) {}

  private record Folder(Path path, ModelKind kind) {}

  private final List<Found> found = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();
  private final Set<Folder> visited = new HashSet<>();

  /** All files found so far, in the order of the places, by path within one. */
  List<Found> found() {
    return found;
  }

  List<Problem> notes() {
    return notes;
  }

  /**
   * Adds a place: a file, which is a model whatever its name says, or a folder, whose own name says
   * nothing either. Of a web UI's folder only those of its models are searched.
   *
   * @throws ProblemException if it is not there or cannot be listed
   */
  void add(Path place) {
    try {
      Path real = place.toRealPath();
      if (Files.isDirectory(real)) {
        List<WebUiFolders.Part> parts =
            WebUiFolders.of(place).orElse(List.of(new WebUiFolders.Part(place, ModelKind.MODEL)));
        for (WebUiFolders.Part part : parts) {
          addBelow(new Folder(part.folder(), part.kind()));
        }
      } else {
        found.add(new Found(place, real, ModelKind.MODEL));
      }
    } catch (IOException e) {
      boolean missing = !Files.exists(place);
      throw new ProblemException(
          new FileProblem.PlaceUnusable(place, missing ? "it is not there" : reason(e)));
    }
  }

  private void addBelow(Folder place) throws IOException {
    Deque<Folder> waiting = new ArrayDeque<>();
    waiting.push(place);
    while (!waiting.isEmpty()) {
      Folder folder = waiting.pop();
      if (!visited.add(new Folder(folder.path().toRealPath(), folder.kind()))) {
        continue;
      }
      List<Path> entries;
      try {
        entries = list(folder.path());
      } catch (IOException e) {
        if (folder.equals(place)) {
          throw e;
        }
        notes.add(new FileProblem.FolderSkipped(folder.path(), reason(e)));
        continue;
      }
      // the last that is pushed comes first
      for (Folder below : sort(folder, entries).reversed()) {
        waiting.push(below);
      }
    }
  }

  /** Keeps the files of a folder and returns the folders in it. */
  private List<Folder> sort(Folder folder, List<Path> entries) {
    boolean diffusers =
        folder.kind() == ModelKind.MODEL
            && entries.contains(folder.path().resolve(DiffusersFolder.INDEX));
    if (diffusers) {
      keep(folder.path(), ModelKind.MODEL);
    }
    var folders = new ArrayList<Folder>();
    for (Path entry : entries) {
      String name = String.valueOf(entry.getFileName());
      if (Files.isDirectory(entry)) {
        ModelKind kind =
            folder.kind() == ModelKind.MODEL
                ? ModelKind.ofFolder(name).orElse(ModelKind.MODEL)
                : folder.kind();
        // what lies below a model of several files is part of it
        if (!diffusers) {
          folders.add(new Folder(entry, kind));
        }
      } else if (ModelExtension.of(name).isPresent() && !isShard(folder, name, entries)) {
        keep(entry, folder.kind());
      }
    }
    return folders;
  }

  /** A file that is a part of the model whose index stands beside it. */
  private static boolean isShard(Folder folder, String name, List<Path> entries) {
    return ShardNames.indicesOf(name).stream()
        .anyMatch(index -> Collections.binarySearch(entries, folder.path().resolve(index)) >= 0);
  }

  private void keep(Path file, ModelKind folderKind) {
    ModelKind kind =
        folderKind == ModelKind.MODEL ? ModelKind.ofFile(file).orElse(ModelKind.MODEL) : folderKind;
    try {
      found.add(new Found(file, file.toRealPath(), kind));
    } catch (IOException e) {
      // a link that leads nowhere
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        if (!String.valueOf(entry.getFileName()).startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(entries);
    return entries;
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : SafetensorsFile.reason(e);
  }
}
