package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.model.Block;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class OptionValuesTest {
  private final LimitOptions.Size sizes = new LimitOptions.Size();

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1b, 1",
    "512M, 536870912",
    "512MiB, 536870912",
    "512 MB, 536870912",
    "2G, 2147483648",
    "1.5g, 1610612736",
    "64k, 65536",
    "1T, 1099511627776",
  })
  void sizesAreUnderstood(String text, long bytes) {
    assertEquals(bytes, sizes.convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-1", "1X", "1MM", "1,5G", "0", "0.1", "99999999999"})
  void whatIsNoSizeIsRefused(String text) {
    assertThrows(TypeConversionException.class, () -> sizes.convert(text));
  }

  @Test
  void blocksAreSelected() {
    assertEquals(List.of("OUT00", "OUT11"), chosen("OUT"));
    assertEquals(List.of("IN00", "IN05", "M00"), chosen("in+mid"));
    assertEquals(List.of("IN05", "M00", "OUT00"), chosen("IN05-OUT00"));
    assertEquals(List.of("BASE", "M00"), chosen("BASE, M00"));
    assertEquals(List.of("IN00", "IN05", "M00", "OUT00", "OUT11"), chosen("UNET"));
    assertEquals(List.of("OUT11"), chosen("OUT09..OUT11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NOSE", "IN99", "OUT05-OUT03", "IN00-"})
  void whatNamesNoBlocksIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> BlockSelection.of(text));
  }

  private static List<String> chosen(String text) {
    return Stream.of(Block.BASE, Block.in(0), Block.in(5), Block.MID, Block.out(0), Block.out(11))
        .filter(BlockSelection.of(text).blocks())
        .map(Block::label)
        .toList();
  }
}
