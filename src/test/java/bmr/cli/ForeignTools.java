package bmr.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What sd-mecha and mergekit make of their recipes for one key: coefficients of files. Written from
 * what the tools document, knowing nothing of how bmr reads.
 */
public final class ForeignTools {
  private static final Pattern TOKEN = Pattern.compile("(?:\"(?:\\\\.|[^\"\\\\])*\"|[^\\s\"])+");
  private static final Pattern BLOCK =
      Pattern.compile("\\.(input_blocks|middle_block|output_blocks)\\.(\\d+)\\.");

  private ForeignTools() {}

  /** A recipe that uses something else than sums. */
  public static final class NotLinear extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotLinear(String what) {
      super(what);
    }
  }

  /** sd-mecha; nothing where the result lacks the key. */
  public static Optional<Map<String, Double>> mecha(String text, String key) {
    List<Object> nodes = new ArrayList<>();
    boolean versioned = text.startsWith("version");
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("version") && !line.startsWith("#")) {
        nodes.add(node(line, key, nodes, versioned));
      }
    }
    return nodes.getLast() instanceof Sum sum ? Optional.of(sum.terms) : Optional.empty();
  }

  private record Sum(Map<String, Double> terms) {}

  private record Dictionary(Map<String, String> entries) {}

  private record Absent() {}

  private static Object node(String line, String key, List<Object> nodes, boolean versioned) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(line);
    while (token.find()) {
      tokens.add(token.group());
    }
    List<Object> ordered = new ArrayList<>();
    Map<String, Object> named = new HashMap<>();
    Map<String, String> raw = new LinkedHashMap<>();
    for (String one : tokens.subList(1, tokens.size())) {
      int sign = one.startsWith("\"") ? -1 : one.indexOf('=');
      if (sign > 0) {
        raw.put(one.substring(0, sign), one.substring(sign + 1));
        named.put(one.substring(0, sign), value(one.substring(sign + 1), nodes));
      } else {
        ordered.add(value(one, nodes));
      }
    }
    return switch (tokens.getFirst()) {
      case "model", "parameter" ->
          new Sum(new TreeMap<>(Map.of(stem((String) ordered.getFirst()), 1.0)));
      case "dict" -> new Dictionary(raw);
      case "literal" ->
          ordered.getFirst() instanceof Dictionary dictionary
              ? weight(dictionary, key)
              : ordered.getFirst();
      default -> merge(ordered, named, key, versioned);
    };
  }

  private static Object value(String text, List<Object> nodes) {
    if (text.startsWith("&")) {
      return nodes.get(Integer.parseInt(text.substring(1)));
    }
    if (text.equals("null")) {
      return "";
    }
    return text.startsWith("\"")
        ? text.substring(1, text.length() - 1)
        : (Object) Double.valueOf(text);
  }

  static String stem(String file) {
    return file.replaceAll(".*[/\\\\]", "").replaceAll("\\.safetensors$", "");
  }

  private static double weight(Dictionary dictionary, String key) {
    Map<String, String> entries = dictionary.entries();
    if (entries.containsKey("key")) {
      return Double.parseDouble(entries.get("key"));
    }
    String block = "BASE";
    Matcher number = BLOCK.matcher(key);
    boolean xl = !entries.containsKey("OUT11");
    if (key.startsWith("model.diffusion_model.out.")) {
      block = xl ? "OUT08" : "OUT11";
    } else if (number.find()) {
      int at = Integer.parseInt(number.group(2));
      block =
          switch (number.group(1)) {
            case "input_blocks" -> String.format("IN%02d", at);
            case "middle_block" -> "M00";
            default -> String.format("OUT%02d", at);
          };
    } else if (key.startsWith("first_stage_model.") && entries.containsKey("VAE")) {
      block = "VAE";
    }
    String text = entries.get(block);
    if (text != null) {
      return Double.parseDouble(text);
    }
    // before version 0.1.0: classes of keys, all of a part alike
    String part = key.startsWith("cond_stage_model.") ? "txt" : "unet";
    return entries.entrySet().stream()
        .filter(entry -> entry.getKey().contains(part + "_"))
        .map(entry -> Double.parseDouble(entry.getValue()))
        .findFirst()
        .orElseThrow();
  }

  private static Object merge(
      List<Object> ordered, Map<String, Object> named, String key, boolean versioned) {
    String method = (String) ordered.getFirst();
    List<Object> rest = ordered.subList(1, ordered.size());
    Map<String, Double> sum = new TreeMap<>();
    switch (method) {
      case "weighted_sum" -> {
        double alpha = number(rest, 2, named, 0.5, key);
        add(sum, rest.get(0), 1 - alpha);
        add(sum, rest.get(1), alpha);
      }
      case "add_difference" -> {
        add(sum, rest.get(0), 1);
        add(sum, rest.get(1), number(rest, 2, named, versioned ? 1.0 : Double.NaN, key));
      }
      case "subtract" -> {
        add(sum, rest.get(0), 1);
        add(sum, rest.get(1), -1);
      }
      case "n_average" -> rest.forEach(one -> add(sum, one, 1.0 / rest.size()));
      case "scale" -> add(sum, rest.get(0), number(rest, 1, named, 1.0, key));
      case "fallback" -> {
        return rest.get(0) instanceof Absent ? rest.get(1) : rest.get(0);
      }
      case "cast" -> {
        return rest.get(0);
      }
      case "pick_component", "omit_component" -> {
        String component = (String) rest.get(1);
        boolean in =
            switch (component) {
              case "diffuser" -> key.startsWith("model.diffusion_model.");
              case "vae" -> key.startsWith("first_stage_model.");
              case "clip_l" ->
                  key.startsWith("cond_stage_model.") || key.startsWith("conditioner.embedders.0.");
              case "clip_g" -> key.startsWith("conditioner.embedders.1.");
              default -> throw new NotLinear(component);
            };
        return in == method.equals("pick_component") ? rest.get(0) : new Absent();
      }
      default -> {
        if (method.startsWith("convert_")) {
          return rest.get(0);
        }
        throw new NotLinear(method);
      }
    }
    return new Sum(sum);
  }

  private static double number(
      List<Object> rest, int at, Map<String, Object> named, double otherwise, String key) {
    Object value = rest.size() > at ? rest.get(at) : named.getOrDefault("alpha", otherwise);
    return switch (value) {
      case Dictionary dictionary -> weight(dictionary, key);
      case Double number -> number;
      default -> throw new NotLinear(String.valueOf(value));
    };
  }

  private static void add(Map<String, Double> sum, Object node, double weight) {
    if (!(node instanceof Sum model)) {
      throw new NotLinear(String.valueOf(node));
    }
    model.terms.forEach((name, share) -> sum.merge(name, weight * share, Double::sum));
  }

  /** mergekit, on raw models. */
  public static Map<String, Double> mergekit(String text, String key) {
    var root = map(new Load(LoadSettings.builder().build()).loadFromString(text));
    var global = map(root.getOrDefault("parameters", Map.of()));
    String method = String.valueOf(root.get("merge_method"));
    String base = stem(String.valueOf(root.getOrDefault("base_model", "")));
    boolean task = method.equals("task_arithmetic");
    if (!(task || method.equals("linear")) || !root.containsKey("models")) {
      throw new NotLinear(method);
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    for (Object entry : (List<?>) root.get("models")) {
      var model = map(entry);
      String name = stem(String.valueOf(model.get("model")));
      var own = map(model.getOrDefault("parameters", Map.of()));
      if (!(task && name.equals(base))) {
        Optional<Double> weight = setting(own.get("weight"), key);
        weights.put(name, weight.or(() -> setting(global.get("weight"), key)).orElseThrow());
      }
    }
    boolean normalize = (Boolean) global.getOrDefault("normalize", !task);
    double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    double scale = normalize ? 1 / total : 1;
    Map<String, Double> sum = new TreeMap<>();
    if (!task) {
      weights.forEach((name, weight) -> sum.put(name, weight * scale));
      return sum;
    }
    double lambda = setting(global.get("lambda"), key).orElse(1.0);
    sum.put(base, 1.0);
    weights.forEach((name, weight) -> {
      sum.merge(name, weight * scale * lambda, Double::sum);
      sum.merge(base, -weight * scale * lambda, Double::sum);
    });
    return sum;
  }

  private static Optional<Double> setting(Object setting, String key) {
    if (setting == null) {
      return Optional.empty();
    }
    if (setting instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    for (Object entry : (List<?>) setting) {
      if (!(entry instanceof Map<?, ?>)) {
        throw new NotLinear("gradient");
      }
      var condition = map(entry);
      Object filter = condition.get("filter");
      if (filter == null || filter.equals("*") || key.contains(String.valueOf(filter))) {
        return setting(condition.get("value"), key);
      }
    }
    return Optional.empty();
  }

  private static Map<String, Object> map(Object node) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) node).forEach((name, value) -> map.put(String.valueOf(name), value));
    return map;
  }
}
