package bmr;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;

/** Writes small PyTorch files, good and bad ones, byte by byte as the formats say. */
public final class TorchFiles {
  /** An entry of an archive. */
  public record Entry(String name, byte[] data, boolean deflated) {
    public Entry(String name, byte[] data) {
      this(name, data, false);
    }
  }

  private TorchFiles() {}

  /** Pickles of protocol 2, as instructions put one behind the other. */
  public static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Pickle() {
      raw(0x80, 2);
    }

    public Pickle raw(int... bytes) {
      for (int value : bytes) {
        out.write(value);
      }
      return this;
    }

    public Pickle text(String text) {
      byte[] bytes = text.getBytes(UTF_8);
      raw('X');
      out.writeBytes(little(4, bytes.length));
      out.writeBytes(bytes);
      return this;
    }

    public Pickle global(String module, String name) {
      out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(UTF_8));
      return this;
    }

    /** A number of any size. */
    public Pickle number(long value) {
      raw(0x8a, 8);
      out.writeBytes(little(8, value));
      return this;
    }

    public Pickle numbers(long... values) {
      raw('(');
      for (long value : values) {
        number(value);
      }
      return raw('t');
    }

    /** A reference to a storage. */
    public Pickle storage(String type, String key, long elements) {
      raw('(').text("storage").global("torch", type).text(key).text("cpu").number(elements);
      return raw('t', 'Q');
    }

    /** A tensor in a storage. */
    public Pickle tensor(
        String type, String key, long elements, long offset, long[] sizes, long[] strides) {
      global("torch._utils", "_rebuild_tensor_v2").raw('(').storage(type, key, elements);
      number(offset).numbers(sizes).numbers(strides).raw(0x89);
      return global("collections", "OrderedDict").raw(')', 'R').raw('t', 'R');
    }

    /** The same with the strides of tensors that lie together. */
    public Pickle tensor(String type, String key, long... sizes) {
      long elements = 1;
      long[] strides = new long[sizes.length];
      for (int i = sizes.length - 1; i >= 0; i--) {
        strides[i] = elements;
        elements *= sizes[i];
      }
      return tensor(type, key, elements, 0, sizes, strides);
    }

    public byte[] stop() {
      raw('.');
      return out.toByteArray();
    }
  }

  private static byte[] little(int length, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return java.util.Arrays.copyOf(all, length);
  }

  /** An archive as torch writes it: a pickle and storages by key. */
  public static byte[] archive(byte[] pickle, Map<String, byte[]> storages, boolean deflated) {
    var entries = new ArrayList<Entry>();
    entries.add(new Entry("archive/data.pkl", pickle, deflated));
    entries.add(new Entry("archive/byteorder", "little".getBytes(UTF_8)));
    storages.forEach((key, data) -> entries.add(new Entry("archive/data/" + key, data, deflated)));
    entries.add(new Entry("archive/version", "3\n".getBytes(UTF_8)));
    return zip(entries);
  }

  /** The format before torch 1.6. */
  public static byte[] legacy(byte[] pickle, Map<String, byte[]> storages, int elementBytes) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        new byte[] {
          (byte) 0x80,
          2,
          (byte) 0x8a,
          10,
          0x6c,
          (byte) 0xfc,
          (byte) 0x9c,
          0x46,
          (byte) 0xf9,
          0x20,
          0x6a,
          (byte) 0xa8,
          0x50,
          0x19,
          '.'
        });
    out.writeBytes(new Pickle().number(1001).stop());
    out.writeBytes(new Pickle().raw('}').text("little_endian").raw(0x88, 's').stop());
    out.writeBytes(pickle);
    var keys = new Pickle().raw(']', '(');
    storages.keySet().forEach(keys::text);
    out.writeBytes(keys.raw('e').stop());
    storages.forEach((key, data) -> {
      out.writeBytes(little(8, data.length / elementBytes));
      out.writeBytes(data);
    });
    return out.toByteArray();
  }

  /** A zip archive. */
  public static byte[] zip(List<Entry> entries) {
    var out = new ByteArrayOutputStream();
    var directory = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      byte[] packed = entry.deflated() ? deflate(entry.data()) : entry.data();
      byte[] name = entry.name().getBytes(UTF_8);
      byte[] common =
          ByteBuffer.allocate(26)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putShort((short) 20)
              .putShort((short) 0x800)
              .putShort((short) (entry.deflated() ? 8 : 0))
              .putInt(0)
              .putInt(0)
              .putInt(packed.length)
              .putInt(entry.data().length)
              .putShort((short) name.length)
              .putShort((short) 0)
              .array();
      directory.writeBytes(little(4, 0x02014b50));
      directory.writeBytes(little(2, 20));
      directory.writeBytes(common);
      directory.writeBytes(new byte[10]);
      directory.writeBytes(little(4, out.size()));
      directory.writeBytes(name);
      out.writeBytes(little(4, 0x04034b50));
      out.writeBytes(common);
      out.writeBytes(name);
      out.writeBytes(packed);
    }
    int start = out.size();
    out.writeBytes(directory.toByteArray());
    out.writeBytes(little(4, 0x06054b50));
    out.writeBytes(new byte[4]);
    out.writeBytes(little(2, entries.size()));
    out.writeBytes(little(2, entries.size()));
    out.writeBytes(little(4, directory.size()));
    out.writeBytes(little(4, start));
    out.writeBytes(new byte[2]);
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] data) {
    var deflater = new Deflater(6, true);
    deflater.setInput(data);
    deflater.finish();
    var out = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    while (!deflater.finished()) {
      out.write(piece, 0, deflater.deflate(piece));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** One storage. */
  public static Map<String, byte[]> storage(byte[] data) {
    var map = new LinkedHashMap<String, byte[]>();
    map.put("0", data);
    return map;
  }
}
