package bmr.interchange;

import bmr.model.Presets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One row of a table of merge steps. */
final class TableStep {
  private static final Pattern SHARE =
      Pattern.compile("(?:@|[Mm]\\s*=|alpha\\s*=|\\bat\\b)\\s*([-+]?[0-9]*\\.?[0-9]+%?)\\s*(.*)$");
  private static final Pattern BARE_SHARE = Pattern.compile("\\s([-+]?[0-9]*\\.[0-9]+)\\s*$");

  /** The modes of web UIs. */
  private enum Mode {
    WEIGHT_SUM,
    ADD_DIFFERENCE,
    TRIPLE_SUM,
    SUM_TWICE,
    UNSAID,
    UNKNOWN
  }

  private final Map<TableColumn, Integer> columns;
  private final List<Cell> cells;
  private final Line line;
  private final ScriptDraft draft;

  TableStep(Map<TableColumn, Integer> columns, List<Cell> cells, Line line, ScriptDraft draft) {
    this.columns = columns;
    this.cells = cells;
    this.line = line;
    this.draft = draft;
  }

  /** Adds the step, a question, or the row as a comment. */
  void add() {
    Optional<Cell> a = cell(TableColumn.A);
    Optional<Cell> b = cell(TableColumn.B);
    if (a.isEmpty() || b.isEmpty()) {
      draft.notUnderstood(line, "a merge takes two models");
      return;
    }
    draft.blank();
    String method =
        cell(TableColumn.METHOD)
            .or(() -> cell(TableColumn.CALCULATION).filter(named -> isMode(named.text())))
            .map(Cell::text)
            .orElse("");
    Matcher share = SHARE.matcher(method);
    Optional<BigDecimal> multiplier = Optional.empty();
    String remark = "";
    if (share.find()) {
      multiplier = Decimals.number(share.group(1));
      remark = share.group(2).strip();
      method = method.substring(0, share.start()).strip();
    } else {
      Matcher bare = BARE_SHARE.matcher(method);
      if (bare.find()) {
        multiplier = Decimals.number(bare.group(1));
        method = method.substring(0, bare.start()).strip();
      }
    }
    Optional<BigDecimal> own = cell(TableColumn.SHARE).flatMap(c -> Decimals.number(c.text()));
    Optional<BigDecimal> single = cell(TableColumn.WEIGHTS).flatMap(c -> Decimals.number(c.text()));
    multiplier = multiplier.or(() -> own).or(() -> single);
    Optional<Cell> c = cell(TableColumn.C);
    Mode mode = mode(method, c.isPresent());
    String primary = use(a.get());
    String secondary = use(b.get());
    Optional<String> tertiary = mode == Mode.WEIGHT_SUM ? Optional.empty() : c.map(this::use);
    List<String> operands = new ArrayList<>(List.of(primary, secondary));
    tertiary.ifPresent(operands::add);
    String result =
        cell(TableColumn.RESULT)
            .map(cell -> draft.names().define(cell.name(), operands))
            .orElseGet(() -> draft.freshName("merged"));
    cell(TableColumn.RESULT)
        .flatMap(Cell::hash)
        .ifPresent(hash -> draft.comment(ScriptDraft.spelled(result) + " had the hash " + hash));

    Optional<List<BigDecimal>> list = TableReader.list(cell(TableColumn.WEIGHTS));
    if (list.isEmpty()) {
      list = TableReader.list(cell(TableColumn.SHARE));
    }
    Optional<BigDecimal> base = cell(TableColumn.BASE).flatMap(x -> Decimals.number(x.text()));
    if (c.isPresent() && mode == Mode.WEIGHT_SUM) {
      draft.comment(
          "\"" + c.get().text() + "\" stands in the row, but a weight sum takes no third");
    }
    step(
        new Row(
            result, primary, secondary, tertiary, mode, method, multiplier, list, base, remark));
  }

  /** What a row says, names resolved. */
  private record Row(
      String result,
      String a,
      String b,
      Optional<String> c,
      Mode mode,
      String method,
      Optional<BigDecimal> multiplier,
      Optional<List<BigDecimal>> list,
      Optional<BigDecimal> base,
      String remark) {}

  private void step(Row row) {
    if (row.mode() == Mode.WEIGHT_SUM
        && cell(TableColumn.C).isPresent()
        && cell(TableColumn.BETA).isPresent()) {
      ask(
          row,
          "a weight sum takes two models and one weight, `"
              + row.result()
              + "` has three and two: a triple sum, or a sum twice",
          List.of());
      return;
    }
    if (row.mode() == Mode.UNKNOWN) {
      ask(row, "the method `" + row.method() + "` is none that bmr knows", List.of());
      return;
    }
    Optional<Ratio> ratio = ratio(row);
    if (ratio.isEmpty()) {
      return;
    }
    Optional<Merge> merge = merge(row, ratio.get());
    if (merge.isEmpty()) {
      List<Merge> readings = new ArrayList<>();
      readings.add(new Merge.WeightSum(row.a(), row.b(), ratio.get()));
      row.c()
          .ifPresent(c -> readings.add(new Merge.AddDifference(row.a(), row.b(), c, ratio.get())));
      ask(
          row,
          row.mode() == Mode.UNSAID
              ? "the row of `" + row.result() + "` does not say the method"
              : "`"
                  + row.method()
                  + "` takes "
                  + (row.c().isPresent() ? "two models here, or three" : "three models"),
          readings);
      return;
    }
    if (!row.remark().isEmpty()) {
      ask(
          row,
          "the weight of `" + row.result() + "` has a remark: `" + row.remark() + "`",
          List.of(merge.get()));
      return;
    }
    Optional<Cell> extra = cell(TableColumn.EXTRA);
    if (extra.isPresent()) {
      ask(
          row,
          "`" + row.result() + "` was made with more than the formula says: " + extra.get().text(),
          List.of(merge.get()));
      return;
    }
    String calculation =
        cell(TableColumn.CALCULATION).map(Cell::text).filter(text -> !isMode(text)).orElse("");
    Optional<Merge> applied = CalculationMode.applied(calculation, merge.get());
    if (applied.isEmpty()) {
      CalculationMode.ask(draft, line, row.result(), calculation, merge.get());
    } else {
      draft.define(row.result(), applied.get());
    }
  }

  private static boolean isMode(String text) {
    Mode mode = mode(text, true);
    return mode != Mode.UNKNOWN && mode != Mode.UNSAID;
  }

  private Optional<Merge> merge(Row row, Ratio ratio) {
    return switch (row.mode()) {
      case WEIGHT_SUM -> Optional.of(new Merge.WeightSum(row.a(), row.b(), ratio));
      case ADD_DIFFERENCE -> row.c().map(c -> new Merge.AddDifference(row.a(), row.b(), c, ratio));
      case TRIPLE_SUM ->
          row.c()
              .flatMap(
                  c -> beta().map(beta -> new Merge.TripleSum(row.a(), row.b(), c, ratio, beta)));
      case SUM_TWICE ->
          row.c()
              .flatMap(
                  c -> beta().map(beta -> new Merge.SumTwice(row.a(), row.b(), c, ratio, beta)));
      case UNSAID, UNKNOWN -> Optional.empty();
    };
  }

  private Optional<Ratio> beta() {
    Optional<Cell> cell = cell(TableColumn.BETA);
    Optional<List<BigDecimal>> list = TableReader.list(cell);
    if (list.isPresent()) {
      return Optional.of(new Ratio.Blocks(list.get(), Optional.empty()));
    }
    return cell.flatMap(c -> Decimals.number(c.text())).map(Ratio.Number::new);
  }

  /** The weight of a row; where there is none to be had, the question has been asked. */
  private Optional<Ratio> ratio(Row row) {
    Optional<String> preset =
        cell(TableColumn.WEIGHTS).map(Cell::text).filter(Presets.names()::contains);
    if (preset.isPresent()) {
      String base = row.base().map(w -> " with {BASE: " + w.toPlainString() + "}").orElse("");
      return Optional.of(new Ratio.Written(preset.get() + base));
    }
    if (row.list().isEmpty()) {
      if (row.multiplier().isEmpty()) {
        ask(
            row,
            "the row of `" + row.result() + "` does not say how much",
            readings(row, List.of(new Ratio.Number(new BigDecimal("0.5")))));
        return Optional.empty();
      }
      return Optional.of(new Ratio.Number(row.multiplier().get()));
    }
    List<BigDecimal> values = row.list().get();
    if (row.multiplier().isPresent()
        && row.multiplier().get().compareTo(BigDecimal.ONE) != 0
        && cell(TableColumn.SHARE).isEmpty()) {
      // web UIs read the list and forget the slider
      ask(
          row,
          "the row of `" + row.result() + "` has a list of weights and a multiplier as well",
          readings(row, List.of(blocks(row, values))));
      return Optional.empty();
    }
    if (Decimals.lacksBase(values.size())) {
      if (row.base().isEmpty()) {
        ask(
            row,
            "the list of "
                + values.size()
                + " weights for `"
                + row.result()
                + "` has none for BASE, or lacks a block",
            readings(
                row,
                List.of(
                    new Ratio.Blocks(values, Optional.of(BigDecimal.ZERO)),
                    new Ratio.Blocks(values, Optional.of(BigDecimal.ONE)))));
        return Optional.empty();
      }
      return Optional.of(new Ratio.Blocks(values, row.base()));
    }
    if (!Decimals.isWhole(values.size())) {
      ask(row, "a list of " + values.size() + " weights fits no architecture", List.of());
      return Optional.empty();
    }
    if (row.base().isPresent() && row.base().get().compareTo(values.getFirst()) != 0) {
      List<BigDecimal> other = new ArrayList<>(values);
      other.set(0, row.base().get());
      ask(
          row,
          "the list of `" + row.result() + "` gives BASE another weight than its own column",
          readings(row, List.of(blocks(row, values), new Ratio.Blocks(other, Optional.empty()))));
      return Optional.empty();
    }
    return Optional.of(new Ratio.Blocks(values, Optional.empty()));
  }

  private static Ratio blocks(Row row, List<BigDecimal> values) {
    return new Ratio.Blocks(
        values, Decimals.lacksBase(values.size()) ? row.base() : Optional.empty());
  }

  private List<Merge> readings(Row row, List<Ratio> ratios) {
    List<Merge> merges = new ArrayList<>();
    for (Ratio ratio : ratios) {
      merge(row, ratio).ifPresent(merges::add);
    }
    return merges;
  }

  private void ask(Row row, String about, List<Merge> readings) {
    draft.reserve(row.result());
    draft.question(
        line.span(),
        about,
        readings.stream()
            .map(merge -> String.join("\n", ScriptDraft.definition(row.result(), merge)))
            .toList());
  }

  /** The model of a cell, by its latest definition; its hash is kept. */
  private String use(Cell cell) {
    String name = draft.names().use(cell.name());
    cell.hash().ifPresent(hash -> draft.hash(name, hash));
    return name;
  }

  private Optional<Cell> cell(TableColumn column) {
    Integer index = columns.get(column);
    return index == null || index >= cells.size()
        ? Optional.empty()
        : Optional.of(cells.get(index)).filter(cell -> !cell.isEmpty());
  }

  /**
   * The mode that a cell names. "SUM" and "Add SUM" are weight sums where no third model stands; a
   * third model beside them makes it a question.
   */
  private static Mode mode(String written, boolean third) {
    String words = written.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", " ").strip();
    return switch (words) {
      case "" -> third ? Mode.UNSAID : Mode.WEIGHT_SUM;
      case "weighted sum", "weight sum", "weighted", "weightsum", "weightedsum", "ws" ->
          Mode.WEIGHT_SUM;
      case "sum", "add sum", "merge", "mbw", "merge block weighted" ->
          third ? Mode.UNSAID : Mode.WEIGHT_SUM;
      case "add difference",
          "add diff",
          "add difference mbw",
          "adddifference",
          "ad",
          "difference" ->
          Mode.ADD_DIFFERENCE;
      case "triple sum", "triple" -> Mode.TRIPLE_SUM;
      case "sum twice", "twice", "twice sum" -> Mode.SUM_TWICE;
      default ->
          words.matches("weight(ed)? sum .*mbw.*|mbw weight(ed)? sum")
              ? Mode.WEIGHT_SUM
              : words.matches("add diff(erence)? .*mbw.*|mbw add diff(erence)?")
                  ? Mode.ADD_DIFFERENCE
                  : Mode.UNKNOWN;
    };
  }
}
