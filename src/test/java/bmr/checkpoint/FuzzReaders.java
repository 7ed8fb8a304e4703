package bmr.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What Jazzer calls, by name: {@code src/fuzz/run} starts it with the target as the argument. Also
 * writes the seeds: {@code FuzzReaders FOLDER}.
 */
public final class FuzzReaders {
  private record Setting(FuzzTarget target, Path folder) {}

  private static final ThreadLocal<Setting> SETTING = new ThreadLocal<>();

  private FuzzReaders() {}

  /** Called once, before any input, on the thread that the inputs come on. */
  public static void fuzzerInitialize(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("bmr-fuzz");
    folder.toFile().deleteOnExit();
    FuzzTarget target = FuzzTarget.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    SETTING.set(new Setting(target, folder));
  }

  /** Called for every input. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    Setting setting = SETTING.get();
    setting.target().read(setting.folder(), bytes);
  }

  /** Writes the seeds of each target to a folder of its name. */
  public static void main(String[] arguments) throws IOException {
    for (FuzzTarget target : FuzzTarget.values()) {
      Path folder = Files.createDirectories(Path.of(arguments[0], target.folder()));
      for (Map.Entry<String, byte[]> seed : target.seeds().entrySet()) {
        Files.write(folder.resolve(seed.getKey().replace(' ', '-')), seed.getValue());
      }
    }
  }
}
