package bmr.workspace;

import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A model of a handful of tensors, whose values every type holds exactly. */
final class TinyModel {
  static final String CLIP =
      "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.bias";
  static final String IDS = "cond_stage_model.transformer.text_model.embeddings.position_ids";
  static final String VAE = "first_stage_model.decoder.conv_in.weight";
  static final String TIME = "model.diffusion_model.time_embed.0.weight";
  static final String FIRST = "model.diffusion_model.input_blocks.0.0.weight";
  static final String IN04 = "model.diffusion_model.input_blocks.4.1.proj_in.weight";
  static final String MID = "model.diffusion_model.middle_block.0.in_layers.2.weight";
  static final String OUT03 = "model.diffusion_model.output_blocks.3.0.in_layers.2.weight";
  static final String HEAD = "model.diffusion_model.out.2.weight";
  static final String CLIPL =
      "conditioner.embedders.0.transformer.text_model.final_layer_norm.bias";
  static final String CLIPG = "conditioner.embedders.1.model.ln_final.bias";
  static final String LABEL = "model.diffusion_model.label_emb.0.0.weight";
  static final String IN08 = "model.diffusion_model.input_blocks.8.0.in_layers.2.weight";
  static final String IN11 = "model.diffusion_model.input_blocks.11.0.in_layers.2.weight";
  static final String OUT08 = "model.diffusion_model.output_blocks.8.0.in_layers.2.weight";

  private final String name;
  private final DType dtype;
  private final Random random;
  private final Map<String, SampleTensor> tensors = new LinkedHashMap<>();
  private final Map<String, double[]> values = new LinkedHashMap<>();

  private TinyModel(String name, DType dtype) {
    this.name = name;
    this.dtype = dtype;
    this.random = new Random(name.hashCode());
  }

  static TinyModel empty(String name, DType dtype) {
    return new TinyModel(name, dtype);
  }

  static TinyModel sd1(String name) {
    return sd1(name, DType.F32);
  }

  static TinyModel sd1(String name, DType dtype) {
    return empty(name, dtype).with(CLIP, VAE, TIME, IN04, IN11, MID, OUT03, HEAD);
  }

  static TinyModel sdxl(String name) {
    return empty(name, DType.F32)
        .with(CLIPL, CLIPG, VAE, TIME, LABEL, IN04, IN08, MID, OUT03, OUT08, HEAD);
  }

  TinyModel with(String... keys) {
    for (String key : keys) {
      with(key, dtype, Shape.of(2, 3), random(6));
    }
    return this;
  }

  TinyModel with(String key, DType type, Shape shape, double... numbers) {
    tensors.put(key, SampleTensor.of(key, type, shape, numbers));
    values.put(key, numbers);
    return this;
  }

  /** A tensor of any type, by its bytes. */
  TinyModel withBytes(String key, DType type, Shape shape, byte... bytes) {
    TensorInfo info = new TensorInfo(key, type, shape);
    tensors.put(
        key,
        new SampleTensor() {
          @Override
          public TensorInfo info() {
            return info;
          }

          @Override
          public void put(long first, int count, ByteBuffer target, float[] scratch) {
            target.put(bytes);
          }
        });
    return this;
  }

  TinyModel without(String... keys) {
    for (String key : keys) {
      tensors.remove(key);
      values.remove(key);
    }
    return this;
  }

  /** Multiples of 1/64 below 2: exact in BF16 as well. */
  double[] random(int count) {
    return random.ints(count, -127, 128).mapToDouble(i -> i / 64.0).toArray();
  }

  TinyModel write(Path folder) {
    SampleFile.write(
        folder.resolve(name + ".safetensors"), List.copyOf(tensors.values()), Map.of());
    return this;
  }

  double[] values(String key) {
    double[] found = values.get(key);
    if (found == null) {
      throw new IllegalArgumentException(name + " lacks " + key);
    }
    return found;
  }

  String name() {
    return name;
  }
}
