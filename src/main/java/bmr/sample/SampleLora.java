package bmr.sample;

import bmr.model.Architecture;
import bmr.sample.SampleModels.Scale;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A synthetic LoRA for the synthetic models, with the names that kohya's trainer writes. */
public final class SampleLora {
  private static final int RANK = 2;

  private SampleLora() {}

  /**
   * Writes a LoRA beside the sample models: {@code Lora/sample_lora.safetensors}, for SDXL {@code
   * Lora/sample_lora_xl.safetensors}.
   *
   * @param folder that of the models
   * @throws bmr.diagnostic.ProblemException with a RunProblem where another file has the name, or
   *     where the file cannot be written
   */
  public static SampleModels.Sample writeInto(Path folder, Scale scale, Architecture architecture) {
    String name = architecture.isSdxl() ? "sample_lora_xl" : "sample_lora";
    Path file = folder.resolve("Lora").resolve(name + ".safetensors");
    SampleModels.refuseForeign(file);
    long size = write(file, scale, architecture);
    return new SampleModels.Sample(file, size, "a LoRA of rank " + RANK);
  }

  /** Writes a LoRA for SD 1.x. */
  public static void write(Path file, Scale scale) {
    write(file, scale, Architecture.SD1);
  }

  /**
   * Writes a LoRA of rank 2 for all layers of self-attention of the U-Net: 16 modules of kind
   * {@code to_q} where it is one for SD 1.x, and {@code to_v} of the same layers.
   *
   * @return its size
   */
  private static long write(Path file, Scale scale, Architecture architecture) {
    SplittableRandom random = new SplittableRandom(1);
    List<SampleTensor> tensors = new ArrayList<>();
    TensorTable.of(architecture)
        .forEach((key, shape) -> {
          if (key.matches("model\\.diffusion_model\\..*\\.attn1\\.to_[qv]\\.weight")) {
            add(tensors, key, scale.shape(shape), random);
          }
        });
    return SampleFile.write(
        file,
        tensors,
        Map.of(
            SampleModels.SYNTHETIC,
            "true",
            "ss_network_module",
            "networks.lora",
            "ss_network_dim",
            String.valueOf(RANK),
            "ss_network_alpha",
            "1"));
  }

  private static void add(
      List<SampleTensor> tensors, String key, Shape shape, SplittableRandom random) {
    String module =
        "lora_unet_"
            + key.substring("model.diffusion_model.".length(), key.length() - ".weight".length())
                .replace('.', '_');
    long out = shape.dimension(0);
    long in = shape.dimension(1);
    tensors.add(SampleTensor.of(module + ".alpha", DType.F16, Shape.of(), 1));
    tensors.add(
        SampleTensor.of(
            module + ".lora_down.weight",
            DType.F16,
            Shape.of(RANK, in),
            numbers(random, RANK * in)));
    tensors.add(
        SampleTensor.of(
            module + ".lora_up.weight",
            DType.F16,
            Shape.of(out, RANK),
            numbers(random, RANK * out)));
  }

  private static double[] numbers(SplittableRandom random, long count) {
    return random.doubles(count, -0.1, 0.1).toArray();
  }
}
