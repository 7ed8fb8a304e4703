package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    assertEquals("BASE", labels(Architecture.FLUX));
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
    for (Block block : Architecture.SD1.blocks()) {
      assertEquals(Optional.of(block), Block.parse(block.label()));
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
        List.of("", "IN", "OUT", "IN12", "OUT12", "IN1", "IN001", "IN-1", "IN+1", "in01", "IN٠١")) {
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
