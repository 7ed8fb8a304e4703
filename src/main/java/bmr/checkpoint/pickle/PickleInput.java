package bmr.checkpoint.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** The bytes of pickles one after another, counted; no length in them is believed. */
final class PickleInput {
  /** So many bytes may the pickles of a file have together; those of real models have a few MB. */
  static final long LONGEST = 64L << 20;

  private static final int LONGEST_LINE = 4096;

  private final Path file;
  private final InputStream in;
  private final long size;
  private final byte[] line = new byte[LONGEST_LINE];
  private long position;

  /**
   * @param size bytes that are there at most
   */
  PickleInput(Path file, InputStream in, long size) {
    this.file = file;
    this.in = in;
    this.size = size;
  }

  Path file() {
    return file;
  }

  /** Bytes read so far. */
  long position() {
    return position;
  }

  ProblemException fault(String what) {
    return new ProblemException(new PickleProblem.DamagedPickle(file, what, position));
  }

  int unsignedByte() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw fault("it ends too early");
    }
    position++;
    if (position > LONGEST) {
      throw new ProblemException(new PickleProblem.PickleTooLarge(file, "bytes", LONGEST));
    }
    return value;
  }

  byte[] bytes(long length) throws IOException {
    if (length < 0 || length > size - position) {
      throw fault("a length of " + Long.toUnsignedString(length) + " bytes goes past its end");
    }
    if (length > LONGEST - position) {
      throw new ProblemException(new PickleProblem.PickleTooLarge(file, "bytes", LONGEST));
    }
    byte[] bytes = in.readNBytes((int) length);
    position += bytes.length;
    if (bytes.length < length) {
      throw fault("it ends too early");
    }
    return bytes;
  }

  /** A little-endian number of 1, 2, 4 or 8 bytes; one of 8 bytes may come out negative. */
  long unsigned(int length) throws IOException {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) unsignedByte() << 8 * i;
    }
    return value;
  }

  /** A signed number of 4 bytes. */
  long signed() throws IOException {
    return unsigned(4) << Integer.SIZE >> Integer.SIZE;
  }

  /** Text in UTF-8. */
  String text(long length) throws IOException {
    byte[] bytes = bytes(length);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw fault("a text is not UTF-8");
    }
  }

  /** Text up to a line feed, which is not part of it. */
  String line() throws IOException {
    int length = 0;
    for (int value = unsignedByte(); value != '\n'; value = unsignedByte()) {
      if (length == line.length) {
        throw fault("a line has more than " + LONGEST_LINE + " bytes");
      }
      line[length++] = (byte) value;
    }
    return new String(line, 0, length, UTF_8);
  }
}
