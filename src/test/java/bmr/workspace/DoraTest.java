package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DoRAs behind mixes, named models, methods and other LoRAs, against plain loops. */
class DoraTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String LINEAR =
      UNET + "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight";
  private static final String CONV = UNET + "output_blocks.3.0.in_layers.2.weight";
  private static final String KOHYA_LINEAR =
      "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  private static final String KOHYA_CONV = "lora_unet_up_blocks_1_resnets_0_conv1";
  private static final String SAVE = "save M as \"m.safetensors\" f32";
  private static final int OUT = 6;
  private static final int IN = 4;
  private static final int K = 9;

  @TempDir Path folder;
  private final Random random = new Random(11);
  private double[][] linear = {};
  private double[][] conv = {};
  private Lora dora = new Lora(new double[0], new double[0], new double[0], new double[0]);
  private Lora second = dora;
  private Lora plain = dora;

  /** The changes that a LoRA's factors make, and the lengths of rows and inputs. */
  private record Lora(double[] linear, double[] rows, double[] conv, double[] inputs) {}

  @BeforeEach
  void files() throws IOException {
    linear = new double[3][];
    conv = new double[3][];
    for (int i = 0; i < 3; i++) {
      linear[i] = numbers(OUT * IN);
      conv[i] = numbers(OUT * IN * K);
      TinyModel.sd1(List.of("A", "B", "C").get(i))
          .without(TinyModel.OUT03)
          .with(LINEAR, DType.F32, Shape.of(OUT, IN), linear[i])
          .with(CONV, DType.F32, Shape.of(OUT, IN, 3, 3), conv[i])
          .write(folder);
    }
    Files.createDirectories(folder.resolve("Lora"));
    dora = write("dora", true);
    second = write("second", true);
    plain = write("plain", false);
  }

  private double[] numbers(int count) {
    return random.ints(count, -127, 128).mapToDouble(i -> i / 64.0).toArray();
  }

  private Lora write(String name, boolean lengths) {
    TinyModel file = TinyModel.empty(name, DType.F32);
    double[] down = numbers(2 * IN);
    double[] up = numbers(OUT * 2);
    double[] convDown = numbers(3 * IN * K);
    double[] convUp = numbers(OUT * 3);
    Lora lora =
        new Lora(product(up, down, 2), numbers(OUT), product(convUp, convDown, 3), numbers(IN));
    file.with(KOHYA_LINEAR + ".lora_down.weight", DType.F32, Shape.of(2, IN), down)
        .with(KOHYA_LINEAR + ".lora_up.weight", DType.F32, Shape.of(OUT, 2), up)
        .with(KOHYA_CONV + ".lora_down.weight", DType.F32, Shape.of(3, IN, 3, 3), convDown)
        .with(KOHYA_CONV + ".lora_up.weight", DType.F32, Shape.of(OUT, 3, 1, 1), convUp);
    if (lengths) {
      file.with(KOHYA_LINEAR + ".dora_scale", DType.F32, Shape.of(OUT, 1), lora.rows())
          .with(KOHYA_CONV + ".dora_scale", DType.F32, Shape.of(1, IN, 1, 1), lora.inputs());
    }
    file.write(folder.resolve("Lora"));
    return lora;
  }

  private static double[] product(double[] up, double[] down, int rank) {
    int columns = down.length / rank;
    double[] result = new double[up.length / rank * columns];
    for (int i = 0; i < result.length; i++) {
      for (int r = 0; r < rank; r++) {
        result[i] += up[i / columns * rank + r] * down[r * columns + i % columns];
      }
    }
    return result;
  }

  private static double[] sum(double a, double[] x, double b, double[] y) {
    double[] result = new double[x.length];
    Arrays.setAll(result, i -> a * x[i] + b * y[i]);
    return result;
  }

  /** {@code W + w · (s · V / ‖V‖ − W)} with a norm for each of some groups of elements. */
  private static double[] applied(
      double[] base, double[] change, double[] lengths, int inner, double weight) {
    double[] v = sum(1, base, 1, change);
    double[] squares = new double[lengths.length];
    for (int i = 0; i < v.length; i++) {
      squares[i / inner % lengths.length] += v[i] * v[i];
    }
    double[] result = new double[v.length];
    for (int i = 0; i < v.length; i++) {
      int group = i / inner % lengths.length;
      double whole = lengths[group] * v[i] / Math.sqrt(squares[group]);
      result[i] = base[i] + weight * (whole - base[i]);
    }
    return result;
  }

  private static double[] rows(double[] base, Lora lora, double weight) {
    return applied(base, lora.linear(), lora.rows(), IN, weight);
  }

  private static double[] inputs(double[] base, Lora lora, double weight) {
    return applied(base, lora.conv(), lora.inputs(), K, weight);
  }

  private void check(double[] linear, double[] conv, String... lines) throws IOException {
    Merged merged = Merged.of(folder, lines);
    assertArrayEquals(linear, merged.values(LINEAR), 2e-6, lines[0]);
    assertArrayEquals(conv, merged.values(CONV), 2e-6, lines[0]);
  }

  @Test
  void behindMixes() throws IOException {
    double[] mix = sum(0.5, linear[0], 0.5, linear[1]);
    double[] convMix = sum(0.5, conv[0], 0.5, conv[1]);
    double[] expected = rows(mix, dora, 0.7);
    double[] convExpected = inputs(convMix, dora, 0.7);
    check(expected, convExpected, "M = A x 0.5 + B x 0.5 + lora(\"dora\") x 0.7", SAVE);
    check(
        expected, convExpected, "MIX = A x 0.5 + B x 0.5", "M = MIX + lora(\"dora\") x 0.7", SAVE);
    check(
        sum(0.4, expected, 0.6, linear[2]),
        sum(0.4, convExpected, 0.6, conv[2]),
        "M = (A x 0.5 + B x 0.5 + lora(\"dora\") x 0.7) x 0.4 + C x 0.6",
        SAVE);
  }

  @Test
  void behindDifferencesAndOtherLoras() throws IOException {
    double[] trained = sum(1, linear[0], 0.5, sum(1, linear[1], -1, linear[2]));
    double[] convTrained = sum(1, conv[0], 0.5, sum(1, conv[1], -1, conv[2]));
    double[] first = rows(sum(1, trained, 0.3, plain.linear()), dora, 0.7);
    double[] convFirst = inputs(sum(1, convTrained, 0.3, plain.conv()), dora, 0.7);
    check(
        rows(first, second, -0.2),
        inputs(convFirst, second, -0.2),
        "M = A + (B - C) x 0.5 + lora(\"plain\") x 0.3 + lora(\"dora\") x 0.7"
            + " + lora(\"second\") x -0.2",
        SAVE);
  }

  @Test
  void behindAMethodThatSeesTheWholeTensor() throws IOException {
    Merged method = Merged.of(folder, "M = slerp(A, B, 0.3)", SAVE);
    double[] base = method.values(LINEAR);
    check(
        rows(base, dora, 0.7),
        inputs(method.values(CONV), dora, 0.7),
        "M = slerp(A, B, 0.3) + lora(\"dora\") x 0.7",
        SAVE);
  }

  @Test
  void weightsOfBlocks() throws IOException {
    double[] mix = sum(0.75, linear[0], 0.25, linear[1]);
    check(
        rows(mix, dora, 0.25),
        inputs(conv[0], dora, 0.5),
        "M = A x (1-w) + B x w + lora(\"dora\") x {IN01: 0.25, OUT03: 0.5}",
        "    w = {IN01: 0.25, OUT03: 0}",
        SAVE);
  }

  @Test
  void plansSayIt() throws IOException {
    Merged merged = Merged.of(folder, "M = A x 0.5 + B x 0.5 + lora(\"dora\") x 0.7", SAVE);
    assertTrue(merged.plan().model().sources().contains("dora(\"dora\")"));
    assertEquals(
        1, merged.codes().stream().filter("BMR0642"::equals).count(), merged.codes().toString());
    assertFalse(merged.codes().contains("BMR0646"));
  }

  @Test
  void withoutAModelBefore() throws IOException {
    for (String formula :
        List.of(
            "M = A x 0.5 + lora(\"dora\") x 0.7 + B x 0.5",
            "M = A + (lora(\"dora\") + lora(\"plain\")) x 0.7")) {
      assertTrue(Merged.codes(folder, formula, SAVE).contains("BMR0646"), formula);
    }
  }
}
