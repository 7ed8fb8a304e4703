package bmr.checkpoint;

import bmr.tensor.TensorInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A model whose U-Net is the average that training kept beside it. The copy of {@code
 * model.diffusion_model.out.0.bias} is {@code model_ema.diffusion_modelout0bias}: without the first
 * word and without dots (CompVis stable-diffusion, {@code ldm/modules/ema.py}).
 */
public final class EmaWeights implements WrappedCheckpoint {
  private static final String UNET = "model.diffusion_model.";
  private static final String EMA = "model_ema.";

  private final Checkpoint file;
  private final int used;
  private final int unet;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  private EmaWeights(Checkpoint file, Map<String, StoredTensor> copies) {
    this.file = file;
    this.used = copies.size();
    this.unet = (int) file.stored().keySet().stream().filter(key -> key.startsWith(UNET)).count();
    file.stored()
        .forEach((key, own) -> {
          if (!key.startsWith(EMA)) {
            StoredTensor tensor = copies.getOrDefault(key, own);
            var info = new TensorInfo(key, tensor.info().dtype(), tensor.info().shape());
            stored.put(key, new StoredTensor(tensor.storedKey(), info, tensor.position()));
            tensors.put(key, info);
          }
        });
  }

  /** A model with its EMA weights, without the copies; empty if it has none of them. */
  public static Optional<EmaWeights> of(Checkpoint file) {
    Map<String, StoredTensor> copies = copies(file);
    return copies.isEmpty() ? Optional.empty() : Optional.of(new EmaWeights(file, copies));
  }

  /** The copies of a file by the keys of the tensors that they are of, where the shapes agree. */
  public static Map<String, StoredTensor> copies(Checkpoint file) {
    Map<String, StoredTensor> copies = new LinkedHashMap<>();
    file.stored()
        .forEach((key, tensor) -> {
          if (key.startsWith(UNET)) {
            String name = EMA + key.substring(key.indexOf('.') + 1).replace(".", "");
            StoredTensor copy = file.stored().get(name);
            if (copy != null && copy.info().shape().equals(tensor.info().shape())) {
              copies.put(key, copy);
            }
          }
        });
    return copies;
  }

  /** How many tensors of the U-Net are EMA weights. */
  public int used() {
    return used;
  }

  /** How many tensors the U-Net has. */
  public int unet() {
    return unet;
  }

  @Override
  public Checkpoint file() {
    return file;
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return Collections.unmodifiableSequencedMap(stored);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }
}
