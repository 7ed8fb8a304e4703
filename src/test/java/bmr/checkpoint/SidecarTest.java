package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  /** In the shape of what Civitai's interface answers. */
  private static final String CIVITAI =
      """
      {"id": 7, "model": {"name": "X", "allowNoCredit": false,
        "allowCommercialUse": ["None"], "allowDerivatives": false},
       "files": [{"name": "x.safetensors", "hashes": {"AutoV2": "0123456789", "SHA256": "%s"}}]}
      """
          .formatted(HASH.toUpperCase(java.util.Locale.ROOT));

  @TempDir private Path folder;

  private Sidecar read(String ending, String text) throws IOException {
    Files.writeString(folder.resolve("x" + ending), text);
    return Sidecar.of(folder.resolve("x.safetensors"));
  }

  private void silent(String text) throws IOException {
    Sidecar read = read(".civitai.info", text);
    assertEquals(List.of(), read.hashes(), text);
    assertEquals(Optional.empty(), read.licence(), text);
  }

  @Test
  void hashesAndPermissions() throws IOException {
    Sidecar read = read(".civitai.info", CIVITAI);
    assertEquals(List.of(HASH), read.hashes());
    assertEquals(
        Optional.of("credit required, no merges shared, no commercial use"), read.licence());
  }

  @Test
  void whatOthersWrite() throws IOException {
    Sidecar read =
        read(
            ".metadata.json",
            "{\"sha256\": \"" + HASH + "\", \"license\": \" OpenRAIL \\n more\"}");
    assertEquals(List.of(HASH), read.hashes());
    assertEquals(Optional.of("OpenRAIL "), read.licence());
  }

  @Test
  void whatIsNotAsItShouldBeSaysNothing() throws IOException {
    assertEquals(Optional.empty(), Sidecar.of(folder.resolve("y.safetensors")).licence());
    for (String text :
        List.of(
            "",
            "no",
            "[",
            "{\"license\": \"a\"",
            "{'license': 'a'}",
            "{\"sha256\": \"xyz\"}",
            "{\"license\": 7}",
            "[".repeat(100_000),
            "{\"license\":\"" + "a".repeat(5_000_000) + "\"}",
            "{\"model\": ".repeat(100) + "1" + "}".repeat(100))) {
      silent(text);
    }
    Sidecar longOne = read(".civitai.info", "{\"license\":\"" + "a".repeat(5_000) + "\"}");
    assertTrue(longOne.licence().orElse("").length() < 300);
  }

  @Test
  void damagedTextIsReadOrSilent() throws IOException {
    long seed = 11;
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      char[] text = CIVITAI.toCharArray();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        text[random.nextInt(text.length)] = "{}[]\",:0a\\".charAt(random.nextInt(10));
      }
      Sidecar read = read(".civitai.info", new String(text));
      assertTrue(
          read.hashes().stream().allMatch(hash -> hash.matches("[0-9a-f]{64}")),
          () -> "seed " + seed);
    }
  }
}
