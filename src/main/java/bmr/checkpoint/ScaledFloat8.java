package bmr.checkpoint;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.QuantizationProblem;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A file of 8-bit floats with scales, decoded: the value is the code's times the scale of its
 * tensor or row, formed in double precision and rounded once to F32, which is the type that the
 * tensor then has. Scales ({@code X.scale_weight} or {@code X.weight_scale} of {@code X.weight}),
 * scales of inputs and the marker {@code scaled_fp8} are gone from its tensors; 8-bit tensors
 * without a scale stay as they are. Layout of such files: ComfyUI, comfy/ops.py, scaled_fp8_ops.
 */
final class ScaledFloat8 implements WrappedCheckpoint {
  private static final String MARKER = "scaled_fp8";
  private static final List<String> WEIGHT_SCALES = List.of(".scale_weight", ".weight_scale");
  private static final List<String> INPUT_SCALES = List.of(".scale_input", ".input_scale");

  private final Checkpoint file;
  private final AddressMap addresses;
  private final SequencedMap<String, StoredTensor> stored;
  private final SequencedMap<String, TensorInfo> tensors;
  private final Architecture architecture;

  private ScaledFloat8(
      Checkpoint file, AddressMap addresses, SequencedMap<String, StoredTensor> stored) {
    this.file = file;
    this.addresses = addresses;
    this.stored = Collections.unmodifiableSequencedMap(stored);
    var infos = new LinkedHashMap<String, TensorInfo>();
    stored.forEach((key, tensor) -> infos.put(key, tensor.info()));
    this.tensors = Collections.unmodifiableSequencedMap(infos);
    this.architecture = ArchitectureDetection.of(tensors);
  }

  /**
   * The file itself where it has no scales.
   *
   * @throws ProblemException with a QuantizationProblem for scales that are not understood
   */
  static Checkpoint over(Checkpoint file) {
    var scales = new LinkedHashMap<String, StoredTensor>();
    boolean scaled = false;
    for (var entry : file.stored().entrySet()) {
      String key = entry.getKey();
      scaled |= isDropped(key, entry.getValue());
      for (String ending : WEIGHT_SCALES) {
        if (key.endsWith(ending)) {
          scaled = true;
          String weight = key.substring(0, key.length() - ending.length()) + ".weight";
          check(file, weight, entry.getValue());
          StoredTensor other = scales.put(weight, entry.getValue());
          if (other != null) {
            throw new ProblemException(
                new QuantizationProblem.TwoScales(
                    file.path(), other.storedKey(), entry.getValue().storedKey()));
          }
        }
      }
    }
    return scaled ? decoded(file, scales) : file;
  }

  /** Input scales are told from parameters of that name by being a single number. */
  private static boolean isDropped(String key, StoredTensor tensor) {
    boolean inputScale = INPUT_SCALES.stream().anyMatch(key::endsWith);
    return key.equals(MARKER)
        || key.endsWith("." + MARKER)
        || (inputScale && tensor.info().elements() == 1);
  }

  private static boolean isWeightScale(String key) {
    return WEIGHT_SCALES.stream().anyMatch(key::endsWith);
  }

  private static void check(Checkpoint file, String weightKey, StoredTensor scale) {
    StoredTensor weight = file.stored().get(weightKey);
    Path path = file.path();
    if (weight == null) {
      throw new ProblemException(
          new QuantizationProblem.LonelyScale(path, scale.storedKey(), weightKey));
    }
    TensorInfo info = weight.info();
    if (Float8.of(info.dtype()).isEmpty()) {
      throw new ProblemException(
          new QuantizationProblem.ScaleType(
              path, weight.storedKey(), info.dtype().tag(), "an 8-bit float type"));
    }
    DType type = scale.info().dtype();
    if (!type.isFloat() || type.bits() < 16) {
      throw new ProblemException(
          new QuantizationProblem.ScaleType(
              path, scale.storedKey(), type.tag(), "F16, BF16, F32 or F64"));
    }
    var shape = scale.info().shape();
    boolean perRow =
        info.shape().rank() > 0
            && shape.rank() > 0
            && shape.dimension(0) == info.shape().dimension(0)
            && shape.elements() == shape.dimension(0);
    if (shape.elements() != 1 && !perRow) {
      throw new ProblemException(
          new QuantizationProblem.BlockScale(
              path, scale.storedKey(), shape.toString(), info.shape().toString()));
    }
  }

  private static Checkpoint decoded(Checkpoint file, Map<String, StoredTensor> scales) {
    var addresses = new AddressMap(file.path());
    long end = 0;
    for (StoredTensor tensor : file.stored().values()) {
      end = Math.max(end, Math.addExact(tensor.position(), tensor.info().bytes()));
    }
    addresses.add(
        end,
        new AddressMap.Bytes() {
          @Override
          public void read(ByteBuffer target, long offset) throws IOException {
            file.read(target, offset);
          }

          @Override
          public void willNeed(long offset, long length) {
            file.willNeed(offset, length);
          }
        });
    var stored = new LinkedHashMap<String, StoredTensor>();
    for (var entry : file.stored().entrySet()) {
      String key = entry.getKey();
      StoredTensor tensor = entry.getValue();
      StoredTensor scale = scales.get(key);
      if (scale != null) {
        var info = new TensorInfo(key, DType.F32, tensor.info().shape());
        long address = addresses.add(info.bytes(), new ScaledTensor(file, tensor, scale));
        stored.put(key, new StoredTensor(tensor.storedKey(), info, address));
      } else if (!isDropped(key, tensor) && !isWeightScale(key)) {
        stored.put(key, tensor);
      }
    }
    return new ScaledFloat8(file, addresses, stored);
  }

  @Override
  public Checkpoint file() {
    return file;
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return stored;
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    addresses.read(target, position);
  }

  @Override
  public void willNeed(long position, long length) {
    addresses.willNeed(position, length);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
