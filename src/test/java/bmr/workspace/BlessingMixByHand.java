package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Blessing Mix as somebody does it by hand: one merge after another, all in double precision,
 * every named model kept, in plain loops. Shares nothing with the program but the reading of
 * headers: the steps are written down once more, and so are the blocks of keys.
 */
final class BlessingMixByHand {
  private static final Pattern BLOCK =
      Pattern.compile("model\\.diffusion_model\\.(input|middle|output)_blocks?\\.(\\d+)\\..*");

  /** A model: tensors by key. */
  private final Map<String, Map<String, double[]>> models = new LinkedHashMap<>();

  private final Path folder;

  BlessingMixByHand(Path folder) throws IOException {
    this.folder = folder;
    outputs();
    inputs();
    encoder();
  }

  /** All named models of the recipe by name, in the order of the post. */
  Map<String, Map<String, double[]>> models() {
    return models;
  }

  private void outputs() throws IOException {
    Map<String, double[]> v15 = file("v1-5-pruned-emaonly");
    Map<String, double[]> diamond = file("diamondcoalmix_diamondcoalv2pruned");
    add("TEMP1", file("OpenBra"), file("Evt_V4_e04_ema"), v15, flat(0.08));
    add("TEMP2", models.get("TEMP1"), diamond, v15, flat(0.1));
    sum("TEMP3", models.get("TEMP2"), diamond, flat(0.05));
    sum("TEMP4", models.get("TEMP3"), file("epicrealism_newAge"), flat(0.1));
    add("TEMP5", models.get("TEMP4"), file("sxd_10Pruned"), v15, flat(0.18));
    add("TEMP6", models.get("TEMP5"), file("OpenBra1.1"), v15, flat(0.06));
    double[] late = new double[26];
    for (int block = 20; block < 26; block++) {
      late[block] = 0.15;
    }
    sum("TEMP7", models.get("TEMP6"), file("dreamshaper_6NoVae"), late);
    double[] middle = new double[26];
    middle[17] = 0.08;
    middle[18] = 0.08;
    add("FINAL_OUTPUTS", models.get("TEMP7"), file("OpenBra1.1"), v15, middle);
  }

  private void inputs() throws IOException {
    Map<String, double[]> v15 = file("v1-5-pruned-emaonly");
    Map<String, double[]> newEra = file("epicrealism_newEra");
    sum("OpenBraHalf", file("OpenBra"), v15, flat(0.5));
    double[] ds = new double[26];
    double[] dsValues = {0.95, 0.95, 0.55, 0.55, 0.55, 0.85, 0.85, 1, 1, 1, 1, 1, 1};
    System.arraycopy(dsValues, 0, ds, 1, 13);
    add("SAVE1", models.get("OpenBraHalf"), file("dreamshaper_6NoVae"), v15, ds);
    double[] era = new double[26];
    double[] eraValues = {0.08, 0.1, 0.1, 0.08};
    System.arraycopy(eraValues, 0, era, 6, 4);
    add("SAVE2", models.get("SAVE1"), newEra, v15, era);
    double[] little = new double[26];
    little[6] = little[7] = little[8] = 0.05;
    sum("SAVE3", models.get("SAVE2"), newEra, little);
    double[] evt = new double[26];
    evt[6] = 0.3;
    evt[7] = 0.24;
    evt[8] = 0.24;
    evt[9] = 0.3;
    evt[13] = 0.28;
    sum("FINAL_INPUTS", models.get("SAVE3"), file("Evt_V4_e04_ema"), evt);
  }

  private void encoder() throws IOException {
    double[] upToMiddle = new double[26];
    java.util.Arrays.fill(upToMiddle, 0, 14, 1);
    sum("BlessingMixV0", models.get("FINAL_OUTPUTS"), models.get("FINAL_INPUTS"), upToMiddle);
    Map<String, double[]> first =
        weightSum(file("dreamshaper_5PrunedNoVaeTrain"), file("epicrealism_newAge"), flat(0.5));
    sum("TRY1", first, file("OpenBra"), flat(0.5));
    double[] base = new double[26];
    base[0] = 0.15;
    sum("BlessingEncV0", models.get("TRY1"), file("Evt_V4_e04_ema"), base);
    double[] baseOnly = new double[26];
    baseOnly[0] = 1;
    sum("BlessingMix V1", models.get("BlessingMixV0"), models.get("BlessingEncV0"), baseOnly);
    sum("BlessingMix V1-EvoEnc", models.get("BlessingMixV0"), file("BracingEvoMix_v1"), baseOnly);
  }

  private static double[] flat(double weight) {
    double[] weights = new double[26];
    java.util.Arrays.fill(weights, weight);
    return weights;
  }

  private void sum(
      String name, Map<String, double[]> a, Map<String, double[]> b, double[] weights) {
    models.put(name, weightSum(a, b, weights));
  }

  /** Weight sum as SuperMerger does it: a key that one side lacks is the other side's. */
  private static Map<String, double[]> weightSum(
      Map<String, double[]> a, Map<String, double[]> b, double[] weights) {
    Map<String, double[]> result = new HashMap<>(a);
    b.forEach((key, values) -> {
      double[] left = a.get(key);
      if (left == null) {
        result.put(key, values);
        return;
      }
      double alpha = weights[block(key)];
      double[] sum = new double[left.length];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = left[i] * (1 - alpha) + values[i] * alpha;
      }
      result.put(key, sum);
    });
    return result;
  }

  /** Add difference: where B or C lacks a key, A stays as it is. */
  private void add(
      String name,
      Map<String, double[]> a,
      Map<String, double[]> b,
      Map<String, double[]> c,
      double[] weights) {
    Map<String, double[]> result = new HashMap<>();
    a.forEach((key, left) -> {
      double[] more = b.get(key);
      double[] less = c.get(key);
      if (more == null || less == null) {
        result.put(key, left);
        return;
      }
      double alpha = weights[block(key)];
      double[] sum = new double[left.length];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = left[i] + (more[i] - less[i]) * alpha;
      }
      result.put(key, sum);
    });
    models.put(name, result);
  }

  /** Index in a list of 26. */
  static int block(String key) {
    Matcher matcher = BLOCK.matcher(key);
    if (matcher.matches()) {
      int number = Integer.parseInt(matcher.group(2));
      return switch (matcher.group(1)) {
        case "input" -> 1 + number;
        case "output" -> 14 + number;
        default -> 13;
      };
    }
    if (key.startsWith("model.diffusion_model.time_embed.")) {
      return 1;
    }
    return key.startsWith("model.diffusion_model.out.") ? 25 : 0;
  }

  /** The tensors that are blended, in double precision. */
  private Map<String, double[]> file(String name) throws IOException {
    Map<String, double[]> tensors = new TreeMap<>();
    try (Checkpoint file = Checkpoint.open(folder.resolve(name + ".safetensors"))) {
      for (Map.Entry<String, StoredTensor> entry : file.stored().entrySet()) {
        String key = entry.getKey();
        boolean model =
            key.startsWith("model.diffusion_model.")
                || key.startsWith("cond_stage_model.")
                || key.startsWith("first_stage_model.");
        if (model && !key.endsWith("position_ids")) {
          tensors.put(key, values(file, entry.getValue()));
        }
      }
    }
    return tensors;
  }

  /** Reads a tensor of a float type. */
  static double[] values(Checkpoint file, StoredTensor stored) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) stored.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, stored.position());
    bytes.flip();
    double[] values = new double[(int) stored.info().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (stored.info().dtype()) {
            case F16 -> Float.float16ToFloat(bytes.getShort());
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F32 -> bytes.getFloat();
            default -> bytes.getDouble();
          };
    }
    return values;
  }
}
