package bmr.report.svg;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Pictures are XML whatever stands in them, and the same text for the same numbers. */
class PicturesTest {
  private static final String HOSTILE =
      "</title><script>alert(1)</script>\"'&\u0000\uD800 \uD83D\uDE00";

  private static void assertXml(String text) {
    assertDoesNotThrow(() ->
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text))));
    assertFalse(text.contains("<script>"), text);
  }

  @Test
  void namesStayText() {
    var heat =
        new HeatMap(
            HOSTILE,
            List.of(HOSTILE),
            List.of(HOSTILE, "b"),
            new double[][] {{0.5, Double.NaN}},
            0,
            1,
            value -> HOSTILE);
    assertXml(heat.svg().finished());
    var bars =
        new BlockBars(
            HOSTILE, List.of("BASE"), List.of(new BlockBars.Row(HOSTILE, new double[] {-1})));
    assertXml(bars.svg().finished());
    var node = new GraphPicture.Node(HOSTILE, HOSTILE, GraphPicture.Kind.MODEL, HOSTILE, HOSTILE);
    var graph =
        new GraphPicture(
            HOSTILE, List.of(node, node), List.of(new GraphPicture.Edge(0, 1, HOSTILE)));
    assertXml(graph.svg().finished());
    assertFalse(graph.mermaid().contains("<script>"), graph.mermaid());
    assertEquals(6, graph.dot().lines().count(), graph.dot());
    var chart =
        new LineChart(
            HOSTILE,
            HOSTILE,
            HOSTILE,
            List.of(
                new LineChart.Series(HOSTILE, new double[] {0, 1}, new double[] {Double.NaN, 2})));
    assertXml(chart.svg().finished());
  }

  @Test
  void numbersAreShort() {
    assertEquals("0", Markup.number(-0.001));
    assertEquals("12.35", Markup.number(12.345678));
    assertEquals("100", Markup.number(100));
    assertThrows(IllegalArgumentException.class, () -> Markup.number(Double.NaN));
    assertEquals("0", BlockBars.written(0));
    assertEquals("−0.08", BlockBars.written(-0.08));
    assertEquals("100", BlockBars.written(100));
  }

  @Test
  void elementsAreClosed() {
    var open = new Markup().open("g");
    assertThrows(IllegalStateException.class, open::finished);
    assertThrows(IllegalArgumentException.class, () -> new Markup().empty("a", "href"));
  }

  @Test
  void longNamesAreCut() {
    String cut = TextWidth.cut("x".repeat(200), 12, 100);
    assertTrue(cut.endsWith("…") && cut.length() < 20, cut);
    assertEquals("short", TextWidth.cut("short", 12, 100));
  }

  @Test
  void aHeatMap() {
    var heat =
        new HeatMap(
            "cosine similarity",
            List.of("TEMP1", "TEMP2"),
            List.of("IN00", "a longer heading"),
            new double[][] {{0.98, 0.5}, {Double.NaN, 1}},
            0.5,
            1,
            value -> String.format(Locale.ROOT, "%.1f", value * 100));
    Golden.check("report/svg/heat-map.golden", heat.svg().finished() + "\n");
  }

  @Test
  void aChart() {
    var chart =
        new LineChart(
            "distance while fitting",
            "step",
            "distance",
            List.of(
                new LineChart.Series(
                    "whole", new double[] {0, 1, 2}, new double[] {0.4, 0.1, 0.05}),
                new LineChart.Series("flat", new double[] {0, 2}, new double[] {0.2, 0.2})));
    Golden.check("report/svg/chart.golden", chart.svg().finished() + "\n");
  }
}
