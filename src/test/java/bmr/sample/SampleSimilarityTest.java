package bmr.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.model.Architecture;
import bmr.sample.SampleModels.Scale;
import bmr.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe's steps on the samples, in plain arithmetic on decoded values. */
class SampleSimilarityTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String BASE = "v1-5-pruned-emaonly";
  private static final String TARGET = "BracingEvoMix_v1";

  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    SampleModels.write(folder, Scale.TINY, Architecture.SD1);
  }

  @Test
  void everyStepOfTheOutputsComesNearer() throws IOException {
    String out = UNET + "output_blocks.";
    double[] base = values(BASE, out);
    double[] bra = values("OpenBra", out);
    double[] bra11 = minus(values("OpenBra1.1", out), base);
    double[] coal = values("diamondcoalmix_diamondcoalv2pruned", out);
    double[] temp1 = plus(bra, minus(values("Evt_V4_e04_ema", out), base), 0.08);
    double[] temp2 = plus(temp1, minus(coal, base), 0.1);
    double[] temp3 = plus(temp2, minus(coal, temp2), 0.05);
    double[] temp4 = plus(temp3, minus(values("epicrealism_newAge", out), temp3), 0.1);
    double[] temp5 = plus(temp4, minus(values("sxd_10Pruned", out), base), 0.18);
    double[] temp6 = plus(temp5, bra11, 0.06);
    assertRising(values(TARGET, out), List.of(bra, temp1, temp2, temp3, temp4, temp5, temp6));
  }

  @Test
  void everyStepOfAnInputBlockComesNearer() throws IOException {
    String block = UNET + "input_blocks.7.";
    double[] base = values(BASE, block);
    double[] half = plus(base, minus(values("OpenBra", block), base), 0.5);
    double[] era = values("epicrealism_newEra", block);
    double[] save1 = plus(half, minus(values("dreamshaper_6NoVae", block), base), 0.85);
    double[] save2 = plus(save1, minus(era, base), 0.1);
    double[] save3 = plus(save2, minus(era, save2), 0.05);
    double[] last = plus(save3, minus(values("Evt_V4_e04_ema", block), save3), 0.24);
    assertRising(values(TARGET, block), List.of(half, save1, save2, save3, last));
  }

  @Test
  void modelsAreRelativesAndNoCopies() throws IOException {
    List<String> names =
        List.of("OpenBra", "Evt_V4_e04_ema", "sxd_10Pruned", "dreamshaper_6NoVae", TARGET);
    double[] base = values(BASE, UNET);
    for (String name : names) {
      double[] values = values(name, UNET);
      double toBase = cosine(base, values);
      assertTrue(toBase > 0.93 && toBase < 0.999, name + " " + toBase);
      for (String other : names) {
        if (!other.equals(name) && !TARGET.equals(name) && !TARGET.equals(other)) {
          double ofChanges = cosine(minus(values, base), minus(values(other, UNET), base));
          assertTrue(Math.abs(ofChanges) < 0.3, name + " " + other + " " + ofChanges);
        }
      }
    }
  }

  @Test
  void mostShareOneVaeWhateverTheirType() throws IOException {
    String vae = "first_stage_model.";
    double[] base = values(BASE, vae);
    assertArrayEquals(base, values("epicrealism_newEra", vae));
    assertArrayEquals(base, values("epicrealism_newAge", vae));
    double cosine = cosine(base, values("OpenBra", vae));
    assertTrue(cosine > 0.97 && cosine < 0.9999, "" + cosine);
  }

  @Test
  void normsAreAroundOne() throws IOException {
    double[] norm = values("OpenBra", UNET + "out.0.weight");
    double mean = DoubleStream.of(norm).average().orElseThrow();
    assertEquals(1, mean, 0.2);
  }

  private static void assertRising(double[] target, List<double[]> steps) {
    double[] similarities = steps.stream().mapToDouble(step -> cosine(step, target)).toArray();
    double[] sorted = similarities.clone();
    Arrays.sort(sorted);
    assertArrayEquals(sorted, similarities, () -> Arrays.toString(similarities));
    assertTrue(similarities[similarities.length - 1] > 0.99, Arrays.toString(similarities));
  }

  private static double[] plus(double[] a, double[] b, double weight) {
    double[] sum = new double[a.length];
    Arrays.setAll(sum, i -> a[i] + weight * b[i]);
    return sum;
  }

  private static double[] minus(double[] a, double[] b) {
    return plus(a, b, -1);
  }

  private static double cosine(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** All values of the tensors whose keys begin so, by key. */
  private static double[] values(String name, String prefix) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve(name + ".safetensors"))) {
      var values = DoubleStream.builder();
      List<String> keys =
          checkpoint.stored().keySet().stream().filter(k -> k.startsWith(prefix)).sorted().toList();
      assertTrue(!keys.isEmpty());
      for (String key : keys) {
        decode(checkpoint, checkpoint.stored().get(key), values);
      }
      return values.build().toArray();
    }
  }

  private static void decode(
      Checkpoint checkpoint, StoredTensor tensor, DoubleStream.Builder values) throws IOException {
    DType dtype = tensor.info().dtype();
    ByteBuffer bytes =
        ByteBuffer.allocate((int) tensor.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    checkpoint.read(bytes, tensor.position());
    bytes.flip();
    while (bytes.hasRemaining()) {
      values.add(
          switch (dtype) {
            case F16 -> Float.float16ToFloat(bytes.getShort());
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F32 -> bytes.getFloat();
            default -> throw new AssertionError(dtype);
          });
    }
  }
}
