package bmr.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceTextTest {
  private static LineMap.Position at(String text, int offset) {
    return SourceText.of("t", text).lines().position(offset);
  }

  private static LineMap.Position position(int line, int column) {
    return new LineMap.Position(line, column);
  }

  @Test
  void linesEndInThreeWays() {
    String text = "a\nb\r\nc\rd";
    assertEquals(position(1, 1), at(text, 0));
    assertEquals(position(2, 1), at(text, 2));
    assertEquals(position(3, 1), at(text, 5));
    assertEquals(position(4, 1), at(text, 7));
    assertEquals(position(4, 2), at(text, 8));
    LineMap lines = SourceText.of("t", text).lines();
    assertEquals(4, lines.count());
    assertEquals("b", text.substring(lines.start(2), lines.end(2)));
    assertEquals(1, SourceText.of("t", "").lines().count());
    assertEquals(2, SourceText.of("t", "a\n").lines().count());
  }

  @Test
  void columnsCountCodePoints() {
    assertEquals(position(1, 3), at("\uD83D\uDE00a=", 3));
  }

  @Test
  void codePointsBecomeOffsets() {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(50); i > 0; i--) {
        text.append(random.nextBoolean() ? "a" : random.nextBoolean() ? "猫" : "\uD83D\uDE00");
      }
      var source = SourceText.of("t", text.toString());
      int points = source.text().codePointCount(0, source.text().length());
      for (int i = 0; i <= points; i++) {
        assertEquals(source.text().offsetByCodePoints(0, i), source.offsetOfCodePoint(i));
      }
    }
  }

  @Test
  void byteOrderMarksAndEncodings() {
    assertEquals("R = A", SourceText.of("t", "\uFEFFR = A").text());
    byte[] utf8 = "\uFEFF猫".getBytes(StandardCharsets.UTF_8);
    assertEquals("猫", SourceText.decode("t", utf8).text());
    byte[] little = "\uFEFF猫".getBytes(StandardCharsets.UTF_16LE);
    assertEquals("猫", SourceText.decode("t", little).text());
    byte[] big = "\uFEFF猫".getBytes(StandardCharsets.UTF_16BE);
    assertEquals("猫", SourceText.decode("t", big).text());
  }

  @Test
  void damageIsFoundAndARealReplacementCharacterIsNone() {
    assertEquals(-1, SourceText.decode("t", "a\uFFFDb".getBytes(StandardCharsets.UTF_8)).damaged());
    var damaged = SourceText.decode("t", new byte[] {'a', (byte) 0xFF, 'b'});
    assertEquals("a\uFFFDb", damaged.text());
    assertEquals(1, damaged.damaged());
    assertEquals(-1, SourceText.decode("t", new byte[0]).damaged());
  }

  @Test
  void displayWidths() {
    assertEquals(3, Display.width("abc"));
    assertEquals(4, Display.width("猫猫"));
    assertEquals(1, Display.width("e\u0301"));
    assertEquals(4, Display.width("\t"));
    assertEquals(2, Display.width("\uD83D\uDE00"));
    assertEquals(2, Display.width("\uD83D\uDC69\u200D\uD83D\uDCBB"));
    assertEquals(0, Display.width("\u200B"));
    assertEquals(2, Display.width("\uFF21"));
    assertEquals(1, Display.width("\uFF76"));
  }

  @Test
  void nothingShownMovesTheCursor() {
    assertEquals("a    b\uFFFD[31m\uFFFDc", Display.shown("a\tb\033[31m\u202Ec"));
    assertEquals(Display.width("a\t\033\u202Eb"), Display.width(Display.shown("a\t\033\u202Eb")));
  }

  @Test
  void spansStayInside() {
    var source = SourceText.of("t", "abc");
    assertThrows(IllegalArgumentException.class, () -> new Span(source, 2, 4));
    assertThrows(IllegalArgumentException.class, () -> new Span(source, 2, 1));
    assertEquals("bc", new Span(source, 1, 2).to(new Span(source, 2, 3)).text());
  }
}
