package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlockMapDocumentTest {
  @Test
  void namesEveryMapAndPreset() throws IOException {
    String text = Files.readString(Path.of("docs/block-maps.md"));
    List<String> missing =
        Stream.concat(BlockMap.names().stream(), Presets.names().stream())
            .filter(name -> !text.contains("`" + name + "`"))
            .toList();
    assertEquals(List.of(), missing);
  }
}
