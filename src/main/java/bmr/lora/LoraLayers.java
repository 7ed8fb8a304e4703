package bmr.lora;

import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a LoRA of a difference will have in it, before any of it is computed: the layers, the
 * tensors and the metadata.
 */
public final class LoraLayers {
  /**
   * A layer.
   *
   * @param tensor of the difference
   * @param part of so many equal parts of the tensor's rows
   */
  record Layer(String name, TensorInfo tensor, int part, int parts, int rank) {
    int rows() {
      return (int) (tensor.shape().dimension(0) / parts);
    }

    int columns() {
      return (int) (tensor.shape().elements() / tensor.shape().dimension(0));
    }

    long elements() {
      return (long) rows() * columns();
    }
  }

  private final Architecture architecture;
  private final int rank;
  private final DType dtype;
  private final List<Layer> layers = new ArrayList<>();
  private final List<TensorInfo> tensors = new ArrayList<>();

  private LoraLayers(Architecture architecture, int rank, DType dtype) {
    this.architecture = architecture;
    this.rank = rank;
    this.dtype = dtype;
  }

  /**
   * The layers of a model that a LoRA can change.
   *
   * @param difference its tensors by canonical keys, of any type
   * @param rank of all layers but smaller ones
   * @param dtype F16, BF16, F32 or F64
   */
  public static LoraLayers of(
      Collection<TensorInfo> difference, Architecture architecture, int rank, DType dtype) {
    var layers = new LoraLayers(architecture, rank, dtype);
    Map<String, String> names =
        new ModuleNames(difference.stream().map(TensorInfo::key).toList()).kohya(architecture);
    for (TensorInfo tensor : difference) {
      Shape shape = tensor.shape();
      if (shape.rank() != 2 && shape.rank() != 4 || shape.elements() == 0) {
        continue;
      }
      for (int parts : new int[] {1, 3}) {
        for (int part = 0; part < parts; part++) {
          String name = names.get(tensor.key() + "/" + part + "/" + parts);
          if (name != null) {
            layers.add(new Layer(name, tensor, part, parts, rank));
          }
        }
      }
    }
    return layers;
  }

  private void add(Layer layer) {
    Shape shape = layer.tensor().shape();
    int most = Math.min(layer.rank(), Math.min(layer.rows(), layer.columns()));
    boolean kernel = shape.rank() == 4;
    layers.add(new Layer(layer.name(), layer.tensor(), layer.part(), layer.parts(), most));
    tensors.add(new TensorInfo(layer.name() + ".alpha", dtype, Shape.of()));
    tensors.add(
        new TensorInfo(
            layer.name() + ".lora_down.weight",
            dtype,
            kernel
                ? Shape.of(most, shape.dimension(1), shape.dimension(2), shape.dimension(3))
                : Shape.of(most, layer.columns())));
    tensors.add(
        new TensorInfo(
            layer.name() + ".lora_up.weight",
            dtype,
            kernel ? Shape.of(layer.rows(), most, 1, 1) : Shape.of(layer.rows(), most)));
  }

  List<Layer> layers() {
    return Collections.unmodifiableList(layers);
  }

  DType dtype() {
    return dtype;
  }

  /** How many modules the LoRA will have. */
  public int modules() {
    return layers.size();
  }

  /** The rank that was asked for. */
  public int rank() {
    return rank;
  }

  /** The file's tensors, three for each layer: alpha, down, up. */
  public List<TensorInfo> tensors() {
    return Collections.unmodifiableList(tensors);
  }

  /** Keys of the tensors that the difference must have. */
  public Set<String> keys() {
    return layers.stream().map(layer -> layer.tensor().key()).collect(Collectors.toSet());
  }

  /** The most bytes that one layer takes while it is decomposed. */
  public long layerBytes() {
    long most = 1;
    for (Layer layer : layers) {
      long width = layer.rank() + 16L;
      long thin = (layer.rows() + (long) layer.columns()) * width;
      long portions = 2 * 8 * Math.min(layer.elements(), LoraWriter.PORTION);
      long decomposed = 8 * 3 * thin + 8 * 2 * width * width;
      most = Math.max(most, 4 * layer.elements() + portions + decomposed);
    }
    return most;
  }

  /** How many layers are worked on at once; one always is, whatever memory it takes. */
  public int crew(int threads, long memory) {
    return (int) Math.max(1, Math.min(threads, memory / layerBytes()));
  }

  /**
   * Fields by which web UIs file a LoRA.
   *
   * @param more what the file carries beside them
   */
  public Map<String, String> metadata(Map<String, String> more) {
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
}
