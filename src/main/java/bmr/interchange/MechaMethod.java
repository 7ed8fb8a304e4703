package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns one merge of an sd-mecha recipe into a definition. Formulas and defaults: sd-mecha's
 * built-in merge methods.
 */
final class MechaMethod {
  private static final Ratio HALF = new Ratio.Number(new BigDecimal("0.5"));
  private static final Ratio ONE = new Ratio.Number(BigDecimal.ONE);

  /**
   * What holds for all of a recipe.
   *
   * @param versioned whether it has a version line
   * @param xl whether its models are SDXL
   */
  record Dialect(boolean versioned, boolean xl) {}

  private final ScriptDraft draft;
  private final List<MechaNode> nodes;
  private final Map<String, String> carriers;
  private final Dialect dialect;
  private String unclear = "in a way that bmr does not have";

  /**
   * @param carriers the first model of each definition so far
   */
  MechaMethod(
      ScriptDraft draft, List<MechaNode> nodes, Map<String, String> carriers, Dialect dialect) {
    this.draft = draft;
    this.nodes = nodes;
    this.carriers = carriers;
    this.dialect = dialect;
  }

  /** The node that a merge makes; where the method is not known, a model to be bound. */
  MechaNode read(MechaLine line, Line place, String name) {
    Map<String, Integer> position = new HashMap<>();
    List<Optional<MechaNode>> values = new ArrayList<>();
    for (int i = 1; i < line.arguments().size(); i++) {
      values.add(value(line.arguments().get(i)));
    }
    line.named()
        .forEach((parameter, argument) -> {
          position.put(parameter, values.size());
          values.add(value(argument));
        });
    String method = line.arguments().isEmpty() ? "" : line.arguments().getFirst().text();
    int ordered = Math.max(0, line.arguments().size() - 1);
    var call = new Call(values, position, ordered);
    MechaNode node = known(method, call, name);
    if (node != null && call.complete()) {
      return node;
    }
    draft.question(
        place.span(),
        "`"
            + name
            + "` is made by the method `"
            + method
            + "` of sd-mecha, "
            + (node == null && !METHODS.contains(method) ? "which bmr does not have" : unclear),
        List.of());
    return new MechaNode.Model(name);
  }

  private static final Set<String> METHODS =
      Set.of(
          "weighted_sum",
          "slerp",
          "subtract",
          "add_difference",
          "scale",
          "n_average",
          "fallback",
          "cast",
          "pick_component",
          "omit_component",
          "train_difference_mask");

  private @Nullable MechaNode known(String method, Call call, String name) {
    if (method.startsWith("convert_")) {
      return call.only() instanceof MechaNode.Weight weight ? weight : null;
    }
    return switch (method) {
      case "weighted_sum" -> {
        String a = call.model(0, "a");
        String b = call.model(1, "b");
        Ratio alpha = call.ratio(2, "alpha", HALF);
        yield a == null || b == null || alpha == null || !call.complete()
            ? null
            : defined(name, new Merge.WeightSum(a, b, alpha));
      }
      case "slerp" -> {
        String a = call.model(0, "a");
        String b = call.model(1, "b");
        Ratio alpha = call.ratio(2, "alpha", HALF);
        yield a == null || b == null || alpha == null || !call.complete()
            ? null
            : defined(name, called("slerp", List.of(a, b), alpha));
      }
      case "subtract" -> {
        String a = call.model(0, "a");
        String b = call.model(1, "b");
        yield a == null || b == null || !call.complete()
            ? null
            : new MechaNode.Difference(a, b, name);
      }
      case "add_difference" -> addDifference(call, name);
      case "scale" -> {
        String a = call.model(0, "a");
        Ratio alpha = call.ratio(1, "alpha", ONE);
        yield a == null || alpha == null || !call.complete()
            ? null
            : defined(name, weighted("", a, alpha));
      }
      case "n_average" -> {
        List<String> models = call.models();
        yield models == null || models.isEmpty() || !call.complete()
            ? null
            : defined(name, new Merge.Linear(average(models)));
      }
      case "fallback" -> fallback(call, name);
      case "cast" -> cast(call);
      case "pick_component", "omit_component" -> {
        String model = call.model(0, "a");
        call.use(1, "component");
        yield model != null && call.value(1, "component") instanceof MechaNode.Text(String text)
            ? new MechaNode.Part(model, text, method.equals("pick_component"))
            : null;
      }
      case "train_difference_mask" -> {
        String a = call.model(0, "a");
        String b = call.model(1, "b");
        String c = call.model(2, "c");
        Ratio alpha = call.ratio(3, "alpha", ONE);
        yield a == null || b == null || c == null || alpha == null || !call.complete()
            ? null
            : new MechaNode.TrainMask(a, b, c, alpha);
      }
      default -> null;
    };
  }

  private @Nullable MechaNode fallback(Call call, String name) {
    String b = call.model(1, "default");
    if (b == null) {
      b = call.model(1, "b");
    }
    if (b != null && call.value(0, "a") instanceof MechaNode.Part part) {
      call.use(0, "a");
      Optional<String> selector = part.selector(dialect.xl());
      if (selector.isEmpty() || !call.complete()) {
        return null;
      }
      var map = new Ratio.Written("{" + selector.get() + ": 1}");
      return part.picked()
          ? defined(name, new Merge.WeightSum(b, part.model(), map))
          : defined(name, new Merge.WeightSum(part.model(), b, map));
    }
    String a = call.model(0, "a");
    if (a == null || b == null || !call.complete()) {
      return null;
    }
    for (@Nullable String carrier = a; carrier != null; carrier = carriers.get(carrier)) {
      if (carrier.equals(b)) {
        return new MechaNode.Model(a); // so it is in bmr without being said
      }
    }
    return defined(
        name,
        new Merge.Written(
            ScriptDraft.spelled(a) + " | " + ScriptDraft.spelled(b),
            List.of(a, b),
            new LinkedHashMap<>()));
  }

  /** Another type or device changes no meaning. */
  private @Nullable MechaNode cast(Call call) {
    MechaNode same = call.value(0, "a");
    call.use(0, "a");
    call.use(1, "device");
    call.use(2, "dtype");
    if (call.value(2, "dtype") instanceof MechaNode.Text(String type)) {
      draft.comment("sd-mecha casts a model to " + type + " here");
    }
    return same;
  }

  private @Nullable MechaNode addDifference(Call call, String name) {
    MechaNode delta = call.value(1, "b");
    MechaNode third = call.value(2, "c");
    String a = call.model(0, "a");
    if (a == null || delta == null) {
      return null;
    }
    if (third instanceof MechaNode.Model || third instanceof MechaNode.Difference) {
      String b = call.model(1, "b");
      String c = call.model(2, "c");
      Ratio alpha = call.ratio(3, "alpha", ONE);
      return b == null || c == null || alpha == null || !call.complete()
          ? null
          : defined(name, new Merge.AddDifference(a, b, c, alpha));
    }
    MechaNode mask = call.value(2, "alpha");
    if (mask instanceof MechaNode.TrainMask(String x, String y, String z, Ratio strength)) {
      call.use(1, "b");
      call.use(2, "alpha");
      return call.complete()
              && delta instanceof MechaNode.Difference(String b, String c, _)
              && x.equals(a)
              && y.equals(b)
              && z.equals(c)
          ? defined(name, called("trainDifference", List.of(a, b, c), strength))
          : null;
    }
    Ratio alpha = call.ratio(2, "alpha", ONE);
    if (alpha == null || !(dialect.versioned() || call.has(2, "alpha"))) {
      unclear = "without alpha, which was 0.5 in some versions and 1 in others";
      return null;
    }
    if (delta instanceof MechaNode.Difference(String b, String c, _)) {
      call.use(1, "b");
      return call.complete() ? defined(name, new Merge.AddDifference(a, b, c, alpha)) : null;
    }
    String b = call.model(1, "b");
    return b == null || !call.complete() ? null : defined(name, weighted(a, b, alpha));
  }

  private MechaNode defined(String name, Merge merge) {
    draft.define(name, merge);
    switch (merge) {
      case Merge.WeightSum sum -> carriers.put(name, sum.a());
      case Merge.AddDifference sum -> carriers.put(name, sum.a());
      case Merge.Linear linear -> carriers.put(name, linear.terms().getFirst().model());
      case Merge.Written written -> {
        if (written.formula().startsWith(ScriptDraft.spelled(written.models().getFirst()) + " +")) {
          carriers.put(name, written.models().getFirst());
        }
      }
      case Merge.TripleSum _, Merge.SumTwice _ -> {}
    }
    return new MechaNode.Model(name);
  }

  /** Gives a difference its definition and its name. */
  String settle(MechaNode.Difference difference) {
    if (!draft.defines(difference.name())) {
      draft.define(
          difference.name(),
          new Merge.Linear(
              List.of(
                  new Merge.Term(difference.a(), BigDecimal.ONE),
                  new Merge.Term(difference.b(), BigDecimal.ONE.negate()))));
    }
    return difference.name();
  }

  private static Merge called(String method, List<String> models, Ratio ratio) {
    var clauses = new LinkedHashMap<String, String>();
    String weight = ScriptDraft.weight("alpha", ratio, clauses);
    List<String> names = models.stream().map(ScriptDraft::spelled).toList();
    return new Merge.Written(
        method + "(" + String.join(", ", names) + ", " + weight + ")", models, clauses);
  }

  /** {@code a + b x alpha}, or without the first model. */
  private static Merge weighted(String a, String b, Ratio alpha) {
    var clauses = new LinkedHashMap<String, String>();
    String weight = ScriptDraft.weight("alpha", alpha, clauses);
    String product = ScriptDraft.spelled(b) + " x " + weight;
    return a.isEmpty()
        ? new Merge.Written(product, List.of(b), clauses)
        : new Merge.Written(ScriptDraft.spelled(a) + " + " + product, List.of(a, b), clauses);
  }

  /** Equal shares; the last one takes what rounding leaves, so that they are 1 together. */
  private static List<Merge.Term> average(List<String> models) {
    BigDecimal share = BigDecimal.ONE.divide(BigDecimal.valueOf(models.size()), Decimals.DIGITS);
    List<Merge.Term> terms = new ArrayList<>();
    BigDecimal left = BigDecimal.ONE;
    for (int i = 0; i < models.size(); i++) {
      boolean last = i == models.size() - 1;
      terms.add(new Merge.Term(models.get(i), last ? left : share));
      left = left.subtract(share);
    }
    return terms;
  }

  /** The node or weight that an argument means, nothing where it means neither. */
  Optional<MechaNode> value(MechaLine.Argument argument) {
    String text = argument.text();
    if (argument.quoted()) {
      return Optional.of(new MechaNode.Text(text));
    }
    if (text.equals("null") || text.equals("true") || text.equals("false")) {
      return Optional.of(new MechaNode.Unknown());
    }
    if (text.matches("&[0-9]{1,6}")) {
      int node = Integer.parseInt(text.substring(1));
      return node < nodes.size() ? Optional.of(nodes.get(node)) : Optional.empty();
    }
    return Decimals.number(text).map(number -> new MechaNode.Weight(new Ratio.Number(number)));
  }

  /** The arguments of a merge; every one has to be asked for. */
  private final class Call {
    private final List<Optional<MechaNode>> values;
    private final Map<String, Integer> position;
    private final int ordered;
    private final Set<Integer> asked = new java.util.HashSet<>();

    Call(List<Optional<MechaNode>> values, Map<String, Integer> position, int ordered) {
      this.values = values;
      this.position = position;
      this.ordered = ordered;
    }

    private int index(int place, String parameter) {
      return place < ordered ? place : position.getOrDefault(parameter, -1);
    }

    boolean has(int place, String parameter) {
      return index(place, parameter) >= 0;
    }

    void use(int place, String parameter) {
      asked.add(index(place, parameter));
    }

    @Nullable MechaNode value(int place, String parameter) {
      int index = index(place, parameter);
      return index < 0 ? null : values.get(index).orElse(null);
    }

    @Nullable String model(int place, String parameter) {
      use(place, parameter);
      return named(value(place, parameter));
    }

    @Nullable Ratio ratio(int place, String parameter, Ratio otherwise) {
      use(place, parameter);
      return index(place, parameter) < 0
          ? otherwise
          : value(place, parameter) instanceof MechaNode.Weight(Ratio ratio) ? ratio : null;
    }

    @Nullable List<String> models() {
      List<String> models = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        asked.add(i);
        String name = named(values.get(i).orElse(null));
        if (name == null || i >= ordered) {
          return null;
        }
        models.add(name);
      }
      return models;
    }

    @Nullable MechaNode only() {
      asked.add(0);
      return values.size() == 1 ? values.getFirst().orElse(null) : null;
    }

    /** Whether no argument was left aside. */
    boolean complete() {
      for (int i = 0; i < values.size(); i++) {
        if (!asked.contains(i)) {
          return false;
        }
      }
      return true;
    }

    private @Nullable String named(@Nullable MechaNode node) {
      return switch (node) {
        case null -> null;
        case MechaNode.Model(String name) -> name;
        case MechaNode.Difference difference -> settle(difference);
        case MechaNode.Weight _,
            MechaNode.TrainMask _,
            MechaNode.Part _,
            MechaNode.Text _,
            MechaNode.Unknown _ ->
            null;
      };
    }
  }
}
