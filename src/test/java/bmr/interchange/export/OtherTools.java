package bmr.interchange.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What other tools make of exported text on SD 1.x, for one key: coefficients of the files. Written
 * from the tools' documentation, knowing nothing of how bmr writes.
 */
final class OtherTools {
  private static final Pattern BLOCK =
      Pattern.compile("\\.(input_blocks|middle_block|output_blocks)\\.(\\d+)\\.");

  private OtherTools() {}

  /** The number in a list of 26; time is where {@code time_embed} goes. */
  private static int block(String key, int time) {
    if (key.contains("time_embed")) {
      return time;
    }
    if (key.startsWith("model.diffusion_model.out.")) {
      return 25;
    }
    Matcher block = BLOCK.matcher(key);
    if (!block.find()) {
      return 0;
    }
    return switch (block.group(1)) {
      case "input_blocks" -> 1 + Integer.parseInt(block.group(2));
      case "middle_block" -> 13;
      default -> 14 + Integer.parseInt(block.group(2));
    };
  }

  private static String label(int block) {
    return block == 0
        ? "BASE"
        : block < 13
            ? String.format("IN%02d", block - 1)
            : block == 13 ? "M00" : String.format("OUT%02d", block - 14);
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
    int block = block(key, 1);
    String[] numbers = list.split(",");
    if (numbers.length != 26) {
      throw new AssertionError(list);
    }
    double weight = Double.parseDouble(numbers[block]);
    if (name.equals("alpha")) {
      for (String entry : fields.getOrDefault("Elemental Merge", "").split(",")) {
        String[] parts = entry.split(":");
        if (parts.length == 3 && parts[0].equals(label(block)) && key.contains(parts[1])) {
          weight = Double.parseDouble(parts[2]);
        }
      }
    }
    return weight;
  }

  private static void add(Map<String, Double> sum, Map<String, Double> model, double weight) {
    model.forEach((name, share) -> sum.merge(name, weight * share, Double::sum));
  }

  /** sd-mecha, version 0.1.0. */
  static Map<String, Double> mecha(String text, String key) {
    List<String> lines = text.lines().toList();
    if (!lines.getFirst().equals("version 0.1.0")) {
      throw new AssertionError(lines.getFirst());
    }
    List<Map<String, Double>> nodes = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(" ");
      Map<String, Double> node = new TreeMap<>();
      switch (words[0]) {
        case "model" -> node.put(words[1].replace("\"", "").replace(".safetensors", ""), 1.0);
        case "dict" -> {
          for (int i = 1; i < words.length; i++) {
            String[] entry = words[i].split("=");
            node.put(entry[0], Double.parseDouble(entry[1]));
          }
        }
        case "literal" ->
            node.put(
                "",
                words[1].startsWith("&")
                    ? reference(nodes, words[1]).get(label(block(key, 0)))
                    : Double.parseDouble(words[1]));
        case "merge" -> {
          Map<String, Double> a = reference(nodes, words[2]);
          Map<String, Double> b = reference(nodes, words[3]);
          double alpha = words.length < 5 ? 0 : reference(nodes, words[4].split("=")[1]).get("");
          add(node, a, words[1].equals("\"weighted_sum\"") ? 1 - alpha : 1);
          add(node, b, words[1].equals("\"subtract\"") ? -1 : alpha);
        }
        default -> throw new AssertionError(line);
      }
      nodes.add(node);
    }
    return nodes.getLast();
  }

  private static Map<String, Double> reference(List<Map<String, Double>> nodes, String word) {
    return nodes.get(Integer.parseInt(word.substring(1)));
  }

  /** mergekit's linear merge without normalisation. */
  static Map<String, Double> mergekit(String text, String key) {
    Map<String, Double> sum = new TreeMap<>();
    String model = "";
    String filter = "";
    for (String line : text.lines().toList()) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("  - model:")) {
        model = value.replace("\"", "").replace(".safetensors", "");
      } else if (line.startsWith("        - filter:")) {
        filter = value;
      } else if (line.contains(" value:")) {
        filter = line.contains("- value") ? "" : filter;
        if (key.contains(filter)) {
          sum.putIfAbsent(model, Double.parseDouble(value));
        }
      }
    }
    return sum;
  }
}
