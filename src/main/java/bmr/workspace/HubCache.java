package bmr.workspace;

import bmr.model.HubReference;
import bmr.model.ModelNames;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The local cache of the Hugging Face hub: {@code models--owner--repo/snapshots/COMMIT/file}, where
 * {@code refs/main} holds the commit and files are links to {@code blobs}. Nothing is ever
 * downloaded.
 *
 * @param library other names
 * @param aliases names of {@code model} lines for files of the hub, to what stands behind {@code
 *     hf:}
 * @param root of the cache; empty where the user has none
 */
record HubCache(ModelNames library, Map<String, String> aliases, Optional<Path> root)
    implements ModelNames {
  private static final String PREFIX = "hf:";
  private static final String DIFFUSERS = "model_index.json";
  private static final int LONGEST_REF = 200;
  private static final int MOST_FILES = 20;

  @Override
  public Lookup find(String name) {
    Optional<String> reference = reference(name);
    if (reference.isEmpty()) {
      return library.find(name);
    }
    return file(reference.get())
        .<Lookup>map(path -> new Lookup.Found(new ModelFile(name, path), true))
        .orElseGet(() -> new Lookup.Missing(filesOf(reference.get())));
  }

  private Optional<String> reference(String name) {
    return name.startsWith(PREFIX)
        ? Optional.of(name.substring(PREFIX.length()))
        : Optional.ofNullable(aliases.get(name));
  }

  @Override
  public Lookup findLora(String name) {
    return reference(name).isPresent() ? find(name) : library.findLora(name);
  }

  @Override
  public Optional<ModelFile> findExactly(String name) {
    return reference(name).isPresent()
        ? ModelNames.super.findExactly(name)
        : library.findExactly(name);
  }

  @Override
  public ByHash findByHash(String name, String hash) {
    return reference(name).isPresent()
        ? ModelNames.super.findByHash(name, hash)
        : library.findByHash(name, hash);
  }

  @Override
  public List<String> names() {
    return library.names();
  }

  /**
   * The file behind {@code owner/repo/file} or {@code owner/repo@revision/file}; the folder behind
   * {@code owner/repo} if it is a model in the layout of Diffusers.
   */
  Optional<Path> file(String reference) {
    Optional<HubReference> parts = HubReference.of(reference);
    Optional<Path> snapshot = parts.flatMap(this::snapshot);
    if (snapshot.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> name = parts.get().file();
    try {
      return name.isPresent()
          ? Optional.of(snapshot.get().resolve(name.get())).filter(Files::exists)
          : snapshot.filter(folder -> Files.exists(folder.resolve(DIFFUSERS)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Model files at the top of a repository that is there but is not one model. */
  private List<String> filesOf(String reference) {
    Optional<Path> snapshot =
        HubReference.of(reference).filter(parts -> parts.file().isEmpty()).flatMap(this::snapshot);
    var names = new TreeSet<String>();
    if (snapshot.isPresent()) {
      try (DirectoryStream<Path> stream =
          Files.newDirectoryStream(snapshot.get(), "*.{safetensors,ckpt,pt,bin}")) {
        for (Path file : stream) {
          names.add(String.valueOf(file.getFileName()));
          if (names.size() == MOST_FILES) {
            break;
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        return List.of();
      }
    }
    return List.copyOf(names);
  }

  private Optional<Path> snapshot(HubReference parts) {
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path folder = root.get().resolve("models--" + parts.owner() + "--" + parts.repository());
      Path ref = folder.resolve("refs").resolve(parts.revision());
      String commit =
          Files.isRegularFile(ref) && Files.size(ref) <= LONGEST_REF
              ? Files.readString(ref).strip()
              : parts.revision();
      return HubReference.isRevision(commit)
          ? Optional.of(folder.resolve("snapshots").resolve(commit)).filter(Files::isDirectory)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
