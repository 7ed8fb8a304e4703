package bmr.interchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/**
 * The text that web UIs write into a PNG picture: a chunk {@code tEXt}, {@code iTXt} or {@code
 * zTXt} with the keyword {@code parameters}.
 */
public final class PictureText {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int HEAD = 8;
  private static final int CHECKSUM = 4;
  private static final int LONGEST = 1 << 20;
  private static final int MOST_CHUNKS = 100_000;
  private static final String KEYWORD = "parameters";

  private PictureText() {}

  /** Whether a file that begins with these bytes is a PNG picture. */
  public static boolean isPicture(byte[] beginning) {
    return beginning.length >= HEAD && ByteBuffer.wrap(beginning).getLong() == SIGNATURE;
  }

  /** The text of a whole picture; nothing where it carries none. */
  public static Optional<String> of(byte[] picture) {
    if (!isPicture(picture)) {
      return Optional.empty();
    }
    ByteBuffer rest = ByteBuffer.wrap(picture);
    rest.position(HEAD);
    for (int chunk = 0; chunk < MOST_CHUNKS && rest.remaining() >= HEAD; chunk++) {
      int length = rest.getInt();
      var kind = new byte[4];
      rest.get(kind);
      if (length < 0 || length > rest.remaining() - CHECKSUM) {
        return Optional.empty();
      }
      String name = new String(kind, StandardCharsets.ISO_8859_1);
      boolean text = name.equals("tEXt") || name.equals("iTXt") || name.equals("zTXt");
      if (text && length <= LONGEST) {
        var content = new byte[length];
        rest.get(content);
        Optional<String> found = text(name, content);
        if (found.isPresent()) {
          return found;
        }
      } else {
        rest.position(rest.position() + length);
      }
      rest.position(rest.position() + CHECKSUM);
    }
    return Optional.empty();
  }

  private static Optional<String> text(String kind, byte[] content) {
    int at = end(content, 0);
    if (!new String(content, 0, at, StandardCharsets.ISO_8859_1).equals(KEYWORD)) {
      return Optional.empty();
    }
    at++;
    return switch (kind) {
      case "tEXt" -> Optional.of(decoded(content, Math.min(at, content.length)));
      case "zTXt" -> inflated(content, at + 1);
      case "iTXt" -> {
        if (at + 2 > content.length) {
          yield Optional.empty();
        }
        boolean packed = content[at] == 1;
        // behind two flags stand a language and a translated keyword
        int begin = end(content, end(content, at + 2) + 1) + 1;
        yield begin > content.length
            ? Optional.empty()
            : packed ? inflated(content, begin) : Optional.of(decoded(content, begin));
      }
      default -> Optional.empty();
    };
  }

  /** Web UIs write UTF-8 into chunks that should hold Latin-1. */
  private static String decoded(byte[] content, int from) {
    String text = new String(content, from, content.length - from, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0
        ? text
        : new String(content, from, content.length - from, StandardCharsets.ISO_8859_1);
  }

  private static Optional<String> inflated(byte[] content, int from) {
    if (from > content.length) {
      return Optional.empty();
    }
    try (var in =
        new InflaterInputStream(new ByteArrayInputStream(content, from, content.length - from))) {
      return Optional.of(decoded(in.readNBytes(LONGEST), 0));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int end(byte[] content, int from) {
    int at = Math.min(from, content.length);
    while (at < content.length && content[at] != 0) {
      at++;
    }
    return at;
  }
}
