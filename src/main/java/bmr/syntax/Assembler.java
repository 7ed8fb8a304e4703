package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.StatementProblem;
import bmr.diagnostic.Suggestions;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins clauses on lines of their own with the definition above that they belong to. */
final class Assembler {
  /** How many weights of a definition are compared with a misspelt one. */
  private static final int SUGGESTED = 64;

  private final List<Diagnostic> problems;
  private final List<Entry> entries = new ArrayList<>();

  /** Definitions a clause may belong to: the last one, and those above it with less indentation. */
  private final List<Open> open = new ArrayList<>();

  Assembler(List<Diagnostic> problems) {
    this.problems = problems;
  }

  private sealed interface Entry {}

  private record Done(Statement statement) implements Entry {}

  private static final class Open implements Entry {
    final Piece.Equation equation;
    final List<Statement.Clause> clauses;
    private final Set<String> bound = new HashSet<>();
    private @Nullable WeightWords words;
    private Optional<Span> sumAllowed;

    Open(Piece.Equation equation) {
      this.equation = equation;
      clauses = new ArrayList<>(equation.clauses());
      sumAllowed = equation.sumAllowed();
      clauses.forEach(clause -> bound.add(clause.parameter().text()));
    }

    WeightWords words() {
      WeightWords known = words;
      if (known == null) {
        known = new WeightWords(equation.value());
        for (var clause : clauses) {
          known.addWordsOf(clause.weight());
        }
        words = known;
      }
      return known;
    }

    /** Nothing can follow: its words, a map for every line of a long script, are let go. */
    void forget() {
      words = null;
    }

    void add(Statement.Clause clause) {
      words().addWordsOf(clause.weight());
      clauses.add(clause);
      bound.add(clause.parameter().text());
    }

    boolean binds(String parameter) {
      return bound.contains(parameter) || words().role(parameter) == WeightWords.Role.BOUND;
    }

    Statement statement() {
      Span span = equation.span();
      for (var clause : clauses) {
        span = span.to(clause.span());
      }
      if (sumAllowed.isPresent()) {
        span = span.to(sumAllowed.get());
      }
      boolean right = equation.form() == Piece.Form.NAME_LAST;
      return new Statement.Definition(
          equation.name(), equation.value(), clauses, right, sumAllowed, span);
    }
  }

  void add(Piece piece) {
    switch (piece) {
      case Piece.Whole whole -> {
        open.forEach(Open::forget);
        open.clear();
        entries.add(new Done(whole.statement()));
      }
      case Piece.Equation equation -> addEquation(equation);
      case Piece.Allowance allowance -> allow(allowance);
    }
  }

  List<Statement> statements() {
    List<Statement> statements = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      statements.add(
          switch (entry) {
            case Done done -> done.statement();
            case Open definition -> definition.statement();
          });
    }
    return statements;
  }

  /** To the definition above that is indented less, or to the last one. */
  private void allow(Piece.Allowance allowance) {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (open.get(i).equation.column() < allowance.column() || i == 0) {
        open.get(i).sumAllowed = Optional.of(allowance.span());
        return;
      }
    }
    problems.add(Diagnostic.at(allowance.span(), new StatementProblem.AllowsNothing()));
  }

  private void addEquation(Piece.Equation equation) {
    Optional<Open> owner = owner(equation);
    if (owner.isPresent()) {
      attach(equation, owner.get());
      return;
    }
    boolean weight = WeightWords.isWordless(equation.value());
    if (equation.form() == Piece.Form.NAME_COLON
        || equation.form() == Piece.Form.NAME_FIRST && weight) {
      refuseWeight(equation);
    } else if (equation.bareList()) {
      refuseList(equation);
    } else {
      define(equation);
    }
  }

  private void define(Piece.Equation equation) {
    var definition = new Open(equation);
    entries.add(definition);
    while (!open.isEmpty() && open.getLast().equation.column() >= equation.column()) {
      open.removeLast().forget();
    }
    open.add(definition);
  }

  private void defineBroken(Piece.Equation equation) {
    define(
        new Piece.Equation(
            equation.name(),
            new Expression.Broken(equation.value().span()),
            equation.clauses(),
            equation.form(),
            false,
            equation.sumAllowed(),
            equation.column(),
            equation.span()));
  }

  // ---- to which definition ----

  private Optional<Open> owner(Piece.Equation equation) {
    if (equation.form() == Piece.Form.NAME_LAST) {
      return Optional.empty();
    }
    for (int i = open.size() - 1; i >= 0; i--) {
      Open definition = open.get(i);
      boolean indented = equation.column() > definition.equation.column();
      boolean reachable = i == open.size() - 1 || indented;
      if (reachable && isClause(equation, definition, indented)) {
        return Optional.of(definition);
      }
    }
    return Optional.empty();
  }

  private static boolean isClause(Piece.Equation equation, Open definition, boolean indented) {
    String name = equation.name().text();
    boolean wordless = WeightWords.isWordless(equation.value());
    if (definition.equation.value() instanceof Expression.Broken) {
      return indented && (wordless || equation.form() == Piece.Form.NAME_COLON);
    }
    if (definition.binds(name)) {
      return wordless;
    }
    return switch (definition.words().role(name)) {
      case NONE -> false;
      case POSSIBLE, BOUND -> wordless;
      case WEIGHT -> indented || !isSumOfWords(equation.value());
    };
  }

  /** Such a value, without indentation, is a formula over models rather than a weight. */
  private static boolean isSumOfWords(Expression value) {
    return value instanceof Expression.Sum sum
        && sum.terms().stream().filter(t -> !WeightWords.isWordless(t.operand())).count() > 1;
  }

  private void attach(Piece.Equation equation, Open definition) {
    String name = equation.name().text();
    String owner = definition.equation.name().text();
    boolean broken = definition.equation.value() instanceof Expression.Broken;
    if (!broken && definition.binds(name)) {
      problems.add(
          Diagnostic.at(
              equation.name().span(), new StatementProblem.WeightGivenTwice(name, owner)));
      return;
    }
    if (!broken && equation.column() <= definition.equation.column()) {
      problems.add(
          Diagnostic.at(
              equation.name().span(), new StatementProblem.UnindentedWeight(name, owner)));
    }
    definition.add(clause(equation.name(), equation.value()));
    equation.clauses().forEach(definition::add);
    definition.sumAllowed = definition.sumAllowed.or(equation::sumAllowed);
  }

  private static Statement.Clause clause(Name name, Expression weight) {
    return new Statement.Clause(name, weight, name.span().to(weight.span()));
  }

  // ---- what belongs nowhere ----

  private void refuseWeight(Piece.Equation equation) {
    Name name = equation.name();
    Optional<String> meant = Optional.empty();
    Optional<String> owner = Optional.empty();
    if (!open.isEmpty()) {
      Open above = open.getLast();
      owner = Optional.of(above.equation.name().text());
      var free =
          above.words().open().stream().filter(w -> !above.binds(w)).limit(SUGGESTED).toList();
      meant = Suggestions.closest(name.text(), free);
      meant.ifPresent(
          word -> above.add(clause(new Name(word, false, name.span()), equation.value())));
    }
    problems.add(
        Diagnostic.at(name.span(), new StatementProblem.NoSuchWeight(name.text(), meant, owner)));
    if (meant.isEmpty() && equation.form() == Piece.Form.NAME_FIRST) {
      defineBroken(equation);
    }
  }

  private void refuseList(Piece.Equation equation) {
    var comma = DecimalCommas.find(equation.value().span());
    if (comma.isPresent()) {
      problems.add(Diagnostic.at(comma.get(), new FormulaProblem.DecimalComma(comma.get().text())));
    } else {
      problems.add(Diagnostic.at(equation.value().span(), new StatementProblem.BareList()));
    }
    defineBroken(equation);
  }
}
