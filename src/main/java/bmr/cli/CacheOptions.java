package bmr.cli;

import bmr.analysis.TableCache;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where tables of inner products are kept between commands. */
final class CacheOptions {
  @Option(names = "--no-cache", description = "Neither use nor keep tables of inner products.")
  private boolean none;

  TableCache tables() {
    return none ? TableCache.none() : TableCache.in(folder().resolve("inner-products"));
  }

  /** The user's folder for what can be made again. */
  private static Path folder() {
    String own = System.getenv("XDG_CACHE_HOME");
    if (own != null && Path.of(own).isAbsolute()) {
      return Path.of(own, "bmr");
    }
    String local = System.getenv("LOCALAPPDATA");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows") && local != null) {
      return Path.of(local, "bmr", "cache");
    }
    Path home = Path.of(System.getProperty("user.home", ""));
    return system.startsWith("mac")
        ? home.resolve("Library").resolve("Caches").resolve("bmr")
        : home.resolve(".cache").resolve("bmr");
  }
}
