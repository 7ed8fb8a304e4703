package bmr.interchange;

import bmr.source.SourceText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads SuperMerger's mergehistory.csv: a merge a row, oldest first. */
final class HistoryReader {
  private static final Pattern HEADER =
      Pattern.compile("\\s*\uFEFF?\"?ID\"?,\"?time\"?,\"?name\"?,\"?weights alpha\"?,[\\s\\S]*");
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}.*");

  private final ScriptDraft draft;
  private final Map<String, Integer> columns;
  private Optional<String> blockMap = Optional.empty();

  private HistoryReader(ScriptDraft draft, Map<String, Integer> columns) {
    this.draft = draft;
    this.columns = columns;
  }

  /** Whether the text is of this kind. */
  static boolean recognises(SourceText text) {
    return HEADER.matcher(text.text()).matches();
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    draft.heading("from a merge history of SuperMerger");
    List<CsvRow> rows = CsvRow.of(text);
    if (rows.isEmpty()) {
      return;
    }
    Map<String, Integer> columns = new HashMap<>();
    List<String> header = rows.getFirst().cells();
    for (int i = 0; i < header.size(); i++) {
      String title = header.get(i).replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
      columns.putIfAbsent(title, i);
    }
    var reader = new HistoryReader(draft, columns);
    List<CsvRow> merges = new ArrayList<>(rows.subList(1, rows.size()));
    if (merges.stream().allMatch(row -> TIME.matcher(reader.cell(row, "time")).matches())) {
      merges.sort(Comparator.comparing(row -> reader.cell(row, "time")));
    }
    merges.forEach(reader::row);
  }

  private String cell(CsvRow row, String title) {
    int column = columns.getOrDefault(title, -1);
    return column >= 0 && column < row.cells().size() ? row.cells().get(column).strip() : "";
  }

  private void row(CsvRow row) {
    var step =
        new WebMerge(
            mode(row),
            cell(row, "model a"),
            cell(row, "model b"),
            cell(row, "model c"),
            ratio(row, "alpha"),
            ratio(row, "beta"),
            calculation(row),
            extras(row));
    String custom = cell(row, "custum name");
    if (custom.isEmpty()) {
      custom = cell(row, "custom name");
    }
    step.add(
        custom.isEmpty() ? cell(row, "name") : custom,
        new Line(row.span().text(), row.span()),
        draft);
    LocalDate date = BlockMapDates.in(cell(row, "time")).orElse(null);
    if (date != null && (sensitive(step.alpha()) || sensitive(step.beta()))) {
      String profile = BlockMapDates.profile(date);
      if (blockMap.isPresent() && !blockMap.get().equals(profile)) {
        draft.question(
            row.span(),
            "this row was merged with another block map than those above",
            List.of("block_map \"" + profile + "\""));
      } else {
        blockMap = Optional.of(profile);
        draft.blockMap(profile);
      }
    }
  }

  private String mode(CsvRow row) {
    return cell(row, "mode");
  }

  private String calculation(CsvRow row) {
    return cell(row, "calcmode");
  }

  /** A list where the row is merged by blocks, else the number. */
  private Optional<Ratio> ratio(CsvRow row, String name) {
    Optional<BigDecimal> number = Decimals.number(cell(row, name));
    if (!cell(row, "use mbw").equalsIgnoreCase("true")) {
      return number.map(Ratio.Number::new);
    }
    return WebMerge.blocks(cell(row, "weights " + name), number);
  }

  private static boolean sensitive(Optional<Ratio> ratio) {
    if (ratio.isPresent()
        && ratio.get() instanceof Ratio.Blocks(List<BigDecimal> values, var base)) {
      BigDecimal first = values.get(base.isPresent() ? 0 : 1);
      return first.compareTo(values.getLast()) != 0;
    }
    return false;
  }

  /** Settings that change the result and that the formula does not show. */
  private List<String> extras(CsvRow row) {
    List<String> extras = new ArrayList<>();
    for (String title : List.of("plus lora", "deep", "fine", "elemental", "adjust")) {
      String value = cell(row, title);
      if (!value.matches("(?i)|false|none|off|\\[\\]|[\\s0.,]+")) {
        extras.add(title);
      }
    }
    String limits = cell(row, "inex");
    if (limits.equalsIgnoreCase("include") || limits.equalsIgnoreCase("exclude")) {
      extras.add(limits.toLowerCase(Locale.ROOT));
    }
    return extras;
  }
}
