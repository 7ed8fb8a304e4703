package bmr.source;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A named text that spans point into. Identity, not content, makes two of them equal. */
public final class SourceText {
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final String text;
  private final int damaged;
  private final Map<String, String> words = new ConcurrentHashMap<>();
  private final Map<BigDecimal, BigDecimal> numbers = new ConcurrentHashMap<>();
  private volatile @Nullable LineMap lines;
  private volatile int @Nullable [] supplementary;

  private SourceText(String name, String text, int damaged) {
    this.name = name;
    this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.damaged = damaged;
  }

  /**
   * A text under the name that messages show for it, such as a path as the user typed it. A byte
   * order mark in front is no part of it.
   */
  public static SourceText of(String name, String text) {
    return new SourceText(name, text, -1);
  }

  /**
   * The text of a file: UTF-8, or UTF-16 where a byte order mark says so. Bytes that are neither
   * become U+FFFD; {@link #damaged} says where the first of them stands.
   */
  public static SourceText decode(String name, byte[] bytes) {
    Charset charset = charsetOf(bytes);
    String text = new String(bytes, charset);
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    boolean same = text.indexOf(REPLACEMENT) < 0 || Arrays.equals(text.getBytes(charset), bytes);
    return new SourceText(name, text, same ? -1 : text.indexOf(REPLACEMENT));
  }

  private static Charset charsetOf(byte[] bytes) {
    if (bytes.length >= 2) {
      int mark = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
      if (mark == 0xFFFE) {
        return StandardCharsets.UTF_16LE;
      }
      if (mark == 0xFEFF) {
        return StandardCharsets.UTF_16BE;
      }
    }
    return StandardCharsets.UTF_8;
  }

  /** The name that messages show. */
  public String name() {
    return name;
  }

  /** The whole text; offsets of spans count its UTF-16 code units. */
  public String text() {
    return text;
  }

  /** Offset of the first character that stands for bytes which were no text, or -1. */
  public int damaged() {
    return damaged;
  }

  /**
   * A word of this text as one string however often it stands there: long scripts say the same few
   * names a hundred thousand times.
   */
  public String shared(String word) {
    String known = words.putIfAbsent(word, word);
    return known == null ? word : known;
  }

  /** Like the above, for a number; equal ones have the same scale. */
  public BigDecimal shared(BigDecimal number) {
    BigDecimal known = numbers.putIfAbsent(number, number);
    return known == null ? number : known;
  }

  /** Lines and columns of this text. */
  public LineMap lines() {
    LineMap known = lines;
    if (known == null) {
      known = new LineMap(text);
      lines = known;
    }
    return known;
  }

  /** The UTF-16 offset of a code point, by its index; the number of code points gives the end. */
  public int offsetOfCodePoint(int index) {
    int[] pairs = supplementary;
    if (pairs == null) {
      pairs = supplementaryIndexes(text);
      supplementary = pairs;
    }
    int found = Arrays.binarySearch(pairs, index);
    return index + (found >= 0 ? found : -found - 1);
  }

  /** Indexes, counted in code points, of the code points that need two code units. */
  private static int[] supplementaryIndexes(String text) {
    int[] indexes = new int[8];
    int count = 0;
    int offset = 0;
    for (int index = 0; offset < text.length(); index++) {
      int width = Character.charCount(text.codePointAt(offset));
      if (width == 2) {
        if (count == indexes.length) {
          indexes = Arrays.copyOf(indexes, count * 2);
        }
        indexes[count] = index;
        count++;
      }
      offset += width;
    }
    return Arrays.copyOf(indexes, count);
  }
}
