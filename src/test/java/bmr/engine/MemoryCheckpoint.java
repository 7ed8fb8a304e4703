package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model in memory; remembers what was read, and can be cut short. */
public final class MemoryCheckpoint implements Checkpoint {
  private static final int HEADER = 100;

  private final String name;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private byte[] file = new byte[HEADER];

  /** The ranges that were read: position and length. */
  public final List<long[]> reads = new CopyOnWriteArrayList<>();

  public MemoryCheckpoint(String name) {
    this.name = name;
  }

  /** Adds a tensor behind the others, with some bytes that belong to none in front of it. */
  public MemoryCheckpoint with(String key, DType dtype, Shape shape, byte[] bytes) {
    int hole = 10;
    var info = new TensorInfo(key, dtype, shape);
    if (info.bytes() != bytes.length) {
      throw new IllegalArgumentException("length of " + key);
    }
    stored.put(key, new StoredTensor(key, info, file.length + hole));
    contents.put(key, bytes);
    byte[] longer = java.util.Arrays.copyOf(file, file.length + hole + bytes.length);
    System.arraycopy(bytes, 0, longer, file.length + hole, bytes.length);
    file = longer;
    return this;
  }

  /** Adds values, each rounded to the type. */
  public MemoryCheckpoint with(String key, DType dtype, Shape shape, double[] values) {
    return with(key, dtype, shape, encode(dtype, values));
  }

  /** From now on the file ends after so many bytes. */
  void truncate(int length) {
    file = java.util.Arrays.copyOf(file, length);
  }

  byte[] bytes(String key) {
    byte[] bytes = contents.get(key);
    if (bytes == null) {
      throw new IllegalArgumentException(key);
    }
    return bytes;
  }

  public double[] values(String key) {
    TensorInfo info = java.util.Objects.requireNonNull(stored.get(key)).info();
    return decode(info.dtype(), bytes(key));
  }

  static byte[] encode(DType dtype, double[] values) {
    var bytes =
        ByteBuffer.allocate((int) dtype.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype) {
        case F8_E4M3, F8_E5M2 -> bytes.put(Float8.of(dtype).orElseThrow().encode(value));
        case F16 -> bytes.putShort(NaiveKernel.toF16(value));
        case BF16 -> bytes.putShort(NaiveKernel.toBF16(value));
        case F32 -> bytes.putFloat((float) value);
        case F64 -> bytes.putDouble(value);
        case I64 -> bytes.putLong((long) value);
        default -> throw new IllegalArgumentException(dtype.tag());
      }
    }
    return bytes.array();
  }

  static double[] decode(DType dtype, byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var values = new double[bytes.length * 8 / dtype.bits()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case F8_E4M3, F8_E5M2 -> Float8.of(dtype).orElseThrow().decode(buffer.get());
            case F16 -> NaiveKernel.f16(buffer.getShort());
            case BF16 -> NaiveKernel.bf16(buffer.getShort());
            case F32 -> buffer.getFloat();
            case F64 -> buffer.getDouble();
            case I64 -> buffer.getLong();
            default -> throw new IllegalArgumentException(dtype.tag());
          };
    }
    return values;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    reads.add(new long[] {position, target.remaining()});
    if (position + target.remaining() > file.length) {
      throw new EOFException("the file ended early");
    }
    target.put(file, (int) position, target.remaining());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Path path() {
    return Path.of("nowhere", name + ".safetensors");
  }

  @Override
  public long size() {
    return file.length;
  }

  @Override
  public Architecture architecture() {
    return Architecture.SD1;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return stored;
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    var infos = new LinkedHashMap<String, TensorInfo>();
    stored.forEach((key, tensor) -> infos.put(key, tensor.info()));
    return infos;
  }

  @Override
  public void close() {}
}
