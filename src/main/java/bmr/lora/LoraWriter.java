package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.checkpoint.OutputFile;
import bmr.checkpoint.SafetensorsLayout;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Writes a difference as a LoRA: each weight of a layer as the best product of two thin matrices,
 * under the names of kohya's scripts, alpha the rank. One tensor per thread is in memory.
 */
public final class LoraWriter {
  /**
   * A layer.
   *
   * @param part of so many equal parts of the tensor's rows
   */
  private record Layer(String name, StoredTensor tensor, int part, int parts, int rank) {
    int rows() {
      return (int) (tensor.info().shape().dimension(0) / parts);
    }

    int columns() {
      Shape shape = tensor.info().shape();
      return (int) (shape.elements() / shape.dimension(0));
    }
  }

  private final Checkpoint difference;
  private final DType dtype;
  private final BooleanSupplier cancelled;
  private int threads = 1;
  private final List<Layer> layers = new ArrayList<>();
  private final List<TensorInfo> tensors = new ArrayList<>();

  private LoraWriter(
      Checkpoint difference,
      Architecture architecture,
      int rank,
      DType dtype,
      BooleanSupplier cancelled) {
    this.difference = difference;
    this.dtype = dtype;
    this.cancelled = cancelled;
    Map<String, String> names = new ModuleNames(difference.stored().keySet()).kohya(architecture);
    for (StoredTensor tensor : difference.stored().values()) {
      Shape shape = tensor.info().shape();
      if (shape.rank() != 2 && shape.rank() != 4 || shape.elements() == 0) {
        continue;
      }
      for (int parts : new int[] {1, 3}) {
        for (int part = 0; part < parts; part++) {
          String name = names.get(tensor.info().key() + "/" + part + "/" + parts);
          if (name != null) {
            add(new Layer(name, tensor, part, parts, rank));
          }
        }
      }
    }
  }

  private void add(Layer layer) {
    Shape shape = layer.tensor().info().shape();
    int rank = Math.min(layer.rank(), Math.min(layer.rows(), layer.columns()));
    boolean kernel = shape.rank() == 4;
    layers.add(new Layer(layer.name(), layer.tensor(), layer.part(), layer.parts(), rank));
    tensors.add(new TensorInfo(layer.name() + ".alpha", dtype, Shape.of()));
    tensors.add(
        new TensorInfo(
            layer.name() + ".lora_down.weight",
            dtype,
            kernel
                ? Shape.of(rank, shape.dimension(1), shape.dimension(2), shape.dimension(3))
                : Shape.of(rank, layer.columns())));
    tensors.add(
        new TensorInfo(
            layer.name() + ".lora_up.weight",
            dtype,
            kernel ? Shape.of(layer.rows(), rank, 1, 1) : Shape.of(layer.rows(), rank)));
  }

  /**
   * Makes the file, whole or not at all.
   *
   * @param difference in F32, by canonical keys
   * @param dtype F16, BF16, F32 or F64
   * @param metadata what it carries beside the fields of LoRAs
   * @return its size
   * @param threads that work at most, one layer each; the bytes do not depend on them
   * @param memory that all layers at work may take; one is always worked on
   * @throws IOException where the difference cannot be read
   */
  public static long write(
      Checkpoint difference,
      Architecture architecture,
      int rank,
      DType dtype,
      Map<String, String> metadata,
      Path target,
      int threads,
      long memory,
      BooleanSupplier cancelled)
      throws IOException {
    var writer = new LoraWriter(difference, architecture, rank, dtype, cancelled);
    writer.threads = (int) Math.max(1, Math.min(threads, memory / writer.layerBytes()));
    return writer.write(target, metadata(architecture, rank, metadata));
  }

  /** Fields by which web UIs file a LoRA. */
  private static Map<String, String> metadata(
      Architecture architecture, int rank, Map<String, String> more) {
    Map<String, String> metadata = new TreeMap<>(more);
    metadata.put("ss_network_module", "networks.lora");
    metadata.put("ss_network_dim", String.valueOf(rank));
    metadata.put("ss_network_alpha", rank + ".0");
    metadata.put("ss_v2", architecture.equals(Architecture.SD2) ? "True" : "False");
    String base =
        Map.of(
                Architecture.SD1, "sd_v1",
                Architecture.SD2, "sd_v2",
                Architecture.SDXL, "sdxl_base_v1-0")
            .getOrDefault(architecture, "");
    if (!base.isEmpty()) {
      metadata.put("ss_base_model_version", base);
    }
    metadata.computeIfPresent("modelspec.architecture", (key, value) -> value + "/lora");
    return metadata;
  }

  private long write(Path target, Map<String, String> metadata) throws IOException {
    SafetensorsLayout layout = SafetensorsLayout.of(tensors, metadata);
    try (OutputFile file = OutputFile.create(target, layout.size())) {
      file.write(ByteBuffer.wrap(layout.header()), 0);
      new LayerCrew(threads, layers.size(), cancelled).run(i -> write(i, layout, file));
      file.commit();
    }
    return layout.size();
  }

  /** Decomposes a layer; where its bytes go does not depend on the order of layers. */
  private void write(int i, SafetensorsLayout layout, OutputFile file) throws IOException {
    Layer layer = layers.get(i);
    int size = Math.multiplyExact(layer.rows(), layer.columns());
    TruncatedSvd svd =
        TruncatedSvd.of(values(layer, size), layer.rows(), layer.columns(), layer.rank());
    file.write(encoded(new double[] {layer.rank()}), layout.positions().get(3 * i));
    file.write(encoded(svd.down().values()), layout.positions().get(3 * i + 1));
    file.write(encoded(svd.up().values()), layout.positions().get(3 * i + 2));
  }

  /** The most bytes that one layer takes while it is decomposed. */
  private long layerBytes() {
    long most = 1;
    for (Layer layer : layers) {
      long width = layer.rank() + 16L;
      long elements = (long) layer.rows() * layer.columns();
      long thin = (layer.rows() + (long) layer.columns()) * width;
      most = Math.max(most, 4 * elements + 8 * 3 * thin + 8 * 2 * width * width);
    }
    return most;
  }

  private float[] values(Layer layer, int size) throws IOException {
    float[] values = new float[size];
    double[] row = new double[layer.columns()];
    for (int i = 0; i < layer.rows(); i++) {
      long first = ((long) layer.part() * layer.rows() + i) * row.length;
      Matrix.read(difference, layer.tensor(), first, row.length, row);
      for (int j = 0; j < row.length; j++) {
        values[i * row.length + j] = (float) row[j];
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
