package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LoRAs of every kind against plain loops over the definition of each kind. */
class LoraTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String QUERY = "input_blocks.1.1.transformer_blocks.0.attn1.to_q";
  private static final String LINEAR = UNET + QUERY + ".weight";
  private static final String CONV = UNET + "output_blocks.3.0.in_layers.2.weight";
  private static final String CONV_BIAS = UNET + "output_blocks.3.0.in_layers.2.bias";
  private static final String TEXT =
      "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight";
  private static final String KOHYA_LINEAR =
      "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  private static final String KOHYA_CONV = "lora_unet_up_blocks_1_resnets_0_conv1";
  private static final String KOHYA_TEXT = "lora_te_text_model_encoder_layers_0_mlp_fc1";
  private static final int OUT = 6;
  private static final int IN = 4;
  private static final int K = 9;

  @TempDir Path folder;
  private final Random random = new Random(7);
  private TinyModel base = TinyModel.sd1("unset");
  private TinyModel lora = TinyModel.empty("unset", DType.F32);

  @BeforeEach
  void models() {
    base =
        TinyModel.sd1("A")
            .without(TinyModel.OUT03)
            .with(LINEAR, DType.F32, Shape.of(OUT, IN), numbers(OUT * IN))
            .with(CONV, DType.F32, Shape.of(OUT, IN, 3, 3), numbers(OUT * IN * K))
            .with(CONV_BIAS, DType.F32, Shape.of(OUT), numbers(OUT))
            .with(TEXT, DType.F32, Shape.of(OUT, IN), numbers(OUT * IN))
            .write(folder);
    lora = TinyModel.empty("detail", DType.F32);
  }

  private double[] numbers(int count) {
    return random.ints(count, -127, 128).mapToDouble(i -> i / 64.0).toArray();
  }

  private LoraTest put(String key, double[] values, long... shape) {
    lora.with(key, DType.F32, Shape.of(shape), values);
    return this;
  }

  private double[] factor(String key, long... shape) {
    int count = 1;
    for (long length : shape) {
      count *= (int) length;
    }
    double[] values = numbers(count);
    put(key, values, shape);
    return values;
  }

  private Merged merged(String... lines) throws IOException {
    lora.write(Files.createDirectories(folder.resolve("Lora")));
    return Merged.of(folder, lines);
  }

  private static final String APPLY = "M = A + lora(\"detail\") x 0.7";
  private static final String SAVE = "save M as \"m.safetensors\" f32";

  private void check(Merged merged, String key, double weight, double[] change) {
    double[] expected = base.values(key).clone();
    double error = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      expected[i] += weight * change[i];
      error += Math.pow(expected[i] - merged.values(key)[i], 2);
      size += Math.pow(weight * change[i], 2);
    }
    assertTrue(size > 0, key);
    assertTrue(Math.sqrt(error) <= 1e-6 * Math.sqrt(size), key + ": " + Math.sqrt(error / size));
  }

  private static double[] product(double[] up, double[] down, int rank, double scale) {
    int rows = up.length / rank;
    int columns = down.length / rank;
    double[] result = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int r = 0; r < rank; r++) {
          result[i * columns + j] += scale * up[i * rank + r] * down[r * columns + j];
        }
      }
    }
    return result;
  }

  @Test
  void kohyaWithAlphaAndWithout() throws IOException {
    double[] down = factor(KOHYA_LINEAR + ".lora_down.weight", 2, IN);
    double[] up = factor(KOHYA_LINEAR + ".lora_up.weight", OUT, 2);
    put(KOHYA_LINEAR + ".alpha", new double[] {1});
    double[] convDown = factor(KOHYA_CONV + ".lora_down.weight", 3, IN, 3, 3);
    double[] convUp = factor(KOHYA_CONV + ".lora_up.weight", OUT, 3, 1, 1);
    double[] textDown = factor(KOHYA_TEXT + ".lora_down.weight", 1, IN);
    double[] textUp = factor(KOHYA_TEXT + ".lora_up.weight", OUT, 1);
    Merged merged = merged(APPLY, SAVE);
    assertEquals(
        List.of("BMR0642"), merged.codes().stream().filter(c -> c.startsWith("BMR06")).toList());
    check(merged, LINEAR, 0.7, product(up, down, 2, 0.5));
    check(merged, CONV, 0.7, product(convUp, convDown, 3, 1));
    check(merged, TEXT, 0.7, product(textUp, textDown, 1, 1));
    merged.exactly(base, TinyModel.VAE, TinyModel.TIME, CONV_BIAS);
    assertTrue(
        merged.plan().model().cases().stream()
            .noneMatch(one -> one.sources().stream().anyMatch(name -> name.startsWith("lora"))));

    Merged parts = merged("M = A + lora(\"detail\", unet: 0.5, te: 0.25)", SAVE);
    check(parts, LINEAR, 0.5, product(up, down, 2, 0.5));
    check(parts, TEXT, 0.25, product(textUp, textDown, 1, 1));

    Merged blocks =
        merged(
            "M = A + lora(\"detail\") x w",
            "    w = 0.5,0.25,0,0,0,0,0,0,0.75,0,0,0,0,0,0,0,0",
            SAVE);
    check(blocks, LINEAR, 0.25, product(up, down, 2, 0.5));
    check(blocks, CONV, 0.75, product(convUp, convDown, 3, 1));
    check(blocks, TEXT, 0.5, product(textUp, textDown, 1, 1));

    Merged preset = merged("M = A + lora(\"detail\") x OUTALL x 0.5", SAVE);
    check(preset, CONV, 0.5, product(convUp, convDown, 3, 1));
    preset.exactly(base, LINEAR);
  }

  @Test
  void otherSpellingsAreTheSame() throws IOException {
    double[] down =
        factor(
            "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight", 2, IN);
    double[] up =
        factor(
            "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_B.weight",
            OUT,
            2);
    double[] textDown =
        factor(
            "text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.down.weight",
            1,
            IN);
    double[] textUp =
        factor(
            "text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.up.weight", OUT, 1);
    double[] convDown =
        factor("lora_unet_output_blocks_3_0_in_layers_2.lora_down.weight", 3, IN, 3, 3);
    double[] convUp =
        factor("lora_unet_output_blocks_3_0_in_layers_2.lora_up.weight", OUT, 3, 1, 1);
    Merged merged = merged(APPLY, SAVE);
    check(merged, LINEAR, 0.7, product(up, down, 2, 1));
    check(merged, TEXT, 0.7, product(textUp, textDown, 1, 1));
    check(merged, CONV, 0.7, product(convUp, convDown, 3, 1));
  }

  @Test
  void coreOfAConvolution() throws IOException {
    double[] down = factor(KOHYA_CONV + ".lora_down.weight", 2, IN, 1, 1);
    double[] core = factor(KOHYA_CONV + ".lora_mid.weight", 3, 2, 3, 3);
    double[] up = factor(KOHYA_CONV + ".lora_up.weight", OUT, 3, 1, 1);
    put(KOHYA_CONV + ".alpha", new double[] {1});
    double[] change = new double[OUT * IN * K];
    for (int o = 0; o < OUT; o++) {
      for (int i = 0; i < IN; i++) {
        for (int k = 0; k < K; k++) {
          for (int p = 0; p < 3; p++) {
            for (int q = 0; q < 2; q++) {
              change[(o * IN + i) * K + k] +=
                  0.5 * up[o * 3 + p] * core[(p * 2 + q) * K + k] * down[q * IN + i];
            }
          }
        }
      }
    }
    check(merged(APPLY, SAVE), CONV, 0.7, change);
  }

  @Test
  void hadamard() throws IOException {
    double[] a1 = factor(KOHYA_LINEAR + ".hada_w1_a", OUT, 2);
    double[] b1 = factor(KOHYA_LINEAR + ".hada_w1_b", 2, IN);
    double[] a2 = factor(KOHYA_LINEAR + ".hada_w2_a", OUT, 2);
    double[] b2 = factor(KOHYA_LINEAR + ".hada_w2_b", 2, IN);
    put(KOHYA_LINEAR + ".alpha", new double[] {1});
    double[] change = product(a1, b1, 2, 0.5);
    double[] other = product(a2, b2, 2, 1);
    for (int i = 0; i < change.length; i++) {
      change[i] *= other[i];
    }
    check(merged(APPLY, SAVE), LINEAR, 0.7, change);
  }

  @Test
  void hadamardWithCores() throws IOException {
    double[][] core = new double[2][];
    double[][] out = new double[2][];
    double[][] in = new double[2][];
    for (int side = 0; side < 2; side++) {
      core[side] = factor(KOHYA_CONV + ".hada_t" + (side + 1), 2, 2, 3, 3);
      out[side] = factor(KOHYA_CONV + ".hada_w" + (side + 1) + "_a", 2, OUT);
      in[side] = factor(KOHYA_CONV + ".hada_w" + (side + 1) + "_b", 2, IN);
    }
    double[] change = new double[OUT * IN * K];
    for (int p = 0; p < OUT; p++) {
      for (int r = 0; r < IN; r++) {
        for (int k = 0; k < K; k++) {
          double[] sum = new double[2];
          for (int side = 0; side < 2; side++) {
            for (int i = 0; i < 2; i++) {
              for (int j = 0; j < 2; j++) {
                sum[side] +=
                    core[side][(i * 2 + j) * K + k] * in[side][j * IN + r] * out[side][i * OUT + p];
              }
            }
          }
          change[(p * IN + r) * K + k] = sum[0] * sum[1];
        }
      }
    }
    check(merged(APPLY, SAVE), CONV, 0.7, change);
  }

  private static double[] kronecker(double[] left, int columns, double[] right, int inner, int k) {
    int rows = left.length / columns;
    int innerRows = right.length / inner / k;
    double[] result = new double[left.length * right.length];
    for (int a = 0; a < rows; a++) {
      for (int b = 0; b < columns; b++) {
        for (int c = 0; c < innerRows; c++) {
          for (int d = 0; d < inner; d++) {
            for (int i = 0; i < k; i++) {
              int row = a * innerRows + c;
              int column = b * inner + d;
              result[(row * columns * inner + column) * k + i] =
                  left[a * columns + b] * right[(c * inner + d) * k + i];
            }
          }
        }
      }
    }
    return result;
  }

  @Test
  void kroneckerIsScaledWhereAFactorIsOfLowRank() throws IOException {
    double[] w1 = factor(KOHYA_LINEAR + ".lokr_w1", 2, 2);
    double[] w2 = factor(KOHYA_LINEAR + ".lokr_w2", 3, 2);
    put(KOHYA_LINEAR + ".alpha", new double[] {4});
    double[] left = factor(KOHYA_CONV + ".lokr_w1", 2, 2);
    double[] a = factor(KOHYA_CONV + ".lokr_w2_a", 3, 1);
    double[] b = factor(KOHYA_CONV + ".lokr_w2_b", 1, 2 * K);
    put(KOHYA_CONV + ".alpha", new double[] {0.5});
    Merged merged = merged(APPLY, SAVE);
    check(merged, LINEAR, 0.7, kronecker(w1, 2, w2, 2, 1));
    check(merged, CONV, 0.7, kronecker(left, 2, product(a, b, 1, 0.5), 2, K));
  }

  @Test
  void fullDifferences() throws IOException {
    double[] weight = factor(KOHYA_CONV + ".diff", OUT, IN, 3, 3);
    double[] bias = factor(KOHYA_CONV + ".diff_b", OUT);
    Merged merged = merged(APPLY, SAVE);
    check(merged, CONV, 0.7, weight);
    check(merged, CONV_BIAS, 0.7, bias);
  }

  @Test
  void theSecondTextEncodersProjectionIsFused() throws IOException {
    String fused = "conditioner.embedders.1.model.transformer.resblocks.3.attn.in_proj_weight";
    TinyModel xl =
        TinyModel.sdxl("XL")
            .with(fused, DType.F32, Shape.of(3 * IN, IN), numbers(3 * IN * IN))
            .write(folder);
    String name = "lora_te2_text_model_encoder_layers_3_self_attn_v_proj";
    double[] down = factor(name + ".lora_down.weight", 2, IN);
    double[] up = factor(name + ".lora_up.weight", IN, 2);
    Merged merged = merged("M = XL + lora(\"detail\")", SAVE);
    double[] expected = xl.values(fused).clone();
    double[] change = product(up, down, 2, 1);
    for (int i = 0; i < change.length; i++) {
      expected[2 * IN * IN + i] += change[i];
    }
    assertArrayEquals(expected, merged.values(fused), 1e-5);
  }

  @Test
  void whatDoesNotFitIsTold() throws IOException {
    factor(KOHYA_LINEAR + ".lora_down.weight", 2, IN + 1);
    factor(KOHYA_LINEAR + ".lora_up.weight", OUT, 2);
    lora.write(Files.createDirectories(folder.resolve("Lora")));
    assertTrue(Merged.codes(folder, APPLY, SAVE).contains("BMR0644"));
    factor(KOHYA_CONV + ".lora_down.weight", 3, IN, 3, 3);
    factor(KOHYA_CONV + ".lora_up.weight", OUT, 3, 1, 1);
    lora.write(Files.createDirectories(folder.resolve("Lora")));
    assertTrue(Merged.codes(folder, APPLY, SAVE).contains("BMR0645"));
    assertTrue(Merged.codes(folder, "M = A + lora(\"nothing\")").contains("BMR0641"));
    assertTrue(Merged.codes(folder, "M = A + lora(\"detail\", clip: 1)").contains("BMR0640"));
    // a LoRA is a difference: with or without a weight it is no model
    assertTrue(Merged.codes(folder, "M = lora(\"detail\")", SAVE).contains("BMR0304"));
  }

  @Test
  void unusedModulesAreAWarning() throws IOException {
    factor(KOHYA_CONV + ".lora_down.weight", 3, IN, 3, 3);
    factor(KOHYA_CONV + ".lora_up.weight", OUT, 3, 1, 1);
    factor("lora_unet_no_such_layer.lora_down.weight", 3, IN, 3, 3);
    assertTrue(merged(APPLY, SAVE).codes().contains("BMR0643"));
  }

  @Test
  void doraNormalizesByTheModelBefore() throws IOException {
    double[] down = factor(KOHYA_LINEAR + ".lora_down.weight", 2, IN);
    double[] up = factor(KOHYA_LINEAR + ".lora_up.weight", OUT, 2);
    double[] lengths = factor(KOHYA_LINEAR + ".dora_scale", OUT, 1);
    double[] convDown = factor(KOHYA_CONV + ".lora_down.weight", 3, IN, 3, 3);
    double[] convUp = factor(KOHYA_CONV + ".lora_up.weight", OUT, 3, 1, 1);
    double[] inputs = factor(KOHYA_CONV + ".dora_scale", 1, IN, 1, 1);
    Merged merged = merged("M = (A + lora(\"detail\") x 0.7) x 0.5 + A x 0.5", SAVE);
    double[] linear = product(up, down, 2, 1);
    for (int o = 0; o < OUT; o++) {
      double norm = 0;
      for (int i = 0; i < IN; i++) {
        norm += Math.pow(base.values(LINEAR)[o * IN + i] + linear[o * IN + i], 2);
      }
      for (int i = 0; i < IN; i++) {
        double own = base.values(LINEAR)[o * IN + i];
        linear[o * IN + i] = lengths[o] * (own + linear[o * IN + i]) / Math.sqrt(norm) - own;
      }
    }
    check(merged, LINEAR, 0.35, linear);
    double[] conv = product(convUp, convDown, 3, 1);
    double[] result = new double[conv.length];
    for (int i = 0; i < IN; i++) {
      double norm = 0;
      for (int o = 0; o < OUT; o++) {
        for (int k = 0; k < K; k++) {
          int at = (o * IN + i) * K + k;
          norm += Math.pow(base.values(CONV)[at] + conv[at], 2);
        }
      }
      for (int o = 0; o < OUT; o++) {
        for (int k = 0; k < K; k++) {
          int at = (o * IN + i) * K + k;
          double own = base.values(CONV)[at];
          result[at] = inputs[i] * (own + conv[at]) / Math.sqrt(norm) - own;
        }
      }
    }
    check(merged, CONV, 0.35, result);
  }

  @Test
  void normsOfLycoris() throws IOException {
    String bias = CONV_BIAS;
    double[] weight = factor(KOHYA_CONV + ".w_norm", OUT, IN, 3, 3);
    double[] shift = factor(KOHYA_CONV + ".b_norm", OUT);
    Merged merged = merged(APPLY, SAVE);
    check(merged, CONV, 0.7, weight);
    check(merged, bias, 0.7, shift);
  }

  @Test
  void otherAdaptersAreRefusedByName() throws IOException {
    for (String end : List.of("oft_blocks", "boft_R", "on_input", "a1.weight")) {
      lora = TinyModel.empty("detail", DType.F32);
      factor(KOHYA_CONV + ".diff", OUT, IN, 3, 3);
      factor(KOHYA_LINEAR + "." + end, 2, 2);
      lora.write(Files.createDirectories(folder.resolve("Lora")));
      assertTrue(Merged.codes(folder, APPLY, SAVE).contains("BMR0680"), end);
    }
  }

  @Test
  void aLoraIsExtractedOfADifference() throws IOException {
    TinyModel.sd1("B").write(folder);
    String save = "save L as \"l.safetensors\"";
    assertTrue(Merged.codes(folder, "L = extract_lora(B, rank: 4)", save).contains("BMR0681"));
    TinyModel.sd1("C").write(folder);
    List<String> codes = Merged.codes(folder, "L = extract_lora(B - C, rank: 4)", save);
    assertTrue(codes.stream().noneMatch(code -> code.startsWith("BMR068")), codes.toString());
  }

  @Test
  void forAnotherArchitecture() throws IOException {
    String module = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k";
    factor(module + ".lora_down.weight", 2, 2048);
    factor(module + ".lora_up.weight", 640, 2);
    factor(KOHYA_LINEAR + ".lora_down.weight", 2, IN);
    factor(KOHYA_LINEAR + ".lora_up.weight", OUT, 2);
    lora.write(Files.createDirectories(folder.resolve("Lora")));
    assertTrue(Merged.codes(folder, APPLY, SAVE).contains("BMR0682"));
  }
}
