package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.checkpoint.OutputFile;
import bmr.checkpoint.OutputLayout;
import bmr.lora.LoraLayers.Layer;
import bmr.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;

/**
 * Writes a difference as a LoRA: each weight of a layer as the best product of two thin matrices,
 * under the names of kohya's scripts, alpha the rank. One layer per thread is in memory.
 */
public final class LoraWriter {
  /** Elements that are read at once. */
  static final int PORTION = 1 << 16;

  /** Told about the work. */
  public interface Watcher {
    /** Elements of the difference that are decomposed; called from many threads. */
    void decomposed(long done, long total);

    /**
     * Values of the difference that are NaN or infinite; called in the order of layers before the
     * file is there. What it throws leaves the target as it was.
     */
    void nonFinite(String key, long count);
  }

  private final Checkpoint difference;
  private final List<Layer> layers;
  private final DType dtype;
  private final OutputLayout layout;
  private final Watcher watcher;
  private final AtomicLongArray nonFinite;
  private final AtomicLong done = new AtomicLong();
  private final long total;

  private LoraWriter(
      Checkpoint difference, LoraLayers layers, OutputLayout layout, Watcher watcher) {
    this.difference = difference;
    this.layers = layers.layers();
    this.dtype = layers.dtype();
    this.layout = layout;
    this.watcher = watcher;
    this.nonFinite = new AtomicLongArray(this.layers.size());
    this.total = this.layers.stream().mapToLong(Layer::elements).sum();
  }

  /**
   * Makes the file, whole or not at all.
   *
   * @param difference has all {@link LoraLayers#keys} in a type of floating point numbers
   * @param layout of {@link LoraLayers#tensors}
   * @param threads that work at most, one layer each; the bytes do not depend on them
   * @throws IOException where the difference cannot be read
   */
  public static void write(
      Checkpoint difference,
      LoraLayers layers,
      OutputLayout layout,
      int threads,
      Watcher watcher,
      BooleanSupplier cancelled)
      throws IOException {
    var writer = new LoraWriter(difference, layers, layout, watcher);
    try (OutputFile file = layout.create(OutputFile::create)) {
      layout.writeHeaders(file);
      new LayerCrew(threads, writer.layers.size(), cancelled).run(i -> writer.write(i, file));
      writer.tellNonFinite();
      file.commit();
    }
  }

  private void tellNonFinite() {
    for (int i = 0; i < layers.size(); i++) {
      if (nonFinite.get(i) > 0) {
        watcher.nonFinite(layers.get(i).tensor().key(), nonFinite.get(i));
      }
    }
  }

  /** Decomposes a layer; where its bytes go does not depend on the order of layers. */
  private void write(int i, OutputFile file) throws IOException {
    Layer layer = layers.get(i);
    float[] values = values(layer);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        nonFinite.incrementAndGet(i);
      }
    }
    TruncatedSvd svd = TruncatedSvd.of(values, layer.rows(), layer.columns(), layer.rank());
    write(file, 3 * i, new double[] {layer.rank()});
    write(file, 3 * i + 1, svd.down().values());
    write(file, 3 * i + 2, svd.up().values());
    watcher.decomposed(done.addAndGet(layer.elements()), total);
  }

  private void write(OutputFile file, int tensor, double[] values) throws IOException {
    file.write(encoded(values), layout.positions().get(tensor));
  }

  private float[] values(Layer layer) throws IOException {
    StoredTensor tensor = difference.stored().get(layer.tensor().key());
    if (tensor == null) {
      throw new IllegalStateException("the difference lacks " + layer.tensor().key());
    }
    float[] values = new float[Math.toIntExact(layer.elements())];
    double[] portion = new double[Math.min(values.length, PORTION)];
    for (int from = 0; from < values.length; from += portion.length) {
      int count = Math.min(portion.length, values.length - from);
      Matrix.read(difference, tensor, layer.part() * layer.elements() + from, count, portion);
      for (int i = 0; i < count; i++) {
        values[from + i] = (float) portion[i];
      }
    }
    return values;
  }

  private ByteBuffer encoded(double[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(dtype.bytes(values.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype) {
        case F16 -> buffer.putShort(Float.floatToFloat16((float) value));
        case BF16 -> buffer.putShort(bf16((float) value));
        case F64 -> buffer.putDouble(value);
        default -> buffer.putFloat((float) value);
      }
    }
    return buffer.flip();
  }

  /** Rounded to nearest, ties to even. */
  private static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
