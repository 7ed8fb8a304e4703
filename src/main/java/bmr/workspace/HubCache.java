package bmr.workspace;

import bmr.model.ModelNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The local cache of the Hugging Face hub: {@code models--owner--repo/snapshots/REVISION/file},
 * where {@code refs/main} holds the revision. Nothing is ever downloaded.
 *
 * @param library other names
 * @param aliases names of {@code model} lines for files of the hub, to what stands behind {@code
 *     hf:}
 */
record HubCache(ModelNames library, Map<String, String> aliases, Path root) implements ModelNames {
  private static final String PREFIX = "hf:";

  /** Where the cache is: HF_HUB_CACHE, HF_HOME/hub, or ~/.cache/huggingface/hub. */
  static Path root(UnaryOperator<@Nullable String> environment) {
    String own = environment.apply("HF_HUB_CACHE");
    if (own != null && !own.isBlank()) {
      return Path.of(own);
    }
    String home = environment.apply("HF_HOME");
    return home != null && !home.isBlank()
        ? Path.of(home, "hub")
        : Path.of(System.getProperty("user.home", ""), ".cache", "huggingface", "hub");
  }

  @Override
  public Lookup find(String name) {
    String reference =
        name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : aliases.get(name);
    if (reference == null) {
      return library.find(name);
    }
    return file(reference)
        .<Lookup>map(path -> new Lookup.Found(new ModelFile(name, path), true))
        .orElseGet(() -> new Lookup.Missing(List.of()));
  }

  @Override
  public Lookup findLora(String name) {
    return name.startsWith(PREFIX) || aliases.containsKey(name)
        ? find(name)
        : library.findLora(name);
  }

  @Override
  public Optional<ModelFile> findExactly(String name) {
    return name.startsWith(PREFIX) || aliases.containsKey(name)
        ? ModelNames.super.findExactly(name)
        : library.findExactly(name);
  }

  @Override
  public Optional<ModelFile> findByHash(String name, String hash) {
    return name.startsWith(PREFIX) || aliases.containsKey(name)
        ? Optional.empty()
        : library.findByHash(name, hash);
  }

  @Override
  public List<String> names() {
    return library.names();
  }

  /** The file behind {@code owner/repo/file} or {@code owner/repo@revision/file}. */
  Optional<Path> file(String reference) {
    String[] parts = reference.split("/", 3);
    if (parts.length < 3 || List.of(reference.split("[/\\\\]")).contains("..")) {
      return Optional.empty();
    }
    int at = parts[1].indexOf('@');
    String repository = at < 0 ? parts[1] : parts[1].substring(0, at);
    String revision = at < 0 ? "main" : parts[1].substring(at + 1);
    try {
      Path folder = root.resolve("models--" + parts[0] + "--" + repository);
      Path ref = folder.resolve("refs").resolve(revision);
      String commit =
          Files.isRegularFile(ref) && Files.size(ref) < 1024
              ? Files.readString(ref).strip()
              : revision;
      Path file = folder.resolve("snapshots").resolve(commit).resolve(parts[2]);
      return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
