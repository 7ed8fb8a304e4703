package bmr.interchange.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What web UIs make of exported steps, for one key: coefficients of the files. Written from the
 * tools' documentation, knowing nothing of how bmr writes.
 */
final class OtherTools {
  private static final Pattern BLOCK =
      Pattern.compile("\\.(input_blocks|middle_block|output_blocks)\\.(\\d+)\\.");

  private OtherTools() {}

  /** The number in a list of 26 or 20; both embeddings are in IN00. */
  private static int block(String key, int each) {
    if (key.contains("time_embed") || key.contains("label_emb")) {
      return 1;
    }
    if (key.startsWith("model.diffusion_model.out.")) {
      return 2 * each + 1;
    }
    Matcher block = BLOCK.matcher(key);
    if (!block.find()) {
      return 0;
    }
    return switch (block.group(1)) {
      case "input_blocks" -> 1 + Integer.parseInt(block.group(2));
      case "middle_block" -> 1 + each;
      default -> 2 + each + Integer.parseInt(block.group(2));
    };
  }

  private static String label(int block, int each) {
    return block == 0
        ? "BASE"
        : block <= each
            ? String.format("IN%02d", block - 1)
            : block == each + 1 ? "M00" : String.format("OUT%02d", block - each - 2);
  }

  /** SuperMerger of June 2023, and the web UI. */
  static Map<String, Double> steps(String text, String key) {
    Map<String, Map<String, Double>> models = new HashMap<>();
    Map<String, Double> last = Map.of();
    for (String step : text.split("(?m)^\\d+\\. ")) {
      Map<String, String> fields = new HashMap<>();
      step.lines()
          .filter(line -> line.startsWith("   ") && line.contains(": "))
          .map(String::strip)
          .forEach(line ->
              fields.putIfAbsent(
                  line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2)));
      if (!fields.containsKey("Model A")) {
        continue;
      }
      String mode = fields.getOrDefault("Merge mode", fields.get("Interpolation"));
      Map<String, Double> result = new TreeMap<>();
      double alpha = weight(fields, "alpha", key);
      double beta = weight(fields, "beta", key);
      switch (mode) {
        case "Weight sum", "Weighted sum" -> {
          add(result, model(models, fields, "A"), 1 - alpha);
          add(result, model(models, fields, "B"), alpha);
        }
        case "Add difference" -> {
          add(result, model(models, fields, "A"), 1);
          add(result, model(models, fields, "B"), alpha);
          add(result, model(models, fields, "C"), -alpha);
        }
        case "Triple sum" -> {
          add(result, model(models, fields, "A"), 1 - alpha - beta);
          add(result, model(models, fields, "B"), alpha);
          add(result, model(models, fields, "C"), beta);
        }
        case "No interpolation" -> add(result, model(models, fields, "A"), 1);
        default -> throw new AssertionError(mode);
      }
      models.put(fields.getOrDefault("Save as", fields.get("Custom name")), result);
      last = result;
    }
    return last;
  }

  private static Map<String, Double> model(
      Map<String, Map<String, Double>> models, Map<String, String> fields, String letter) {
    String name = fields.get("Model " + letter);
    return models.getOrDefault(name, Map.of(name, 1.0));
  }

  private static double weight(Map<String, String> fields, String name, String key) {
    if (name.equals("alpha") && fields.containsKey("Multiplier (M)")) {
      return Double.parseDouble(fields.get("Multiplier (M)"));
    }
    String list = fields.get("weights for " + name);
    if (list == null) {
      return Double.parseDouble(fields.getOrDefault(name, "0"));
    }
    String[] numbers = list.split(",");
    if (numbers.length != 26 && numbers.length != 20) {
      throw new AssertionError(list);
    }
    int each = numbers.length / 2 - 1;
    int block = block(key, each);
    double weight = Double.parseDouble(numbers[block]);
    if (name.equals("alpha")) {
      for (String entry : fields.getOrDefault("Elemental Merge", "").split(",")) {
        String[] parts = entry.split(":");
        boolean here = List.of(parts[0].split(" ")).contains(label(block, each));
        if (parts.length == 3 && here && key.contains(parts[1])) {
          weight = Double.parseDouble(parts[2]);
        }
      }
    }
    return weight;
  }

  private static void add(Map<String, Double> sum, Map<String, Double> model, double weight) {
    model.forEach((name, share) -> sum.merge(name, weight * share, Double::sum));
  }
}
