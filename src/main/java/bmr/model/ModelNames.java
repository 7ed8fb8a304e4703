package bmr.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns names of a script into model files, without opening any. */
public interface ModelNames {
  /** What a look-up found. */
  sealed interface Lookup {
    /**
     * One file.
     *
     * @param exact false when it was found only without regard to case and separators
     */
    record Found(ModelFile file, boolean exact) implements Lookup {}

    /** No file; names that look alike, best first. */
    record Missing(List<String> similar) implements Lookup {}

    /** More than one file. */
    record Ambiguous(List<Path> files) implements Lookup {}
  }

  /** What a look-up by hash found. */
  sealed interface ByHash {
    /** The name alone decides: it has one file, whose hash may be compared. */
    record NameDecides() implements ByHash {}

    /**
     * A file with the hash.
     *
     * @param file whose name ends in the hash, as web UIs print it
     * @param renamed whether the file has another name than the one looked for
     */
    record Found(ModelFile file, boolean renamed) implements ByHash {}

    /** Several files have the name and none the hash; each with what it has. */
    record None(List<String> files) implements ByHash {
      public None {
        files = List.copyOf(files);
      }
    }

    /** No file has the name, and none is known to have the hash; of so many it is not known. */
    record Unknown(int files) implements ByHash {}
  }

  /**
   * A model file under a name.
   *
   * @param name the stem, known extension stripped
   * @param path empty where the script says that the file is not known yet
   */
  record ModelFile(String name, Path path) {
    /** A model whose file is not known yet: {@code model "NAI full" = ?}. */
    public static ModelFile unknown(String name) {
      return new ModelFile(name, Path.of(""));
    }

    /** Whether the script or a folder says which file it is. */
    public boolean isKnown() {
      return !path.toString().isEmpty();
    }
  }

  /** By exact stem, then without regard to case and separators; never by a substring. */
  Lookup find(String name);

  /** As {@link #find}, but the files of LoRAs first, which answer to no name otherwise. */
  default Lookup findLora(String name) {
    return find(name);
  }

  /** By exact stem alone: for the many names of a script that are no files. */
  default Optional<ModelFile> findExactly(String name) {
    return find(name) instanceof Lookup.Found(ModelFile file, boolean exact) && exact
        ? Optional.of(file)
        : Optional.empty();
  }

  /**
   * Of several files under one name, the first whose hash begins with these digits; where nothing
   * has the name, any file that is known to have the hash.
   */
  default ByHash findByHash(String name, String hash) {
    return new ByHash.NameDecides();
  }

  /** All names, sorted. */
  List<String> names();
}
