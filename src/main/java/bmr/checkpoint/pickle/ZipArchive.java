package bmr.checkpoint.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip archive and where their bytes lie. Strict: whatever two readers might
 * understand differently is refused. Zip64 is read; nothing is unpacked.
 *
 * <p>Format: PKWARE's APPNOTE 6.3.
 */
final class ZipArchive {
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END64_LENGTH = 56;
  private static final int CENTRAL_LENGTH = 46;
  private static final int LOCAL_LENGTH = 30;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int LONGEST_DIRECTORY = 64 << 20;
  private static final long NO_INT = 0xffff_ffffL;
  private static final int NO_SHORT = 0xffff;

  /** Deflate never makes more of its input than this. */
  private static final long LARGEST_RATIO = 1032;

  /**
   * An entry.
   *
   * @param start of its bytes in the file
   * @param packed bytes in the file
   * @param size bytes when unpacked
   */
  record Entry(String name, boolean deflated, long start, long packed, long size) {}

  private record Place(Entry entry, long begin) {
    long end() {
      return entry.start() + entry.packed();
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private ZipArchive(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /**
   * The entries by name, in the order of the directory.
   *
   * @throws ProblemException with a PickleProblem if the archive is damaged or ambiguous
   */
  static SequencedMap<String, Entry> entries(Path file, FileChannel channel, long size)
      throws IOException {
    return new ZipArchive(file, channel, size).read();
  }

  /** The unpacked bytes of an entry; no more than its size says. */
  static InputStream open(Path file, FileChannel channel, Entry entry) {
    InputStream raw = FileBytes.stream(channel, entry.start(), entry.packed(), file);
    if (!entry.deflated()) {
      return raw;
    }
    var inflater = new Inflater(true);
    return new InflaterInputStream(raw, inflater, 64 << 10) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  private ProblemException damaged(String fault) {
    return new ProblemException(new PickleProblem.DamagedArchive(file, fault));
  }

  private ByteBuffer bytes(long position, long length) throws IOException {
    if (position < 0 || length > size - position) {
      throw damaged("its directory points past the end of the file");
    }
    var buffer = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    FileBytes.read(channel, buffer, position, file);
    return buffer.flip();
  }

  private SequencedMap<String, Entry> read() throws IOException {
    long end = endPosition();
    ByteBuffer record = bytes(end, END_LENGTH);
    long disks = record.getShort(4) | record.getShort(6);
    long count = record.getShort(10) & NO_SHORT;
    long length = record.getInt(12) & NO_INT;
    long start = record.getInt(16) & NO_INT;
    long behind = end;
    ByteBuffer large = end64(end);
    if (large != null) {
      long place = end - LOCATOR_LENGTH - END64_LENGTH;
      disks = large.getInt(16) | large.getInt(20);
      count = agreed(count, NO_SHORT, large.getLong(32));
      length = agreed(length, NO_INT, large.getLong(40));
      start = agreed(start, NO_INT, large.getLong(48));
      behind = place;
    }
    if (disks != 0) {
      throw damaged("it is one of several volumes");
    }
    if (start < 0 || length < 0 || length > LONGEST_DIRECTORY || start + length != behind) {
      throw damaged("its directory is not where it should be");
    }
    return entries(bytes(start, length), count, start);
  }

  /** The record at the end, whose comment must end with the file. */
  private long endPosition() throws IOException {
    long from = Math.max(0, size - END_LENGTH - LONGEST_COMMENT);
    ByteBuffer tail = bytes(from, size - from);
    for (int at = tail.limit() - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == 0x06054b50
          && at + END_LENGTH + (tail.getShort(at + 20) & NO_SHORT) == tail.limit()) {
        return from + at;
      }
    }
    throw damaged("it has no directory at its end");
  }

  private @Nullable ByteBuffer end64(long end) throws IOException {
    if (end < LOCATOR_LENGTH + END64_LENGTH) {
      return null;
    }
    ByteBuffer locator = bytes(end - LOCATOR_LENGTH, LOCATOR_LENGTH);
    if (locator.getInt(0) != 0x07064b50) {
      return null;
    }
    long place = end - LOCATOR_LENGTH - END64_LENGTH;
    if (locator.getLong(8) != place || locator.getInt(4) != 0) {
      throw damaged("its zip64 directory is not where it should be");
    }
    ByteBuffer record = bytes(place, END64_LENGTH);
    if (record.getInt(0) != 0x06064b50 || record.getLong(4) != END64_LENGTH - 12) {
      throw damaged("its zip64 directory is misspelt");
    }
    return record;
  }

  /** A number of the old record and that of the zip64 one. */
  private long agreed(long small, long none, long large) {
    if (small != none && small != large) {
      throw damaged("its two directories do not agree");
    }
    return large;
  }

  private SequencedMap<String, Entry> entries(ByteBuffer directory, long count, long start)
      throws IOException {
    var entries = new LinkedHashMap<String, Entry>();
    var places = new ArrayList<Place>();
    for (long i = 0; i < count; i++) {
      Place place = place(directory, start);
      if (entries.put(place.entry().name(), place.entry()) != null) {
        throw new ProblemException(new PickleProblem.DuplicateEntry(file, place.entry().name()));
      }
      places.add(place);
    }
    if (directory.hasRemaining()) {
      throw damaged("its directory has more entries than it says");
    }
    refuseOverlaps(places);
    return Collections.unmodifiableSequencedMap(entries);
  }

  private void refuseOverlaps(List<Place> places) {
    places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).begin() < places.get(i - 1).end()) {
        throw new ProblemException(
            new PickleProblem.OverlappingEntries(
                file, places.get(i - 1).entry().name(), places.get(i).entry().name()));
      }
    }
  }

  private Place place(ByteBuffer directory, long directoryStart) throws IOException {
    int at = directory.position();
    if (directory.remaining() < CENTRAL_LENGTH || directory.getInt(at) != 0x02014b50) {
      throw damaged("an entry of its directory is misspelt");
    }
    int flags = directory.getShort(at + 8) & NO_SHORT;
    int method = directory.getShort(at + 10) & NO_SHORT;
    long packed = directory.getInt(at + 20) & NO_INT;
    long unpacked = directory.getInt(at + 24) & NO_INT;
    int nameLength = directory.getShort(at + 28) & NO_SHORT;
    int extraLength = directory.getShort(at + 30) & NO_SHORT;
    int commentLength = directory.getShort(at + 32) & NO_SHORT;
    long local = directory.getInt(at + 42) & NO_INT;
    int whole = CENTRAL_LENGTH + nameLength + extraLength + commentLength;
    if (directory.remaining() < whole) {
      throw damaged("an entry of its directory is cut off");
    }
    byte[] rawName = new byte[nameLength];
    directory.get(at + CENTRAL_LENGTH, rawName);
    String name = new String(rawName, (flags & 0x800) != 0 ? UTF_8 : ISO_8859_1);
    ByteBuffer extra =
        directory
            .slice(at + CENTRAL_LENGTH + nameLength, extraLength)
            .order(ByteOrder.LITTLE_ENDIAN);
    directory.position(at + whole);
    refuseFlags(name, flags, method);
    var fields = new Zip64Fields(extra);
    unpacked = fields.next(unpacked);
    packed = fields.next(packed);
    local = fields.next(local);
    boolean deflated = method == 8;
    if (unpacked < 0 || packed < 0 || local < 0) {
      throw damaged("the size of " + quoted(name) + " is misspelt");
    }
    if (deflated ? unpacked / LARGEST_RATIO > packed : unpacked != packed) {
      throw damaged("the sizes of " + quoted(name) + " do not go together");
    }
    long begin = dataStart(name, rawName, local, method, directoryStart);
    if (packed > directoryStart - begin) {
      throw damaged(quoted(name) + " goes past the end of the entries");
    }
    return new Place(new Entry(name, deflated, begin, packed, unpacked), local);
  }

  private static String quoted(String name) {
    return "`" + Visible.text(name) + "`";
  }

  private void refuseFlags(String name, int flags, int method) {
    if ((flags & 0x2041) != 0) {
      throw new ProblemException(new PickleProblem.UnreadableEntry(file, name, "encrypted"));
    }
    if ((flags & 0x20) != 0) {
      throw new ProblemException(new PickleProblem.UnreadableEntry(file, name, "a patch"));
    }
    if (method != 0 && method != 8) {
      throw new ProblemException(
          new PickleProblem.UnreadableEntry(
              file, name, "compressed by method " + method + ", and only deflate is read"));
    }
  }

  /** Where an entry's bytes begin: behind its local header, which must tell the same. */
  private long dataStart(String name, byte[] rawName, long local, int method, long directoryStart)
      throws IOException {
    if (local > directoryStart - LOCAL_LENGTH) {
      throw damaged(quoted(name) + " is not where the directory says");
    }
    long most = Math.min(directoryStart - local, LOCAL_LENGTH + rawName.length);
    ByteBuffer header = bytes(local, most);
    int nameLength = header.getShort(26) & NO_SHORT;
    int extraLength = header.getShort(28) & NO_SHORT;
    boolean same =
        header.getInt(0) == 0x04034b50
            && (header.getShort(8) & NO_SHORT) == method
            && nameLength == rawName.length
            && header.limit() == LOCAL_LENGTH + rawName.length
            && header.slice(LOCAL_LENGTH, rawName.length).equals(ByteBuffer.wrap(rawName));
    if (!same) {
      throw damaged("the directory and the header of " + quoted(name) + " do not agree");
    }
    return local + LOCAL_LENGTH + nameLength + extraLength;
  }

  /** The 64-bit numbers of an entry, in the order of the 32-bit ones that they stand for. */
  private final class Zip64Fields {
    private final ByteBuffer fields;

    Zip64Fields(ByteBuffer extra) {
      this.fields = find(extra);
    }

    private ByteBuffer find(ByteBuffer extra) {
      ByteBuffer found = ByteBuffer.allocate(0);
      boolean seen = false;
      while (extra.remaining() >= 4) {
        int id = extra.getShort() & NO_SHORT;
        int length = extra.getShort() & NO_SHORT;
        if (length > extra.remaining()) {
          throw damaged("an extra field is cut off");
        }
        if (id == 1) {
          if (seen) {
            throw damaged("an entry has two zip64 fields");
          }
          seen = true;
          found = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        }
        extra.position(extra.position() + length);
      }
      return found;
    }

    long next(long small) {
      if (small != NO_INT) {
        return small;
      }
      if (fields.remaining() < Long.BYTES) {
        throw damaged("a zip64 field is missing");
      }
      return fields.getLong();
    }
  }
}
