package bmr.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.SharedData;
import bmr.model.Architecture;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTableTest {
  @ParameterizedTest
  @CsvSource({"blockmap_sd15.tsv, SD1, 1131", "blockmap_sdxl.tsv, SDXL, 2515"})
  void standsForEveryTensorOfRealFiles(String table, Architecture architecture, int count)
      throws IOException {
    var expected = new TreeMap<String, String>();
    for (String line : Files.readAllLines(SharedData.require("reference/" + table))) {
      String[] cells = line.split("\t");
      expected.put(cells[0], "[" + cells[1].replace(",", ", ") + "]");
    }
    expected.remove("key");
    assertEquals(count, expected.size());
    var actual = new TreeMap<String, String>();
    TensorTable.of(architecture).forEach((key, shape) -> actual.put(key, shape.toString()));
    assertEquals(expected, actual);
  }

  @Test
  void countsWithoutTheMaterialOfOthers() {
    Map<String, Shape> sd1 = TensorTable.of(Architecture.SD1);
    assertEquals(1131, sd1.size());
    assertEquals(1_066_235_384L, sd1.values().stream().mapToLong(Shape::elements).sum());
  }

  @Test
  void expandsBraces() {
    assertEquals(List.of("a.0.x", "a.0.y", "a.1.x", "a.1.y"), TensorTable.expand("a.{0|1}.{x|y}"));
    assertEquals(List.of("plain"), TensorTable.expand("plain"));
  }
}
