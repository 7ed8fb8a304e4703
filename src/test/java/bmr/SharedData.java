package bmr;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Material of others that some tests read when it is there: the folder {@code shared} beside the
 * project, or {@code -Dbmr.shared=DIR}.
 */
public final class SharedData {
  private SharedData() {}

  /**
   * A file or folder below {@code shared}; skips the calling test, saying why, where it is absent.
   */
  public static Path require(String relative) {
    Path path = Path.of(System.getProperty("bmr.shared", "../shared")).resolve(relative);
    boolean there = Files.exists(path);
    if (!there) {
      System.out.println("skipped: " + path + " is not there");
    }
    assumeTrue(there, () -> path + " is not there");
    return path;
  }
}
