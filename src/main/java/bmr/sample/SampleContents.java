package bmr.sample;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.TensorRole;
import bmr.sample.Mixture.Direction;
import bmr.sample.SampleDesign.Oddity;
import bmr.sample.SampleModels.Scale;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** The tensors of one synthetic model. */
final class SampleContents {
  private static final int TOKENS = 77;

  /** What published models have as the logarithm of CLIP's temperature. */
  private static final double LOGIT_SCALE = 4.6052;

  private final SampleDesign design;
  private final Architecture architecture;
  private final Scale scale;
  private final NoiseField field;
  private final List<SampleTensor> tensors = new ArrayList<>();

  private SampleContents(
      SampleDesign design, Architecture architecture, Scale scale, NoiseField field) {
    this.design = design;
    this.architecture = architecture;
    this.scale = scale;
    this.field = field;
  }

  /** All tensors, in the order of most files: larger elements first, then by key. */
  static List<SampleTensor> of(
      SampleDesign design,
      Architecture architecture,
      Scale scale,
      SequencedMap<String, Shape> table,
      NoiseField field) {
    var contents = new SampleContents(design, architecture, scale, field);
    table.forEach(contents::add);
    if (design.has(Oddity.TRAINING_LEFTOVERS)) {
      contents.tensors.addAll(TrainingLeftovers.schedules());
      contents.addEmaCopies(table);
    }
    if (design.has(Oddity.V_PREDICTION)) {
      contents.tensors.add(SampleTensor.of("v_pred", DType.I64, Shape.of(0)));
      contents.tensors.add(SampleTensor.of("ztsnr", DType.I64, Shape.of(0)));
    }
    contents.tensors.sort(
        Comparator.comparingInt((SampleTensor tensor) -> -tensor.info().dtype().bits())
            .thenComparing(tensor -> tensor.info().key()));
    return List.copyOf(contents.tensors);
  }

  private void add(String key, Shape real) {
    Part part = Part.of(key);
    if (part == Part.VAE && design.has(Oddity.NO_VAE)) {
      return;
    }
    String stored =
        design.has(Oddity.OLD_KEYS)
            ? key.replace(
                "cond_stage_model.transformer.text_model.", "cond_stage_model.transformer.")
            : key;
    switch (TensorRole.of(key)) {
      case POSITION_IDS -> tensors.add(positionIds(stored));
      case FIXED -> tensors.add(SampleTensor.of(stored, dtype(), Shape.of(), LOGIT_SCALE));
      case BLENDED, SCHEDULE, MARKER, EMA, TRAINING -> tensors.add(noise(stored, key, real));
    }
  }

  private SampleTensor noise(String stored, String key, Shape real) {
    return new NoiseTensor(
        new TensorInfo(stored, dtype(), scale.shape(real)), key, field, mixture(key).toArray());
  }

  private Mixture mixture(String key) {
    Part part = Part.of(key);
    Block block = BlockMap.standard().place(architecture, key).block();
    if (part == Part.VAE) {
      return Mixture.base().with(Direction.VAE, design.has(Oddity.OTHER_VAE) ? 0.12 : 0);
    }
    Mixture mixture = design.mixture().apply(block);
    // tuning changes text encoders less than U-Nets
    return part.isTextEncoder() ? mixture.towardsBase(0.5) : mixture;
  }

  private DType dtype() {
    if (design.has(Oddity.TRAINING_LEFTOVERS)) {
      return DType.F32;
    }
    return design.has(Oddity.BF16) && scale == Scale.TINY ? DType.BF16 : DType.F16;
  }

  private SampleTensor positionIds(String key) {
    boolean damaged = design.has(Oddity.FLOAT_POSITION_IDS);
    double[] ids =
        IntStream.range(0, TOKENS).mapToDouble(id -> damaged ? id * 0.9995 : id).toArray();
    return SampleTensor.of(key, damaged ? DType.F32 : DType.I64, Shape.of(1, TOKENS), ids);
  }

  /** Copies of the first two blocks; all of them would double the file for nothing. */
  private void addEmaCopies(SequencedMap<String, Shape> table) {
    table.forEach((key, real) -> {
      if (key.startsWith("model.diffusion_model.input_blocks.0.")
          || key.startsWith("model.diffusion_model.input_blocks.1.")) {
        String copy = "model_ema." + key.substring("model.".length()).replace(".", "");
        tensors.add(noise(copy, key, real));
      }
    });
    tensors.add(SampleTensor.of("model_ema.decay", DType.F32, Shape.of(), 0.9999));
    tensors.add(SampleTensor.of("model_ema.num_updates", DType.I32, Shape.of(), 470_000));
  }
}
