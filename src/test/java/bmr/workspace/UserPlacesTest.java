package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserPlacesTest {
  private static final Path HOME = Path.of("").toAbsolutePath();

  private static UserPlaces places(String system, Map<String, String> environment) {
    return UserPlaces.of(environment, system, HOME.toString());
  }

  @Test
  void everySystemHasItsPlaces() {
    UserPlaces linux = places("Linux", Map.of());
    assertEquals(Optional.of(HOME.resolve(".config/bmr/config")), linux.config());
    assertEquals(Optional.of(HOME.resolve(".cache/bmr")), linux.cache());
    assertEquals(Optional.of(HOME.resolve(".cache/huggingface/hub")), linux.hub());
    UserPlaces mac = places("Mac OS X", Map.of());
    assertEquals(Optional.of(HOME.resolve("Library/Application Support/bmr/config")), mac.config());
    assertEquals(Optional.of(HOME.resolve("Library/Caches/bmr")), mac.cache());
    UserPlaces windows =
        places("Windows 11", Map.of("APPDATA", HOME.resolve("roaming").toString()));
    assertEquals(Optional.of(HOME.resolve("roaming/bmr/config")), windows.config());
    assertEquals(Optional.of(HOME.resolve("AppData/Local/bmr")), windows.cache());
  }

  @Test
  void variablesComeFirst() {
    String folder = HOME.resolve("x").toString();
    UserPlaces places =
        places("Linux", Map.of("XDG_CONFIG_HOME", folder, "XDG_CACHE_HOME", folder));
    assertEquals(Optional.of(HOME.resolve("x/bmr/config")), places.config());
    assertEquals(Optional.of(HOME.resolve("x/bmr")), places.cache());
    assertEquals(Optional.of(HOME.resolve("x/huggingface/hub")), places.hub());
    assertEquals(
        Optional.of(Path.of("mine")), places("Linux", Map.of("BMR_CONFIG", "mine")).config());
    assertEquals(
        Optional.of(HOME.resolve("mine")),
        places("Linux", Map.of("BMR_CONFIG", "~/mine")).config());
    // the specification of these folders wants relative ones to be ignored
    assertEquals(
        Optional.of(HOME.resolve(".cache/bmr")),
        places("Linux", Map.of("XDG_CACHE_HOME", "relative")).cache());
    assertEquals(
        Optional.of(Path.of("a")),
        places("Linux", Map.of("HF_HUB_CACHE", "a", "HF_HOME", "b")).hub());
    assertEquals(Optional.of(Path.of("b", "hub")), places("Linux", Map.of("HF_HOME", "b")).hub());
  }

  @Test
  void withoutAHomeThereIsNothing() {
    assertEquals(UserPlaces.none(), UserPlaces.of(Map.of(), "Linux", ""));
    assertEquals(
        Optional.empty(), UserPlaces.of(Map.of("BMR_CONFIG", "a\0b"), "Linux", "").config());
  }
}
