package bmr.interchange;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ImportProblem;
import bmr.source.Span;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * A script in the making: definitions, comments and questions in the order of the publication.
 * Names that are used and never defined become {@code model NAME = ?} lines at its beginning.
 */
final class ScriptDraft {
  private static final Pattern BARE =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+(?:(?:\\.|-+)[\\p{L}\\p{M}\\p{N}_]+)*");
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+(?:[eE][0-9]+)?");
  private static final Set<String> STATEMENT_WORDS =
      Set.of(
          "save",
          "model",
          "models",
          "compare",
          "expect",
          "require",
          "fit",
          "include",
          "let",
          "block_map",
          "seed",
          "precision",
          "maximize",
          "minimize",
          "else",
          "NOT",
          "x",
          "X");

  private final List<String> heading = new ArrayList<>();
  private final List<String> body = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final Set<String> defined = new LinkedHashSet<>();
  private final Map<String, String> hashes = new LinkedHashMap<>();
  private final BlockMapChoice blockMap = new BlockMapChoice();
  private final NameLedger names = new NameLedger(this);
  private Optional<String> verbatim = Optional.empty();
  private int questions;

  /** Which definition a published name means, in publications that name things loosely. */
  NameLedger names() {
    return names;
  }

  /** A comment above everything else: where the recipe comes from. */
  void heading(String text) {
    text.lines().forEach(line -> heading.add(comment("# ", line)));
  }

  /** A comment; each line of the text becomes one. */
  void comment(String text) {
    text.lines().forEach(line -> body.add(comment("# ", line)));
  }

  /** An empty line, never two. */
  void blank() {
    if (!body.isEmpty() && !body.getLast().isEmpty()) {
      body.add("");
    }
  }

  /**
   * Keeps a line as a comment.
   *
   * @param reason one clause without full stop that says why
   */
  void notUnderstood(Line line, String reason) {
    findings.add(Diagnostic.at(line.span(), new ImportProblem.NotUnderstood(reason)));
    body.add(comment("# ", line.stripped() + "   (" + reason + ")"));
  }

  /**
   * Asks instead of guessing: the readings stand in the script as comments, one of which is to be
   * kept.
   *
   * @param about one sentence without full stop that names the ambiguity
   * @param readings lines of a script
   */
  void question(Span place, String about, List<String> readings) {
    questions++;
    findings.add(Diagnostic.at(place, new ImportProblem.Question(about, readings)));
    body.add(comment("# question: ", about));
    place
        .text()
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> body.add(comment("#   published: ", line.strip())));
    readings.forEach(reading -> reading.lines().forEach(line -> body.add(comment("#   ", line))));
  }

  /** A script that the publication holds already: it takes the place of everything else. */
  void verbatim(String script) {
    verbatim = Optional.of(script.endsWith("\n") ? script : script + "\n");
  }

  /** Which of the historic block maps the recipe means. */
  void blockMap(String profile) {
    blockMap.said(profile);
  }

  /** A date that the publication bears. */
  void date(LocalDate date) {
    blockMap.date(date);
  }

  /** A hash that a publication gives for a model, as web UIs print it: 8, 10, 12 or 64 digits. */
  void hash(String model, String hash) {
    hashes.putIfAbsent(name(model), hash.toLowerCase(Locale.ROOT));
  }

  /** Whether a definition has the name. */
  boolean defines(String result) {
    return defined.contains(name(result));
  }

  /** A name that the answer to a question will define: no file is looked for. */
  void reserve(String result) {
    defined.add(name(result));
  }

  /** How many definitions and questions there are. */
  int said() {
    return defined.size() + questions;
  }

  /** A name that nothing has yet: the stem, or the stem with a number behind it. */
  String freshName(String stem) {
    String candidate = name(stem);
    for (int number = 2; defined.contains(candidate) || used.contains(candidate); number++) {
      candidate = name(stem) + "-" + number;
    }
    return candidate;
  }

  /** Adds a definition. */
  void define(String result, Merge merge) {
    body.addAll(definition(result, merge));
    blockMap.takes(merge);
    defined.add(name(result));
    models(merge).forEach(model -> used.add(name(model)));
  }

  /** The lines that {@link #define} would add; for the readings of a question. */
  static List<String> definition(String result, Merge merge) {
    SequencedMap<String, String> clauses = new LinkedHashMap<>();
    String formula =
        switch (merge) {
          case Merge.WeightSum(String a, String b, Ratio alpha) -> {
            String weight = weight("alpha", alpha, clauses);
            yield spelled(a) + " x " + rest(alpha, weight) + " + " + spelled(b) + " x " + weight;
          }
          case Merge.AddDifference(String a, String b, String c, Ratio alpha) ->
              spelled(a)
                  + " + ("
                  + spelled(b)
                  + " - "
                  + spelled(c)
                  + ") x "
                  + weight("alpha", alpha, clauses);
          case Merge.TripleSum(String a, String b, String c, Ratio alpha, Ratio beta) -> {
            String first = weight("alpha", alpha, clauses);
            String second = weight("beta", beta, clauses);
            yield spelled(a)
                + " x (1 - "
                + first
                + " - "
                + second
                + ") + "
                + spelled(b)
                + " x "
                + first
                + " + "
                + spelled(c)
                + " x "
                + second;
          }
          case Merge.SumTwice(String a, String b, String c, Ratio alpha, Ratio beta) -> {
            String first = weight("alpha", alpha, clauses);
            String second = weight("beta", beta, clauses);
            yield "("
                + spelled(a)
                + " x "
                + rest(alpha, first)
                + " + "
                + spelled(b)
                + " x "
                + first
                + ") x "
                + rest(beta, second)
                + " + "
                + spelled(c)
                + " x "
                + second;
          }
          case Merge.Linear(List<Merge.Term> terms) -> linear(terms);
          case Merge.Written(String text, var models, var given) -> {
            clauses.putAll(given);
            yield text;
          }
        };
    List<String> lines = new ArrayList<>();
    lines.add(spelled(result) + " = " + formula);
    clauses.forEach((parameter, weight) -> lines.add("    " + parameter + " = " + weight));
    return lines;
  }

  private static String linear(List<Merge.Term> terms) {
    StringBuilder formula = new StringBuilder();
    for (Merge.Term term : terms) {
      boolean negative = term.coefficient().signum() < 0;
      if (formula.isEmpty()) {
        formula.append(negative ? "-" : "");
      } else {
        formula.append(negative ? " - " : " + ");
      }
      formula.append(spelled(term.model()));
      BigDecimal size = term.coefficient().abs();
      if (size.compareTo(BigDecimal.ONE) != 0) {
        formula.append(" x ").append(size.toPlainString());
      }
    }
    return formula.toString();
  }

  /** A weight in a formula: a number, or the name of a parameter that is added to the clauses. */
  static String weight(String name, Ratio ratio, SequencedMap<String, String> clauses) {
    return switch (ratio) {
      case Ratio.Number(BigDecimal value) ->
          value.signum() < 0 ? "(" + value.toPlainString() + ")" : value.toPlainString();
      case Ratio.Written(String text) -> {
        clauses.put(name, text);
        yield name;
      }
      case Ratio.Blocks(List<BigDecimal> values, Optional<BigDecimal> base) -> {
        var list = new StringJoiner(", ", "(", ")");
        values.forEach(value -> list.add(value.toPlainString()));
        clauses.put(name, list.toString());
        base.ifPresent(value -> clauses.put("base_" + name, value.toPlainString()));
        yield name;
      }
    };
  }

  private static String rest(Ratio ratio, String written) {
    return ratio instanceof Ratio.Number(BigDecimal value)
        ? signed(BigDecimal.ONE.subtract(value))
        : "(1 - " + written + ")";
  }

  private static String signed(BigDecimal value) {
    return value.signum() < 0 ? "(" + value.toPlainString() + ")" : value.toPlainString();
  }

  private static List<String> models(Merge merge) {
    return switch (merge) {
      case Merge.WeightSum(String a, String b, Ratio alpha) -> List.of(a, b);
      case Merge.AddDifference(String a, String b, String c, Ratio alpha) -> List.of(a, b, c);
      case Merge.TripleSum(String a, String b, String c, Ratio alpha, Ratio beta) ->
          List.of(a, b, c);
      case Merge.SumTwice(String a, String b, String c, Ratio alpha, Ratio beta) ->
          List.of(a, b, c);
      case Merge.Linear(List<Merge.Term> terms) -> terms.stream().map(Merge.Term::model).toList();
      case Merge.Written(String text, List<String> models, var clauses) -> models;
    };
  }

  /** The script so far, with a {@code model} line for each name that nothing defines. */
  Imported finish() {
    if (verbatim.isPresent()) {
      return new Imported(verbatim.get(), findings, questions);
    }
    StringBuilder script = new StringBuilder();
    heading.forEach(line -> script.append(line).append('\n'));
    List<String> files = used.stream().filter(model -> !defined.contains(model)).toList();
    Map<String, String> near = SimilarNames.remarks(files, defined);
    section(
        script,
        files.stream().map(model -> modelLine(model) + near.getOrDefault(model, "")).toList());
    section(script, blockMap.lines());
    section(script, body);
    section(script, result().map(name -> "save " + spelled(name)).stream().toList());
    if (blockMap.isOpen()) {
      findings.add(Diagnostic.of(new ImportProblem.BlockMapUnsaid()));
    }
    return new Imported(script.toString(), findings, questions);
  }

  /** The hash goes with it; of 12 digits as a comment, because bmr cannot compare those. */
  private String modelLine(String model) {
    String line = "model " + spelled(model) + " = ?";
    String hash = hashes.getOrDefault(model, "");
    return hash.isEmpty()
        ? line
        : hash.length() == 12 ? line + "   # [" + hash + "]" : line + " sha256 \"" + hash + "\"";
  }

  /**
   * What the publication is about, where several definitions are used by nothing: the one that is a
   * heading of its own, or the last.
   */
  private Optional<String> result() {
    List<String> ends = defined.stream().filter(name -> !used.contains(name)).toList();
    if (ends.size() < 2) {
      return Optional.empty();
    }
    Set<String> comments = Set.copyOf(body);
    return ends.reversed().stream()
        .filter(name -> comments.contains(comment("# ", name)))
        .findFirst()
        .or(() -> Optional.of(ends.getLast()));
  }

  private static void section(StringBuilder script, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    if (!script.isEmpty()) {
      script.append('\n');
    }
    int last = lines.size();
    while (last > 0 && lines.get(last - 1).isEmpty()) {
      last--;
    }
    lines.subList(0, last).forEach(line -> script.append(line).append('\n'));
  }

  /** A comment that cannot become anything else: control characters are taken out of it. */
  private static String comment(String mark, String text) {
    return (mark + text.replaceAll("[\\p{Cc}\\u2028\\u2029]", " ")).stripTrailing();
  }

  /** A name without what the language cannot hold. */
  private static String name(String published) {
    return Normalizer.normalize(published.strip(), Normalizer.Form.NFC)
        .replaceAll("[\"\\u201C\\u201D\\u201E\\p{Cc}\\u2028\\u2029]", "'");
  }

  /** A published name as a formula writes it: in quotes unless it is one word. */
  static String spelled(String published) {
    String name = name(published);
    boolean bare =
        BARE.matcher(name).matches()
            && !DIGITS.matcher(name).matches()
            && !STATEMENT_WORDS.contains(name)
            && !name.contains("SMOOTHSTEP");
    return bare ? name : "\"" + name + "\"";
  }
}
