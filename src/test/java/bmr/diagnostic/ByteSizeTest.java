package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ByteSizeTest {
  @Test
  void sizesHaveThreeDigits() {
    assertEquals("0 bytes", ByteSize.text(0));
    assertEquals("1 byte", ByteSize.text(1));
    assertEquals("999 bytes", ByteSize.text(999));
    assertEquals("1 kB", ByteSize.text(1000));
    assertEquals("12 kB", ByteSize.text(12_034));
    assertEquals("12.3 kB", ByteSize.text(12_340));
    assertEquals("1 MB", ByteSize.text(999_999));
    assertEquals("2.13 GB", ByteSize.text(2_132_625_918L));
    assertEquals("9.99 kB", ByteSize.text(9_994));
    assertEquals("10 kB", ByteSize.text(9_996));
    assertEquals("9.22 EB", ByteSize.text(Long.MAX_VALUE));
  }

  @Test
  void hostileTextIsMadeVisible() {
    assertEquals("a\\u202eb\\u0007\\u000a", Visible.text("a\u202eb\u0007\n"));
    assertEquals("\\ud800", Visible.text("\ud800"));
    assertEquals("\u00e4 \ud83d\ude00", Visible.text("\u00e4 \ud83d\ude00"));
    assertEquals(163, Visible.text("x".repeat(500)).length());
  }
}
