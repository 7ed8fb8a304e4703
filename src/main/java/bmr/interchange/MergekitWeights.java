package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Parameters of mergekit's models: numbers, or lists of filters with a number each. */
final class MergekitWeights {
  private static final Pattern ELEMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,80}");

  private MergekitWeights() {}

  /**
   * One model and its weights: by filter, with the empty filter for the rest; or by block and part.
   */
  record Source(String model, Map<String, BigDecimal> weights, boolean blocks) {}

  /** Something that a script cannot say. */
  static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1;
    final String reason;

    Unsupported(String reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** The same by block and part, where the filters tell nothing finer. */
  static List<Source> byBlock(List<Source> sources) throws Unsupported {
    Set<String> filters = new LinkedHashSet<>();
    sources.forEach(source -> filters.addAll(source.weights().keySet()));
    if (filters.size() < 2) {
      return sources;
    }
    if (KeyCells.covers(filters)) {
      boolean xl = KeyCells.isXl(filters);
      return sources.stream()
          .map(source -> new Source(source.model(), KeyCells.values(source.weights(), xl), true))
          .toList();
    }
    for (String filter : filters) {
      if (!filter.isEmpty() && KeyCells.covers(List.of(filter))) {
        throw new Unsupported("filters of blocks and of pieces of them are mixed");
      }
      if (!filter.isEmpty() && !ELEMENT.matcher(filter).matches()) {
        throw new Unsupported("a filter has characters that a map cannot hold");
      }
    }
    return sources;
  }

  /** By filter, the first that fits counts; what none fits has the weight for all models. */
  static Map<String, BigDecimal> weights(Node weight, Optional<Node> all) throws Unsupported {
    Map<String, BigDecimal> weights = new LinkedHashMap<>();
    boolean conditional =
        YamlTree.entries(weight).stream().anyMatch(one -> YamlTree.text(one).isEmpty());
    if (!conditional) {
      weights.put("", number(Optional.of(weight)));
      return weights;
    }
    for (Node entry : YamlTree.entries(weight)) {
      if (YamlTree.text(entry).isPresent()) {
        throw new Unsupported("weights change from layer to layer");
      }
      String filter = YamlTree.at(entry, "filter").flatMap(YamlTree::text).orElse("*");
      boolean rest = filter.equals("*") || filter.equals("null") || filter.isEmpty();
      BigDecimal value = number(YamlTree.at(entry, "value"));
      if (!filter.equals("position_ids")) { // integers, which bmr never blends
        weights.putIfAbsent(rest ? "" : filter, value);
      }
      if (rest) {
        return weights;
      }
    }
    if (all.isEmpty()) {
      throw new Unsupported("weights leave out some tensors");
    }
    weights(all.get(), Optional.empty()).forEach(weights::putIfAbsent);
    return weights;
  }

  static BigDecimal number(Optional<Node> node) throws Unsupported {
    if (node.isPresent() && node.get() instanceof SequenceNode) {
      Set<BigDecimal> steps = new HashSet<>();
      for (Node step : YamlTree.entries(node.get())) {
        steps.add(number(Optional.of(step)).stripTrailingZeros());
      }
      if (steps.size() == 1) {
        return steps.iterator().next();
      }
      throw new Unsupported("weights change from layer to layer");
    }
    return node.flatMap(YamlTree::text)
        .filter(text -> text.indexOf('%') < 0)
        .flatMap(Decimals::number)
        .orElseThrow(() -> new Unsupported("a weight is no number"));
  }

  /** Weights divided by their sum; the last takes what rounding leaves. */
  static List<Source> normalized(List<Source> sources) throws Unsupported {
    Set<String> filters = new LinkedHashSet<>();
    sources.forEach(source -> filters.addAll(source.weights().keySet()));
    if (filters.size() > 2 && sources.stream().noneMatch(Source::blocks)) {
      throw new Unsupported("several filters share their weights out");
    }
    List<Source> shares = new ArrayList<>();
    sources.forEach(
        source -> shares.add(new Source(source.model(), new LinkedHashMap<>(), source.blocks())));
    for (String filter : filters) {
      BigDecimal sum = BigDecimal.ZERO;
      for (Source source : sources) {
        sum = sum.add(source.weights().getOrDefault(filter, rest(source)));
      }
      if (sum.signum() == 0) {
        throw new Unsupported("the weights add up to nothing");
      }
      BigDecimal left = BigDecimal.ONE;
      for (int i = 0; i < sources.size(); i++) {
        Source source = sources.get(i);
        BigDecimal weight = source.weights().getOrDefault(filter, rest(source));
        BigDecimal share = i == sources.size() - 1 ? left : weight.divide(sum, Decimals.DIGITS);
        left = left.subtract(share);
        shares.get(i).weights().put(filter, share);
      }
    }
    return shares;
  }

  static BigDecimal rest(Source source) {
    return source.weights().getOrDefault("", BigDecimal.ZERO);
  }

  static boolean isConstant(Source source) {
    return !source.blocks() && source.weights().size() == 1;
  }

  /** Whether the weights of all models together are 1, whatever the tensor. */
  static boolean addUpToOne(List<Source> sources) {
    Set<String> filters = new LinkedHashSet<>();
    sources.forEach(source -> filters.addAll(source.weights().keySet()));
    return filters.stream()
        .allMatch(filter ->
            sources.stream()
                    .map(source -> source.weights().getOrDefault(filter, rest(source)))
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .compareTo(BigDecimal.ONE)
                == 0);
  }
}
