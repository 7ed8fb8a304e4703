package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BlockTest {
  @Test
  void listsAreInPublishedOrder() {
    assertEquals(
        "BASE IN00 IN01 IN02 IN03 IN04 IN05 IN06 IN07 IN08 IN09 IN10 IN11 M00"
            + " OUT00 OUT01 OUT02 OUT03 OUT04 OUT05 OUT06 OUT07 OUT08 OUT09 OUT10 OUT11",
        labels(Architecture.SD1));
    assertEquals(labels(Architecture.SD1), labels(Architecture.SD2));
    assertEquals(
        "BASE IN00 IN01 IN02 IN03 IN04 IN05 IN06 IN07 IN08 M00"
            + " OUT00 OUT01 OUT02 OUT03 OUT04 OUT05 OUT06 OUT07 OUT08",
        labels(Architecture.SDXL));
    assertTrue(labels(Architecture.FLUX).startsWith("BASE D00 D01 "));
    assertTrue(
        labels(Architecture.FLUX)
            .endsWith(
                " D18 S00 S01 S02 S03 S04 S05 S06 S07 S08 S09 S10 S11 S12 S13 S14 S15 S16 S17 S18"
                    + " S19 S20 S21 S22 S23 S24 S25 S26 S27 S28 S29 S30 S31 S32 S33 S34 S35 S36"
                    + " S37"));
    assertEquals(labels(Architecture.SD1), labels(Architecture.SDXL_REFINER));
    assertEquals(labels(Architecture.SDXL), labels(Architecture.SSD_1B));
    assertEquals("BASE", labels(Architecture.UNKNOWN));
  }

  @Test
  void comparesInListOrder() {
    for (Architecture architecture : Architecture.values()) {
      assertEquals(architecture.blocks(), architecture.blocks().stream().sorted().toList());
    }
  }

  @Test
  void everyLabelIsReadBack() {
    for (Architecture architecture : Architecture.values()) {
      for (Block block : architecture.blocks()) {
        assertEquals(Optional.of(block), Block.parse(block.label()));
      }
    }
  }

  @Test
  void readsTheNamesOfOtherTools() {
    assertEquals(Optional.of(Block.in(7)), Block.parse("INP07"));
    for (String middle : List.of("M00", "MID", "MI00", "MID00")) {
      assertEquals(Optional.of(Block.MID), Block.parse(middle));
    }
  }

  @Test
  void refusesWhatNoArchitectureHas() {
    for (String text :
        List.of(
            "", "IN", "OUT", "IN12", "OUT12", "IN1", "IN001", "L1", "L100", "IN-1", "IN+1", "in01",
            "IN٠١")) {
      assertEquals(Optional.empty(), Block.parse(text), text);
    }
    assertThrows(IllegalArgumentException.class, () -> Block.in(12));
    assertThrows(IllegalArgumentException.class, () -> Block.out(-1));
    assertThrows(IllegalArgumentException.class, () -> new Block(Block.Group.BASE, 1));
  }

  private static String labels(Architecture architecture) {
    return architecture.blocks().stream().map(Block::label).collect(Collectors.joining(" "));
  }
}
