package bmr.report;

import bmr.graph.FormulaText;
import bmr.graph.RecipeDifference;
import bmr.graph.RecipeDifference.Call;
import bmr.graph.RecipeDifference.CallDifference;
import bmr.graph.RecipeDifference.Change;
import bmr.graph.RecipeDifference.ModelDifference;
import bmr.graph.RecipeDifference.Setting;
import bmr.graph.TensorGroup;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** How two recipes differ, in words: a summary, then each model with its sources. */
public final class DifferenceText {
  /** Names of a list; the others are counted. */
  private static final int MOST_NAMES = 12;

  private static final int[] DIGITS = {6, 17, 60};

  private final RecipeDifference difference;
  private final String oldRecipe;
  private final String newRecipe;
  private final int width;
  private final UnaryOperator<String> heading;
  private final TensorPlaces places;
  private final List<String> lines = new ArrayList<>();

  private DifferenceText(
      RecipeDifference difference,
      String oldRecipe,
      String newRecipe,
      int width,
      UnaryOperator<String> heading) {
    this.difference = difference;
    this.oldRecipe = oldRecipe;
    this.newRecipe = newRecipe;
    this.width = width;
    this.heading = heading;
    this.places = new TensorPlaces(difference.groups());
  }

  /**
   * The lines.
   *
   * @param oldRecipe what the left recipe is called
   * @param newRecipe what the right recipe is called
   * @param heading how headings look
   */
  public static List<String> lines(
      RecipeDifference difference,
      String oldRecipe,
      String newRecipe,
      int width,
      UnaryOperator<String> heading) {
    return new DifferenceText(difference, oldRecipe, newRecipe, width, heading).lines();
  }

  private List<String> lines() {
    wrapped(summary(difference));
    difference.settings().forEach(this::setting);
    for (ModelDifference model : difference.models()) {
      boolean renamed = model.output() && !model.left().equals(model.right());
      if (!model.same() || renamed) {
        lines.add("");
        model(model);
      }
    }
    legend();
    if (lines.size() > 1 && !difference.same()) {
      lines.add("");
    }
    if (!difference.same()) {
      names("the same in both: ", sameModels());
    }
    names("made only by " + oldRecipe + ": ", difference.outputs().left());
    names("made only by " + newRecipe + ": ", difference.outputs().right());
    names("definitions only in " + oldRecipe + ": ", difference.definitions().left());
    names("definitions only in " + newRecipe + ": ", difference.definitions().right());
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  /** One line that says it all: {@code the same model}, {@code 2 of 3 models differ}. */
  static String summary(RecipeDifference difference) {
    int outputs = (int) difference.models().stream().filter(ModelDifference::output).count();
    int pairs = difference.models().size();
    if (difference.same()) {
      String what = pairs == 1 ? "model" : Quantities.count(pairs) + " models";
      return outputs == pairs || outputs == 0
          ? "the same " + what
          : "the same " + what + ", " + outputs + " of them saved";
    }
    int lone = difference.outputs().left().size() + difference.outputs().right().size();
    int differing = (int) difference.models().stream().filter(model -> !model.same()).count();
    if (differing + lone == 0) {
      return "the same coefficients, but other settings";
    }
    return pairs + lone == 1
        ? "the model differs"
        : Quantities.count(differing + lone)
            + " of "
            + Quantities.count(pairs + lone, "model")
            + (differing + lone == 1 ? " differs" : " differ");
  }

  private List<String> sameModels() {
    return difference.models().stream()
        .filter(ModelDifference::same)
        .filter(model -> model.left().equals(model.right()))
        .map(ModelDifference::right)
        .toList();
  }

  private void setting(Setting setting) {
    wrapped(setting.name() + ": " + setting.left() + " → " + setting.right());
  }

  private void model(ModelDifference model) {
    String name =
        model.left().equals(model.right())
            ? FormulaText.name(model.right())
            : FormulaText.name(model.left()) + ", compared with " + FormulaText.name(model.right());
    lines.add(heading.apply(name) + (model.same() ? ": the same" : ":"));
    model.settings().forEach(this::setting);
    changes("", model.changes(), model);
    for (CallDifference call : model.calls()) {
      changes(call.label() + ", ", call.parameters(), model);
      for (int i = 0; i < call.operands().size(); i++) {
        changes(call.label() + ", operand " + (i + 1) + ", ", call.operands().get(i), model);
      }
    }
    if (model.steps()) {
      wrapped("the same coefficients, but rounded between other definitions");
    }
  }

  /** One line for each change; several of one source below its name. */
  private void changes(String prefix, List<Change> changes, ModelDifference model) {
    Map<String, List<Change>> byName = new LinkedHashMap<>();
    changes.forEach(
        change -> byName.computeIfAbsent(change.name(), _ -> new ArrayList<>()).add(change));
    byName.forEach((name, some) -> {
      boolean whole = prefix.isEmpty();
      boolean added = whole && model.added().contains(name);
      boolean gone = whole && model.gone().contains(name);
      String shown = prefix + label(name) + (added ? " (new)" : gone ? " (gone)" : "") + ":";
      if (some.size() == 1) {
        wrapped(shown + " " + change(some.getFirst(), added, gone));
        return;
      }
      lines.add(shown);
      for (Change change : some) {
        Wrap.lines("  " + change(change, added, gone), width, "      ").forEach(lines::add);
      }
    });
  }

  private String change(Change change, boolean added, boolean gone) {
    String where = " in " + places.text(change.groups());
    if (added) {
      return signed(FormulaText.number(change.right())) + where;
    }
    if (gone) {
      return "was " + signed(FormulaText.number(change.left())) + where;
    }
    return values(change.left(), change.right()) + where;
  }

  /** With as many digits as it takes to tell them apart. */
  private static String values(BigDecimal left, BigDecimal right) {
    String text = "";
    for (int digits : DIGITS) {
      String old = rounded(left, digits);
      String now = rounded(right, digits);
      text = signed(old) + " → " + signed(now);
      if (!old.equals(now)) {
        break;
      }
    }
    return text;
  }

  private static String rounded(BigDecimal value, int digits) {
    BigDecimal rounded = value.round(new MathContext(digits));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String signed(String number) {
    return number.replace('-', '−');
  }

  private String label(String name) {
    boolean plain = difference.calls().containsKey(name) || name.startsWith("shift of channel ");
    return plain ? name : FormulaText.name(name);
  }

  /** What the labels of calls stand for, where most tensors agree. */
  private void legend() {
    Set<String> changed =
        difference.models().stream()
            .flatMap(model -> model.calls().stream())
            .map(CallDifference::label)
            .collect(Collectors.toSet());
    boolean first = true;
    for (Map.Entry<String, Call> call : difference.calls().entrySet()) {
      Map.Entry<CallForms.Form, List<TensorGroup>> most = null;
      for (var form : CallForms.of(call.getValue(), difference.groups()).entrySet()) {
        if (most == null || form.getValue().size() > most.getValue().size()) {
          most = form;
        }
      }
      if (most != null) {
        if (first) {
          lines.add("");
          first = false;
        }
        wrapped(
            call.getKey()
                + (changed.contains(call.getKey()) ? " was " : " is ")
                + CallForms.text(call.getValue(), most.getKey())
                + " in "
                + places.text(most.getValue()));
      }
    }
  }

  private void names(String before, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    String shown =
        names.stream().limit(MOST_NAMES).map(FormulaText::name).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    wrapped(before + shown + (more > 0 ? " and " + Quantities.count(more) + " more" : ""));
  }

  private void wrapped(String text) {
    lines.addAll(Wrap.lines(text, width, "    "));
  }
}
