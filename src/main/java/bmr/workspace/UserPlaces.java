package bmr.workspace;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's own things lie.
 *
 * @param config the file with the folders of models; empty where there is none
 * @param cache bmr's folder among the user's caches
 * @param hub the local cache of the Hugging Face hub
 */
public record UserPlaces(Optional<Path> config, Optional<Path> cache, Optional<Path> hub) {
  /** Nothing of a user's. */
  public static UserPlaces none() {
    return new UserPlaces(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * As the environment says: {@code BMR_CONFIG}, else {@code bmr/config} in the folder of
   * configurations that {@code XDG_CONFIG_HOME} names or the system has; likewise for caches; for
   * the hub {@code HF_HUB_CACHE}, {@code HF_HOME} and {@code XDG_CACHE_HOME}, as its own programs
   * do.
   *
   * @param system the name of the operating system, as {@code os.name} has it
   * @param home the user's folder; nothing is found without one and without variables
   */
  public static UserPlaces of(Map<String, String> environment, String system, String home) {
    String name = system.toLowerCase(Locale.ROOT);
    var places = new Places(environment, home);
    Optional<Path> config;
    Optional<Path> caches;
    if (name.startsWith("windows")) {
      config = places.absolute("APPDATA").or(() -> places.home("AppData", "Roaming"));
      caches = places.absolute("LOCALAPPDATA").or(() -> places.home("AppData", "Local"));
    } else if (name.startsWith("mac")) {
      config = places.home("Library", "Application Support");
      caches = places.home("Library", "Caches");
    } else {
      config = places.home(".config");
      caches = places.home(".cache");
    }
    return new UserPlaces(
        places
            .path("BMR_CONFIG")
            .or(() ->
                places
                    .absolute("XDG_CONFIG_HOME")
                    .or(() -> config)
                    .map(folder -> folder.resolve("bmr").resolve("config"))),
        places.absolute("XDG_CACHE_HOME").or(() -> caches).map(folder -> folder.resolve("bmr")),
        hub(places));
  }

  private static Optional<Path> hub(Places places) {
    return places
        .path("HF_HUB_CACHE")
        .or(() -> places.path("HUGGINGFACE_HUB_CACHE"))
        .or(() -> places.path("HF_HOME").map(folder -> folder.resolve("hub")))
        .or(() ->
            places
                .absolute("XDG_CACHE_HOME")
                .or(() -> places.home(".cache"))
                .map(folder -> folder.resolve("huggingface").resolve("hub")));
  }

  private record Places(Map<String, String> environment, String home) {
    Optional<Path> path(String variable) {
      return Optional.ofNullable(environment.get(variable))
          .filter(value -> !value.isBlank())
          .flatMap(this::expanded);
    }

    /** Relative ones are to be ignored, as the XDG base directory specification says. */
    Optional<Path> absolute(String variable) {
      return path(variable).filter(Path::isAbsolute);
    }

    Optional<Path> home(String first, String... more) {
      return home.isBlank()
          ? Optional.empty()
          : expanded(home).map(at -> at.resolve(Path.of(first, more)));
    }

    private Optional<Path> expanded(String value) {
      try {
        boolean below = value.startsWith("~/") || value.startsWith("~\\");
        return Optional.of(below ? Path.of(home).resolve(value.substring(2)) : Path.of(value));
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }
  }
}
