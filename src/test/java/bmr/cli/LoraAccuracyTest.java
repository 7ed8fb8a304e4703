package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extraction and application against loops in double precision and a Jacobi SVD. */
class LoraAccuracyTest {
  private static final int RANK = 4;
  private static final String UNET = "model.diffusion_model.";

  /** A layer whose difference has singular values that fall with a power of their number. */
  private record Layer(String key, String kohya, int rows, int columns, int kernel, double decay) {
    int width() {
      return columns * kernel * kernel;
    }

    Shape shape() {
      return key.endsWith("to_q.weight") || key.endsWith("fc1.weight")
          ? Shape.of(rows, columns)
          : Shape.of(rows, columns, kernel, kernel);
    }
  }

  private static final List<Layer> LAYERS =
      List.of(
          new Layer(
              UNET + "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight",
              "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
              40,
              24,
              1,
              0),
          new Layer(
              UNET + "input_blocks.4.1.proj_in.weight",
              "lora_unet_down_blocks_1_attentions_0_proj_in",
              26,
              31,
              1,
              1),
          new Layer(
              UNET + "output_blocks.3.0.in_layers.2.weight",
              "lora_unet_up_blocks_1_resnets_0_conv1",
              18,
              10,
              3,
              0.5),
          new Layer(
              UNET + "middle_block.0.in_layers.2.weight",
              "lora_unet_mid_block_resnets_0_conv1",
              70,
              5,
              3,
              2),
          new Layer(
              "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight",
              "lora_te_text_model_encoder_layers_0_mlp_fc1",
              33,
              17,
              1,
              1));

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    Random random = new Random(23);
    List<SampleTensor> base = new ArrayList<>();
    List<SampleTensor> tuned = new ArrayList<>();
    for (Layer layer : LAYERS) {
      double[] weight = numbers(random, layer.rows() * layer.width(), 1);
      double[] change = new double[weight.length];
      int most = Math.min(layer.rows(), layer.width());
      for (int r = 0; r < most; r++) {
        double[] left = numbers(random, layer.rows(), 0.05 / Math.pow(r + 1, layer.decay()));
        double[] right = numbers(random, layer.width(), 1);
        for (int i = 0; i < change.length; i++) {
          change[i] += left[i / layer.width()] * right[i % layer.width()];
        }
      }
      base.add(SampleTensor.of(layer.key(), DType.F32, layer.shape(), weight));
      double[] other = new double[weight.length];
      Arrays.setAll(other, i -> weight[i] + change[i]);
      tuned.add(SampleTensor.of(layer.key(), DType.F32, layer.shape(), other));
    }
    for (String key : List.of("time_embed.0.weight", "out.2.weight", "input_blocks.0.0.weight")) {
      double[] same = numbers(random, 6, 1);
      base.add(SampleTensor.of(UNET + key, DType.F32, Shape.of(2, 3), same));
      tuned.add(SampleTensor.of(UNET + key, DType.F32, Shape.of(2, 3), same));
    }
    Files.createDirectories(folder.resolve("models/Lora"));
    SampleFile.write(folder.resolve("models/base.safetensors"), base, Map.of());
    SampleFile.write(folder.resolve("models/tuned.safetensors"), tuned, Map.of());
  }

  private static double[] numbers(Random random, int count, double size) {
    return random.doubles(count, -size, size).toArray();
  }

  private void run(String script, String... more) throws IOException {
    Files.writeString(folder.resolve("r.bmr"), script);
    List<String> words =
        new ArrayList<>(List.of("run", "r.bmr", "--models", "models", "--overwrite", "--force"));
    words.addAll(List.of(more));
    CommandRun run = CommandRun.in(folder, words.toArray(String[]::new));
    assertEquals(ExitStatus.DONE, run.status(), run.err());
  }

  private void extract(String dtype, String... more) throws IOException {
    run(
        """
        L = extract_lora(tuned - base, rank: %d)
        save L as "models/Lora/l.safetensors" %s
        """
            .formatted(RANK, dtype),
        more);
  }

  private Checkpoint open(String name) {
    return Checkpoint.open(folder.resolve(name));
  }

  @Test
  void extractionLosesHardlyMoreThanItMust() throws IOException {
    extract("f16");
    try (Checkpoint base = open("models/base.safetensors");
        Checkpoint tuned = open("models/tuned.safetensors");
        Checkpoint lora = open("models/Lora/l.safetensors")) {
      for (Layer layer : LAYERS) {
        double[] difference = sum(values(tuned, layer.key()), -1, values(base, layer.key()));
        double[] singular = singularValues(difference, layer.rows(), layer.width());
        double optimum = norm(Arrays.copyOfRange(singular, RANK, singular.length));
        double whole = norm(difference);
        assertEquals(whole, norm(singular), 1e-9 * whole, "the oracle keeps the norm");
        double left = norm(sum(difference, -1, change(lora, layer)));
        assertTrue(optimum > 0, layer.key());
        assertTrue(
            left <= 1.01 * optimum + 1e-3 * whole, layer + ": " + left + ", best " + optimum);
      }
    }
  }

  @Test
  void applicationIsExact() throws IOException {
    extract("f16");
    String recipe = "M = base + lora(\"l\") x 0.7\nsave M as \"m.safetensors\" ";
    for (String dtype : List.of("f32", "f16")) {
      run(recipe + dtype + "\n");
      try (Checkpoint base = open("models/base.safetensors");
          Checkpoint made = open("m.safetensors");
          Checkpoint lora = open("models/Lora/l.safetensors")) {
        for (Layer layer : LAYERS) {
          double[] change = change(lora, layer);
          double[] wanted = sum(values(base, layer.key()), 0.7, change);
          double error = norm(sum(values(made, layer.key()), -1, wanted));
          double size = dtype.equals("f32") ? 0.7 * norm(change) : norm(wanted);
          assertTrue(size > 0 && error < 1e-3 * size, layer + " " + dtype + ": " + error / size);
        }
      }
    }
  }

  @Test
  void threadsDoNotChangeTheFile() throws IOException {
    for (String dtype : List.of("f16", "f32")) {
      extract(dtype, "--threads", "1");
      byte[] one = Files.readAllBytes(folder.resolve("models/Lora/l.safetensors"));
      for (String threads : List.of("2", "5")) {
        extract(dtype, "--threads", threads);
        assertArrayEquals(one, Files.readAllBytes(folder.resolve("models/Lora/l.safetensors")));
      }
    }
  }

  /** {@code up · down}, alpha being the rank. */
  private static double[] change(Checkpoint lora, Layer layer) throws IOException {
    double[] up = values(lora, layer.kohya() + ".lora_up.weight");
    double[] down = values(lora, layer.kohya() + ".lora_down.weight");
    assertArrayEquals(new double[] {RANK}, values(lora, layer.kohya() + ".alpha"));
    double[] product = new double[layer.rows() * layer.width()];
    for (int i = 0; i < product.length; i++) {
      for (int r = 0; r < RANK; r++) {
        product[i] +=
            up[i / layer.width() * RANK + r] * down[r * layer.width() + i % layer.width()];
      }
    }
    return product;
  }

  private static double[] sum(double[] left, double factor, double[] right) {
    assertEquals(left.length, right.length);
    double[] sum = new double[left.length];
    Arrays.setAll(sum, i -> left[i] + factor * right[i]);
    return sum;
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  /** One-sided Jacobi: rows are turned against each other until all are orthogonal. */
  private static double[] singularValues(double[] matrix, int rows, int columns) {
    double[][] vectors = new double[rows][];
    Arrays.setAll(vectors, i -> Arrays.copyOfRange(matrix, i * columns, (i + 1) * columns));
    for (int sweep = 0; sweep < 60; sweep++) {
      double most = 0;
      for (int p = 0; p < rows; p++) {
        for (int q = p + 1; q < rows; q++) {
          most = Math.max(most, turn(vectors[p], vectors[q]));
        }
      }
      if (most < 1e-13) {
        break;
      }
    }
    double[] lengths = Arrays.stream(vectors).mapToDouble(LoraAccuracyTest::norm).toArray();
    Arrays.sort(lengths);
    double[] falling = new double[rows];
    Arrays.setAll(falling, i -> lengths[rows - 1 - i]);
    return falling;
  }

  /** Makes two vectors orthogonal; returns the cosine between them before. */
  private static double turn(double[] x, double[] y) {
    double a = 0;
    double b = 0;
    double c = 0;
    for (int i = 0; i < x.length; i++) {
      a += x[i] * x[i];
      b += y[i] * y[i];
      c += x[i] * y[i];
    }
    if (Math.abs(c) <= 1e-30) {
      return 0;
    }
    double zeta = (b - a) / (2 * c);
    double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
    double cosine = 1 / Math.hypot(1, t);
    for (int i = 0; i < x.length; i++) {
      double old = x[i];
      x[i] = cosine * (old - t * y[i]);
      y[i] = cosine * (t * old + y[i]);
    }
    return Math.abs(c) / Math.sqrt(a * b);
  }

  private static double[] values(Checkpoint file, String key) throws IOException {
    StoredTensor stored = file.stored().get(key);
    assertTrue(stored != null, key);
    int count = (int) stored.info().elements();
    int size = stored.info().dtype().bits() / 8;
    ByteBuffer buffer = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, stored.position());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = size == 4 ? buffer.getFloat(4 * i) : Float.float16ToFloat(buffer.getShort(2 * i));
    }
    return values;
  }
}
