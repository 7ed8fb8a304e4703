package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One merge in the terms of the web UIs.
 *
 * @param mode {@code Weight sum}, {@code Add difference}, {@code Triple sum}, {@code sum Twice},
 *     perhaps with a formula behind it
 * @param a the first model, perhaps with folder, extension and hash
 * @param b the second model
 * @param c the third model, empty where there is none
 * @param alpha nothing where it cannot be read
 * @param beta nothing where it cannot be read
 * @param calculation SuperMerger's calculation mode, empty for the normal one
 * @param extras settings that change the result in ways the formula does not show
 */
record WebMerge(
    String mode,
    String a,
    String b,
    String c,
    Optional<Ratio> alpha,
    Optional<Ratio> beta,
    String calculation,
    List<String> extras) {
  WebMerge {
    extras = List.copyOf(extras);
  }

  /** Weights of blocks as SuperMerger keeps them: BASE is the first of 26, or stands elsewhere. */
  static Optional<Ratio> blocks(String list, Optional<BigDecimal> base) {
    Optional<List<BigDecimal>> values = Decimals.list(list);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    int length = values.get().size();
    if (Decimals.isWhole(length)) {
      return Optional.of(new Ratio.Blocks(values.get(), Optional.empty()));
    }
    return Decimals.lacksBase(length) && base.isPresent()
        ? Optional.of(new Ratio.Blocks(values.get(), base))
        : Optional.empty();
  }

  /** Adds the merge as a definition, or as a question where it says more than a formula. */
  void add(String published, Line said, ScriptDraft draft) {
    Optional<Merge> merge = merge(draft);
    String result = Cell.of(published).name();
    if (merge.isEmpty()) {
      draft.notUnderstood(
          new Line(said.text().replaceAll("\\s+", " "), said.span()), "the merge is not complete");
      return;
    }
    String name =
        draft.names().define(result.isEmpty() ? draft.freshName("merge") : result, used(draft));
    Optional<Merge> applied = CalculationMode.applied(calculation, merge.get());
    if (!extras.isEmpty()) {
      List<String> doubts = new ArrayList<>(extras);
      if (!CalculationMode.isNormal(calculation)) {
        doubts.add("calculation mode " + calculation);
      }
      draft.reserve(name);
      draft.question(
          said.span(),
          "`" + name + "` was made with more than the formula says: " + String.join(", ", doubts),
          List.of(String.join("\n", ScriptDraft.definition(name, applied.orElse(merge.get())))));
    } else if (applied.isEmpty()) {
      CalculationMode.ask(draft, said, name, calculation, merge.get());
    } else {
      draft.define(name, applied.get());
    }
  }

  private List<String> used(ScriptDraft draft) {
    List<String> models = new ArrayList<>();
    for (String model : List.of(a, b, c)) {
      if (!Cell.of(model).isEmpty()) {
        models.add(draft.names().use(Cell.of(model).name()));
      }
    }
    return models;
  }

  private Optional<Merge> merge(ScriptDraft draft) {
    int formula = mode.indexOf(':');
    String kind =
        (formula < 0 ? mode : mode.substring(0, formula)).strip().toLowerCase(Locale.ROOT);
    String first = kind.replaceAll("[ _-]", "");
    boolean three = !first.matches("weight(?:ed)?sum|ws");
    boolean add = first.matches("add(?:difference)?|ad");
    if (empty(a)
        || empty(b)
        || three && empty(c)
        || alpha.isEmpty()
        || three && !add && beta.isEmpty()) {
      return Optional.empty();
    }
    String x = model(a, draft);
    String y = model(b, draft);
    if (!three) {
      return Optional.of(new Merge.WeightSum(x, y, alpha.get()));
    }
    String z = model(c, draft);
    Ratio second = beta.orElse(new Ratio.Number(BigDecimal.ZERO));
    return switch (first) {
      case "adddifference", "add", "ad" ->
          Optional.of(new Merge.AddDifference(x, y, z, alpha.get()));
      case "triplesum", "triple", "trs" ->
          Optional.of(new Merge.TripleSum(x, y, z, alpha.get(), second));
      case "sumtwice", "twice", "st" ->
          Optional.of(new Merge.SumTwice(x, y, z, alpha.get(), second));
      default -> Optional.empty();
    };
  }

  private static boolean empty(String model) {
    return Cell.of(model).isEmpty() || Cell.of(model).name().isBlank();
  }

  private static String model(String published, ScriptDraft draft) {
    Cell cell = Cell.of(published);
    String name = draft.names().use(cell.name());
    if (!draft.defines(name)) {
      cell.hash().ifPresent(hash -> draft.hash(name, hash));
    }
    return name;
  }
}
