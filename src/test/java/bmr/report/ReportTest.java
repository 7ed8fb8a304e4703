package bmr.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReportTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "9994, 9.99 kB",
    "9995, 10.0 kB",
    "99949, 99.9 kB",
    "99951, 100 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "2132625894, 2.13 GB",
    "9223372036854775807, 9.22 EB",
  })
  void bytesHaveThreeDigits(long bytes, String text) {
    assertEquals(text, Quantities.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "420, 0.42 s",
    "12345, 12.3 s",
    "59940, 59.9 s",
    "59960, 1 min 00 s",
    "245000, 4 min 05 s",
    "3600000, 1 h 00 min",
    "5400000, 1 h 30 min",
  })
  void timesGrowCoarser(long millis, String text) {
    assertEquals(text, Quantities.time(Duration.ofMillis(millis)));
  }

  @Test
  void countsHaveTheirNoun() {
    assertEquals("1 tensor", Quantities.count(1, "tensor"));
    assertEquals("1,130 tensors", Quantities.count(1130, "tensor"));
  }

  @Test
  void barsAreDrawnInEighths() {
    assertEquals("", Bar.of(0, 4));
    assertEquals("██▌", Bar.of(0.625, 4));
    assertEquals("████", Bar.of(1, 4));
    assertEquals("████", Bar.of(7, 4));
    assertEquals("", Bar.of(-1, 4));
    assertEquals("", Bar.of(Double.NaN, 4));
  }

  @Test
  void linesAreBrokenAtBlanks() {
    assertEquals(
        List.of("one two", "  three", "  four"), Wrap.lines("one two three four", 8, "  "));
    assertEquals(List.of("unbreakable"), Wrap.lines("unbreakable", 4, "  "));
    assertEquals(List.of("a", "  unbreakable", "  b"), Wrap.lines("a unbreakable b", 4, "  "));
  }

  @Test
  void tablesAlignAndWrapTheirLastColumn() {
    var table =
        new Table(Table.Column.left("name"), Table.Column.right("size"), Table.Column.left("note"));
    table.row("a", "1", "");
    table.row("日本", "22", "many words that do not fit into what is left of the line");
    assertEquals(
        """
        name  size  note
        a        1
        日本    22  many words that do not fit
                    into what is left of the
                    line
        """,
        String.join("\n", table.lines(40, text -> text)) + "\n");
  }

  @ParameterizedTest
  @EnumSource
  void everySpecialCaseHasItsSentence(Kind kind) {
    for (int tensors : new int[] {1, 248}) {
      for (List<String> sources :
          List.of(List.<String>of(), List.of("A"), List.of("A", "B", "C", "D"))) {
        String text =
            CaseText.of(List.of(new SpecialCase(kind, Part.VAE, tensors, sources))).getFirst();
        String count = tensors == 1 ? ": 1 tensor " : ": 248 tensors ";
        assertTrue(text.contains(count), text);
        assertTrue(text.length() > count.length() + 10, text);
        assertTrue(!text.contains("  ") && !text.contains(" ,") && !text.endsWith("."), text);
      }
    }
  }

  @Test
  void specialCasesDiffer() {
    long different =
        Stream.of(Kind.values())
            .map(kind -> CaseText.of(List.of(new SpecialCase(kind, Part.VAE, 2, List.of()))))
            .distinct()
            .count();
    assertEquals(Kind.values().length, different);
  }
}
