package bmr.report;

import bmr.analysis.ancestry.Ancestry.Group;
import bmr.analysis.ancestry.Trace;
import bmr.model.Block;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A trace as a script that makes the target again. */
public final class TraceScript {
  private static final int DECIMALS = 4;
  private static final String RESULT = "TRACED";

  private final Trace trace;
  private final List<Integer> ancestors;
  private final Map<Integer, String> names = new HashMap<>();

  private TraceScript(Trace trace) {
    this.trace = trace;
    this.ancestors = trace.ancestors();
    Set<String> used = new HashSet<>(Set.of(RESULT));
    for (int i : ancestors) {
      names.put(trace.searched().get(i), name(trace.name(i), used));
    }
    if (trace.vae().isPresent()) {
      int vae = trace.vae().getAsInt();
      names.computeIfAbsent(vae, i -> name(trace.candidates().get(i), used));
    }
  }

  private static String name(String stem, Set<String> used) {
    String plain = stem.replaceAll("[^\\p{L}\\p{N}_]", "_");
    if (plain.isEmpty() || !Character.isLetter(plain.charAt(0))) {
      plain = "M_" + plain;
    }
    String name = plain;
    for (int i = 2; !used.add(name); i++) {
      name = plain + "_" + i;
    }
    return name;
  }

  /**
   * The script, each line with its end.
   *
   * @param files of the candidates, as the script is to name them
   */
  public static String of(Trace trace, List<String> files) {
    var script = new TraceScript(trace);
    var text = new StringBuilder();
    text.append("# what went into ").append(trace.target()).append(", as bmr trace finds it\n");
    script.names.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry ->
            text.append("model ")
                .append(entry.getValue())
                .append(" = \"")
                .append(files.get(entry.getKey()))
                .append("\"\n"));
    text.append('\n');
    script.definition().forEach(line -> text.append(line).append('\n'));
    text.append("\nsave ").append(RESULT);
    trace.vae().ifPresent(i -> text.append(" vae: ").append(script.names.get(i)));
    return text.append('\n').toString();
  }

  /** The one definition, without the files. */
  public static List<String> definition(Trace trace) {
    return new TraceScript(trace).definition();
  }

  private List<String> definition() {
    List<Group> groups = trace.ancestry().groups();
    List<List<BigDecimal>> weights = groups.stream().map(this::rounded).toList();
    var formula = new StringBuilder(RESULT).append(" =");
    var clauses = new ArrayList<String>();
    for (int i = 0; i < ancestors.size(); i++) {
      int at = i;
      List<BigDecimal> own = weights.stream().map(group -> group.get(at)).toList();
      String name = names.getOrDefault(trace.searched().get(ancestors.get(i)), "");
      boolean simple = own.stream().distinct().count() == 1;
      BigDecimal first = own.getFirst();
      boolean minus = simple && first.signum() < 0;
      if (i > 0 || minus) {
        formula.append(minus ? " -" : " +");
      }
      formula.append(' ').append(name);
      if (simple) {
        if (ancestors.size() > 1) {
          formula.append(" x ").append(first.abs().toPlainString());
        }
      } else {
        formula.append(" x w").append(i + 1);
        clauses.add("    w" + (i + 1) + " = {" + map(groups, own) + "}");
      }
    }
    clauses.addFirst(formula.toString());
    return clauses;
  }

  /** Weights of the ancestors in a group: decimals that sum to exactly 1. */
  private List<BigDecimal> rounded(Group group) {
    var rounded = new ArrayList<BigDecimal>();
    BigDecimal rest = BigDecimal.ONE;
    int largest = 0;
    for (int i = 0; i < ancestors.size(); i++) {
      BigDecimal value = decimal(group.weights().get(ancestors.get(i)));
      rounded.add(value);
      rest = rest.subtract(value);
      if (value.abs().compareTo(rounded.get(largest).abs()) > 0) {
        largest = i;
      }
    }
    rounded.set(largest, plain(rounded.get(largest).add(rest)));
    return rounded;
  }

  static BigDecimal decimal(double weight) {
    return plain(new BigDecimal(weight).setScale(DECIMALS, java.math.RoundingMode.HALF_EVEN));
  }

  private static BigDecimal plain(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  /** The largest group's value stands behind {@code else}. */
  private static String map(List<Group> groups, List<BigDecimal> weights) {
    Map<BigDecimal, List<Block>> blocks = new java.util.TreeMap<>();
    for (int g = 0; g < groups.size(); g++) {
      blocks.computeIfAbsent(weights.get(g), _ -> new ArrayList<>()).addAll(groups.get(g).blocks());
    }
    Optional<BigDecimal> most =
        blocks.keySet().stream()
            .max(Comparator.comparingInt(weight -> blocks.getOrDefault(weight, List.of()).size()));
    var items = new ArrayList<String>();
    blocks.entrySet().stream()
        .filter(entry -> entry.getKey().compareTo(most.orElseThrow()) != 0)
        .sorted(Comparator.comparing(entry -> java.util.Collections.min(entry.getValue())))
        .forEach(
            entry -> items.add(ranges(entry.getValue()) + ": " + entry.getKey().toPlainString()));
    items.add("else " + most.orElseThrow().toPlainString());
    return String.join(", ", items);
  }

  private static String ranges(List<Block> blocks) {
    List<Block> sorted = blocks.stream().sorted().toList();
    var ranges = new ArrayList<String>();
    for (int i = 0; i < sorted.size(); ) {
      int end = i;
      while (end + 1 < sorted.size()
          && sorted.get(end + 1).group() == sorted.get(i).group()
          && sorted.get(end + 1).number() == sorted.get(end).number() + 1) {
        end++;
      }
      String first = sorted.get(i).label();
      ranges.add(end > i ? first + "~" + sorted.get(end).label() : first);
      i = end + 1;
    }
    return String.join(" ", ranges);
  }
}
