package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTest {
  @ParameterizedTest
  @CsvSource({
    "reference/mbwpresets.tsv,      SD1,  38",
    "reference/mbwpresets_xl20.tsv, SDXL, 34",
  })
  void everyPresetOfTheTools(String table, Architecture architecture, int count)
      throws IOException {
    List<String> lines = Files.readAllLines(SharedData.require(table));
    assertEquals(count, lines.size() - 1);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t");
      List<BigDecimal> expected = Arrays.stream(cells).skip(1).map(BigDecimal::new).toList();
      assertEquals(Optional.of(expected), Presets.values(cells[0], architecture), cells[0]);
    }
  }

  @Test
  void namesAreThoseOfBothTables() {
    assertEquals(42, Presets.names().size());
    assertEquals("GRAD_V", Presets.names().getFirst());
    assertTrue(Presets.names().containsAll(List.of("OUT12", "OUT09", "R_SMOOTHSTEP*3")));
    assertEquals(Optional.of(new Weight.Preset("COSINE")), Presets.find("COSINE"));
    assertEquals(Optional.empty(), Presets.find("cosine"));
  }

  @Test
  void gradientRisesToBothEnds() {
    List<BigDecimal> values = Presets.values("GRAD_V", Architecture.SD1).orElseThrow();
    assertEquals(List.of("0", "1", "0.9166666667"), strings(values.subList(0, 3)));
    assertEquals("0", values.get(13).toString());
    assertEquals("1", values.get(25).toString());
  }

  @Test
  void sdxlTakesItsOwnTableFirst() {
    List<BigDecimal> own = Presets.values("GRAD_V", Architecture.SDXL).orElseThrow();
    assertEquals(20, own.size());
    assertEquals("0.8888888888888888", own.get(2).toString());
    assertEquals(1, own.get(19).intValueExact(), "OUT08");
    List<BigDecimal> converted = Presets.values("ALL_B", Architecture.SDXL).orElseThrow();
    assertEquals(20, converted.size());
    assertTrue(converted.stream().allMatch(value -> value.compareTo(BigDecimal.ONE) == 0));
    assertEquals(Optional.empty(), Presets.values("OUT09", Architecture.SD1));
    assertEquals(Optional.empty(), Presets.values("nothing", Architecture.SDXL));
  }

  private static List<String> strings(List<BigDecimal> values) {
    return values.stream().map(BigDecimal::toString).toList();
  }
}
