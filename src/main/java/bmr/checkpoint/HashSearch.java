package bmr.checkpoint;

import bmr.model.ModelNames.ByHash;
import bmr.model.ModelNames.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds files by their hashes. Among files of one name every hash is computed that is not known;
 * among all files only hashes count that cost little: those kept, those of 64 KiB, and those that a
 * file beside the model claims, which are then verified.
 */
final class HashSearch {
  private final HashCache hashes;

  HashSearch(HashCache hashes) {
    this.hashes = hashes;
  }

  /** Of several files under one name, that with the hash. */
  ByHash among(List<Path> files, String name, String hash) {
    List<String> others = new ArrayList<>();
    for (Path file : files) {
      try {
        String found = hashes.like(hash, file);
        if (found.equals(hash)) {
          return found(name, hash, file, false);
        }
        others.add(file + " has " + found);
      } catch (IOException unreadable) {
        others.add(file + " cannot be read");
      }
    }
    return new ByHash.None(others);
  }

  /** Of all files, one with the hash. */
  ByHash anywhere(List<ModelLibrary.Entry> entries, String name, String hash) {
    FileHash.Kind kind = FileHash.Kind.of(hash);
    List<Path> unknown = new ArrayList<>();
    for (ModelLibrary.Entry entry : entries) {
      Path file = entry.file().path();
      var known = hashes.known(kind, file);
      if (known.isPresent()) {
        if (known.get().startsWith(hash)) {
          return found(name, hash, file, true);
        }
      } else if (Files.isRegularFile(file)) {
        unknown.add(file);
      }
    }
    for (Path file : unknown) {
      boolean likely =
          kind == FileHash.Kind.LEGACY
              || kind == FileHash.Kind.WHOLE
                  && Sidecar.of(file).hashes().stream().anyMatch(claim -> claim.startsWith(hash));
      if (likely && has(file, hash)) {
        return found(name, hash, file, true);
      }
    }
    return new ByHash.Unknown(kind == FileHash.Kind.LEGACY ? 0 : unknown.size());
  }

  private boolean has(Path file, String hash) {
    try {
      return hashes.like(hash, file).equals(hash);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static ByHash found(String name, String hash, Path file, boolean renamed) {
    return new ByHash.Found(new ModelFile(name + "[" + hash + "]", file), renamed);
  }
}
