package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads posts: definitions, their weights on the lines below, and prose around them. */
final class DocumentReader {
  private static final String NUMBER = "-?(?:\\d{1,9}(?:\\.\\d{0,30})?|\\.\\d{1,30})%?";
  private static final Pattern LIST =
      Pattern.compile(
          "[(\\[]?\\s*+(" + NUMBER + "(?:\\s*+,\\s*+" + NUMBER + "){9,200}+)\\s*+,?+[)\\]]?+");
  private static final Pattern CLAUSE =
      Pattern.compile(
          "(?i)\\b(base[_ ]?alpha|alpha[_ ]?base|base[_ ]?beta|alpha|beta|weights?(?:[_ ]values)?"
              + "|multiplier|mbw)\\s*[:=]?\\s*[:=]?\\s*(\uE000|\uE001|"
              + NUMBER
              + ")(?![\\w-])");
  private static final Pattern METHOD =
      Pattern.compile(
          "(?i)\\(?\\b(weight(?:ed)?[ -]?sum|WS|sum merge|mixed sum|add[ -]?diff(?:erence)?|AD"
              + "|difference)\\b(?:\\s*@)?\\s*("
              + NUMBER
              + ")?\\)?:?");
  private static final Pattern SIMILARITY =
      Pattern.compile("(?i)(?:cosine |a)similarity.*?(\\d{1,3}(?:\\.\\d{1,8})?%)");
  private static final Pattern PLACEHOLDER_NAME =
      Pattern.compile(
          "(?i)(?:(?:model|base|for|fixed|primary|secondary|tertiary|result|merged|new|a|b|c)"
              + "(?:[ _-]|$))+");
  private static final Pattern ARROW_BEHIND = Pattern.compile("\\s*(?:->|=>|→|⇒|--|=)\\s");
  private static final int LONGEST_LINE = 20_000;

  /** A definition in the making. */
  private static final class Step {
    private final CleanText place;
    private final Notation tree;
    private @Nullable String result;
    private final Map<String, Ratio> weights = new LinkedHashMap<>();
    private @Nullable BigDecimal base;
    private @Nullable String method;
    private @Nullable BigDecimal at;

    Step(CleanText place, Notation tree, @Nullable String result) {
      this.place = place;
      this.tree = tree;
      this.result = result;
    }
  }

  private final ScriptDraft draft;
  private final List<Object> items = new ArrayList<>();
  private final Set<String> results = new HashSet<>();
  private final Set<CleanText> attached = new HashSet<>();
  private final Map<String, String> latest = new HashMap<>();
  private final List<Line> lines;

  private DocumentReader(List<Line> lines, ScriptDraft draft) {
    this.lines = lines;
    this.draft = draft;
  }

  /** Reads all lines into a draft; returns the number of definitions and questions. */
  static int read(List<Line> lines, ScriptDraft draft) {
    var reader = new DocumentReader(lines, draft);
    reader.collect();
    return reader.write();
  }

  private void collect() {
    for (int i = 0; i < lines.size(); i++) {
      Optional<Passage> passage = Passage.at(lines, i);
      if (passage.isPresent()) {
        items.add(passage.get());
        i = passage.get().end() - 1;
        continue;
      }
      for (CleanText line : CleanText.of(lines.get(i))) {
        items.add(line.text().length() > LONGEST_LINE ? line : understood(line));
      }
    }
  }

  private Object understood(CleanText line) {
    List<List<BigDecimal>> lists = new ArrayList<>();
    String text =
        LIST.matcher(line.text())
            .replaceAll(found -> {
              if (lists.size() > 1) {
                return Matcher.quoteReplacement(found.group());
              }
              List<BigDecimal> values = new ArrayList<>();
              for (String value : found.group(1).split(",", 0)) {
                values.add(NotationReader.number(value.strip()));
              }
              lists.add(values);
              return lists.size() == 1 ? " \uE000 " : " \uE001 ";
            });
    Step last = items.isEmpty() ? null : lastStep();
    Map<String, Ratio> weights = new LinkedHashMap<>();
    BigDecimal[] base = {null};
    text =
        CLAUSE
            .matcher(text)
            .replaceAll(found -> {
              String key = found.group(1).toLowerCase(Locale.ROOT);
              Ratio ratio = ratio(found.group(2), lists);
              if (key.contains("base") && ratio instanceof Ratio.Number(BigDecimal value)) {
                base[0] = value;
                return "";
              }
              String parameter = key.equals("beta") ? "beta" : "alpha";
              weights.putIfAbsent(parameter, ratio);
              boolean inline = found.start() > 2 && found.group(2).startsWith("\uE000");
              return inline && found.group(1).equals(parameter) ? parameter + " \uE000" : "";
            });
    for (int i = 0; i < lists.size(); i++) {
      if (text.contains(i == 0 ? "\uE000" : "\uE001")) {
        weights.putIfAbsent(i == 0 ? "alpha" : "beta", blocks(lists.get(i)));
      }
    }
    int cut = text.indexOf('\uE000');
    if (cut >= 0) {
      text = text.substring(0, cut);
    }
    Matcher method = METHOD.matcher(text);
    String named = null;
    BigDecimal share = null;
    if (method.find()
        && (method.start() == 0
            || method.end() == text.strip().length()
            || ARROW_BEHIND.matcher(text).region(method.end(), text.length()).lookingAt())) {
      named = method.group(1).toLowerCase(Locale.ROOT);
      share = method.group(2) == null ? null : NotationReader.number(method.group(2));
      text = (text.substring(0, method.start()) + text.substring(method.end()));
    }
    Step step = definition(line, text.strip());
    if (step == null) {
      if (last != null && (!weights.isEmpty() || base[0] != null) && last.weights.isEmpty()) {
        attached.add(line);
        last.weights.putAll(weights);
        last.base = base[0] == null ? last.base : base[0];
        Matcher result = Pattern.compile("=\\s*(\\S.{0,80})$").matcher(line.text());
        if (last.result == null
            && result.find()
            && !lists.isEmpty()
            && !result.group(1).contains(",")) {
          last.result = NotationReader.name(result.group(1));
          results.add(last.result);
        }
      }
      return line;
    }
    step.weights.putAll(weights);
    step.base = base[0];
    step.method = named;
    step.at = step.at == null ? share : step.at;
    return step;
  }

  private @Nullable Step lastStep() {
    for (int i = items.size() - 1; i >= Math.max(0, items.size() - 8); i--) {
      if (items.get(i) instanceof Step step) {
        return step;
      }
    }
    return null;
  }

  private static Ratio ratio(String written, List<List<BigDecimal>> lists) {
    return written.equals("\uE000")
        ? blocks(lists.getFirst())
        : written.equals("\uE001")
            ? blocks(lists.get(1))
            : new Ratio.Number(NotationReader.number(written));
  }

  private static Ratio blocks(List<BigDecimal> values) {
    return new Ratio.Blocks(values, Optional.empty());
  }

  private @Nullable Step definition(CleanText line, String text) {
    String result = null;
    String formula = text;
    Matcher arrow = Pattern.compile("->|=>|→|⇒| -- |=").matcher(text);
    int depth = 0;
    int from = 0;
    while (arrow.find()) {
      for (; from < arrow.start(); from++) {
        depth += text.charAt(from) == '(' ? 1 : text.charAt(from) == ')' ? -1 : 0;
      }
      if (depth <= 0) {
        String left = text.substring(0, arrow.start()).strip();
        String right = text.substring(arrow.end()).strip();
        boolean rightIsFormula =
            arrow.group().equals("=")
                && right.matches(".*[+*×(].*| .*x .*")
                && !left.matches(".*[+*×].*");
        formula = rightIsFormula ? right : left;
        result = rightIsFormula ? left : right;
        break;
      }
    }
    if (result != null) {
      int alias = result.indexOf('(');
      result = NotationReader.name(alias > 0 ? result.substring(0, alias) : result);
      if (result.isEmpty() || result.length() > 120 || result.split(" ").length > 6) {
        return null;
      }
    }
    BigDecimal share = null;
    Matcher at = Pattern.compile("\\s*@\\s*(" + NUMBER + ")\\s*$").matcher(formula);
    if (at.find()) {
      share = NotationReader.number(at.group(1));
      formula = formula.substring(0, at.start());
    }
    formula = PublishedSlips.mended(formula, results);
    if (formula.indexOf('+') < 0) {
      return null;
    }
    Optional<Notation> plain = NotationReader.read(formula, results, false);
    Optional<Notation> split =
        plain.filter(Notation::isModel).isPresent()
            ? plain
            : NotationReader.read(formula, results, true);
    Notation tree = split.filter(Notation::isModel).or(() -> plain).orElse(null);
    if (tree == null || Notation.isWeight(tree)) {
      return null;
    }
    var step = new Step(line, tree, result);
    step.at = share;
    if (result != null) {
      results.add(result);
    }
    return step;
  }

  private int write() {
    int first = -1;
    int last = -1;
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof CleanText)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    int written = 0;
    if (first < 0) {
      return Leftovers.ask(lines, draft);
    }
    for (int i = first; i < items.size(); i++) {
      switch (items.get(i)) {
        case Step step -> {
          draft.blank();
          written += write(step) ? 1 : 0;
        }
        case Passage passage -> {
          draft.blank();
          passage.read(lines, draft);
          written++;
        }
        case CleanText line -> {
          if (line.text().isEmpty() || i > last && !Leftovers.isList(line.line())) {
            break;
          }
          Matcher similarity = SIMILARITY.matcher(line.text());
          boolean list = LIST.matcher(line.text()).find();
          if (similarity.find()) {
            String group =
                line.text().contains("input_blocks")
                    ? "IN "
                    : line.text().contains("output_blocks") ? "OUT " : "";
            draft.comment("asimilarity " + group + similarity.group(1));
          } else if (!list) {
            draft.comment(line.text());
          } else if (!attached.contains(line) && Leftovers.isList(line.line())) {
            Leftovers.askWhose(line.line(), draft);
          }
        }
        default -> {}
      }
    }
    return written;
  }

  private boolean write(Step step) {
    List<String> operands = Notation.models(step.tree);
    boolean example =
        operands.stream().allMatch(name -> PLACEHOLDER_NAME.matcher(name).matches())
            && operands.stream().noneMatch(results::contains);
    if (example && results.size() > 1) {
      draft.notUnderstood(step.place.line(), "an explanation: nothing defines or uses these names");
      return false;
    }
    String result = step.result == null ? draft.freshName("merged") : step.result;
    boolean complete = Notation.isModel(step.tree) || step.at != null || !step.weights.isEmpty();
    if (!complete && step.result == null && !results.isEmpty()) {
      draft.comment(step.place.text());
      return false;
    }
    if (!complete && definedElsewhere(step)) {
      draft.notUnderstood(step.place.line(), "`" + result + "` is defined in full elsewhere");
      return false;
    }
    List<String> names = operands.stream().map(this::nearest).toList();
    Notation tree = renamed(step.tree);
    if (draft.defines(result)) {
      String given = draft.freshName(result);
      draft.comment("`" + result + "` is defined again: later steps mean `" + given + "`");
      latest.put(result, given);
      result = given;
    }
    Ratio given = step.weights.get("alpha");
    if (given instanceof Ratio.Blocks(List<BigDecimal> values, var none)
        && (values.size() == 25 || values.size() == 19)) {
      given = new Ratio.Blocks(values, Optional.ofNullable(step.base));
      step.weights.put("alpha", given);
      if (step.base == null) {
        draft.question(
            step.place.line().span(),
            "the list of " + values.size() + " weights for `" + result + "` has none for BASE",
            List.of("base_alpha = 0", "base_alpha = 1"));
        return true;
      }
    }
    Ratio share = step.at == null ? given : new Ratio.Number(step.at);
    boolean symbols = Notation.uses(step.tree, "alpha") || Notation.uses(step.tree, "beta");
    if (!symbols && share != null && step.tree instanceof Notation.Sum sum) {
      boolean plain = sum.terms().stream().allMatch(term -> term instanceof Notation.Model);
      boolean difference =
          step.method != null && !step.method.contains("sum") && !step.method.equals("ws");
      if (plain && names.size() == 2 && !difference && !sum.minus().get(1)) {
        draft.define(result, new Merge.WeightSum(names.get(0), names.get(1), share));
        return true;
      }
      boolean nested = names.size() == 3 && Notation.isModel(step.tree);
      if (names.size() == 3 && (plain && difference || nested && !sum.minus().get(1))) {
        draft.define(
            result, new Merge.AddDifference(names.get(0), names.get(1), names.get(2), share));
        return true;
      }
    }
    boolean said =
        (!symbols || !step.weights.isEmpty()) && share == null || symbols && given != null;
    if (Notation.isModel(step.tree) && said) {
      var clauses = new LinkedHashMap<String, String>();
      step.weights.forEach((name, ratio) -> {
        if (ratio instanceof Ratio.Blocks(List<BigDecimal> values, Optional<BigDecimal> base)) {
          clauses.put(
              name,
              "("
                  + String.join(", ", values.stream().map(BigDecimal::toPlainString).toList())
                  + ")");
          base.ifPresent(value -> clauses.put("base_" + name, value.toPlainString()));
        } else if (ratio instanceof Ratio.Number(BigDecimal value)) {
          clauses.put(name, value.toPlainString());
        }
      });
      clauses.keySet().removeIf(name -> !Notation.uses(step.tree, name.replace("base_", "")));
      draft.define(result, new Merge.Written(Notation.script(tree), names, clauses));
      return true;
    }
    List<String> readings = new ArrayList<>();
    if (names.size() == 2) {
      var half = new Ratio.Number(new BigDecimal("0.5"));
      readings.addAll(
          ScriptDraft.definition(result, new Merge.WeightSum(names.get(0), names.get(1), half)));
    } else if (names.size() == 3) {
      var whole = share == null ? new Ratio.Number(BigDecimal.ONE) : share;
      readings.add(
          String.join(
              "\n",
              ScriptDraft.definition(
                  result,
                  new Merge.AddDifference(names.get(0), names.get(1), names.get(2), whole))));
    }
    draft.question(
        step.place.line().span(),
        "the weights of `" + result + "` are not all said, or do not add up to 1",
        readings);
    return true;
  }

  private boolean definedElsewhere(Step step) {
    return items.stream()
        .anyMatch(item ->
            item instanceof Step other
                && other != step
                && java.util.Objects.equals(step.result, other.result));
  }

  private Notation renamed(Notation tree) {
    return switch (tree) {
      case Notation.Model(String name) -> new Notation.Model(nearest(name));
      case Notation.Num number -> number;
      case Notation.Symbol symbol -> symbol;
      case Notation.Sum(List<Notation> terms, List<Boolean> minus) ->
          new Notation.Sum(terms.stream().map(this::renamed).toList(), minus);
      case Notation.Product(Notation first, Notation second) ->
          new Notation.Product(renamed(first), renamed(second));
    };
  }

  /** The definition's spelling of a name that differs in case, separators, an s or a version. */
  private String nearest(String name) {
    if (results.contains(name)) {
      return latest.getOrDefault(name, name);
    }
    List<String> near =
        results.stream()
            .filter(result ->
                loose(result).equals(loose(name))
                    || loose(result).equals(loose(name) + "s")
                    || loose(result).matches(Pattern.quote(loose(name)) + "v\\d{1,3}"))
            .toList();
    String found = near.size() == 1 ? near.getFirst() : name;
    return latest.getOrDefault(found, found);
  }

  private static String loose(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
