package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The bytes in front of an output's tensors and where each tensor lies. */
public final class SafetensorsLayout {
  private static final int LENGTH_BYTES = 8;
  private static final int ALIGNMENT = 8;

  private final byte[] header;
  private final List<Long> positions;
  private final long size;

  private SafetensorsLayout(byte[] header, List<Long> positions, long size) {
    this.header = header;
    this.positions = List.copyOf(positions);
    this.size = size;
  }

  /**
   * Lays tensors out one behind the other in the order given. The header begins with exactly <code>
   * {"</code> (or is <code>{}</code>), metadata first, and is padded with blanks to a multiple of 8
   * bytes; keys of the metadata are sorted, so the same input gives the same bytes. The first
   * tensor is aligned to 8 bytes; the format allows no holes, so in a file of mixed types a later
   * one may lie at any byte.
   *
   * @throws IllegalArgumentException for a key given twice, the key {@code __metadata__}, text with
   *     half of a surrogate pair, or a header above the format's 100 MB
   * @throws ArithmeticException if the sizes do not fit a long
   */
  public static SafetensorsLayout of(List<TensorInfo> tensors, Map<String, String> metadata) {
    var json = new StringBuilder(64 + 160 * tensors.size());
    json.append('{');
    if (!metadata.isEmpty()) {
      appendMetadata(json, metadata);
    }
    var keys = new HashSet<String>();
    keys.add("__metadata__");
    var offsets = new ArrayList<Long>(tensors.size());
    long end = 0;
    for (TensorInfo tensor : tensors) {
      if (!keys.add(tensor.key())) {
        throw new IllegalArgumentException("key given twice: " + tensor.key());
      }
      offsets.add(end);
      long begin = end;
      end = Math.addExact(end, tensor.bytes());
      appendEntry(json.length() == 1 ? json : json.append(','), tensor, begin, end);
    }
    json.append('}');
    byte[] header = framed(json.toString().getBytes(UTF_8));
    var positions = offsets.stream().map(offset -> offset + header.length).toList();
    return new SafetensorsLayout(header, positions, Math.addExact(end, header.length));
  }

  private static void appendMetadata(StringBuilder json, Map<String, String> metadata) {
    json.append("\"__metadata__\":{");
    String separator = "";
    for (var entry : new TreeMap<>(metadata).entrySet()) {
      json.append(separator);
      JsonText.appendQuoted(json, entry.getKey());
      json.append(':');
      JsonText.appendQuoted(json, entry.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private static void appendEntry(StringBuilder json, TensorInfo tensor, long begin, long end) {
    JsonText.appendQuoted(json, tensor.key());
    json.append(":{\"dtype\":\"").append(tensor.dtype().tag()).append("\",\"shape\":[");
    String separator = "";
    for (long dimension : tensor.shape().dimensions()) {
      json.append(separator).append(dimension);
      separator = ",";
    }
    json.append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
  }

  private static byte[] framed(byte[] json) {
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    if (padded > SafetensorsHeader.LONGEST) {
      throw new IllegalArgumentException("a header of " + padded + " bytes");
    }
    byte[] framed = new byte[LENGTH_BYTES + padded];
    Arrays.fill(framed, (byte) ' ');
    ByteBuffer.wrap(framed).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    return framed;
  }

  /** Length, JSON and padding: the file's first bytes, as a copy. */
  public byte[] header() {
    return header.clone();
  }

  /** Positions of the tensors in the file, in the order given. */
  public List<Long> positions() {
    return positions;
  }

  /** Size of the whole file. */
  public long size() {
    return size;
  }
}
