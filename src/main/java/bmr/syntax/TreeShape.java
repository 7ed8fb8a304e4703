package bmr.syntax;

import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.util.List;

/**
 * Trees without what two spellings of one script may differ in: all places, how a number is written
 * (its digits and whether it is a percentage stay), and the sign of ranges in {@code compare}. Two
 * scripts say the same if the shapes of their statements are equal.
 */
final class TreeShape {
  static final Span NOWHERE = new Span(SourceText.of("", ""), 0, 0);

  private final boolean sparse;

  /**
   * Shapes of trees.
   *
   * @param sparse whether a list with a weight for each block says the same as the map of it
   */
  TreeShape(boolean sparse) {
    this.sparse = sparse;
  }

  /** The shapes of statements. */
  List<Statement> of(List<Statement> statements) {
    return statements.stream().map(this::of).toList();
  }

  /** The shape of one statement. */
  Statement of(Statement statement) {
    return switch (statement) {
      case Statement.Definition d ->
          new Statement.Definition(
              of(d.name()),
              of(d.value()),
              d.clauses().stream()
                  .map(c -> new Statement.Clause(of(c.parameter()), of(c.weight()), NOWHERE))
                  .toList(),
              d.resultOnRight(),
              d.sumAllowed().map(_ -> NOWHERE),
              NOWHERE);
      case Statement.Let let -> new Statement.Let(of(let.name()), of(let.value()), NOWHERE);
      case Statement.ModelsFolder models -> new Statement.ModelsFolder(models.folder(), NOWHERE);
      case Statement.ModelFile m ->
          new Statement.ModelFile(of(m.name()), m.file(), m.license(), m.sha256(), NOWHERE);
      case Statement.Save save ->
          new Statement.Save(
              of(save.model()),
              save.file(),
              save.options().stream().map(this::of).toList(),
              NOWHERE);
      case Statement.Compare c ->
          new Statement.Compare(of(c.left()), of(c.right()), ranges(c.blocks()), NOWHERE);
      case Statement.Expectation e ->
          new Statement.Expectation(
              e.required(),
              of(e.measure()),
              of(e.left()),
              of(e.right()),
              ranges(e.blocks()),
              e.base().map(this::of),
              e.comparison(),
              e.limit(),
              e.percentage(),
              NOWHERE);
      case Statement.BlockMapChoice map ->
          new Statement.BlockMapChoice(map.map(), NOWHERE, NOWHERE);
      case Statement.Precision p -> new Statement.Precision(p.kind(), p.dtype(), NOWHERE);
      case Statement.Seed seed -> new Statement.Seed(seed.value(), NOWHERE);
      case Statement.EmaChoice choice -> new Statement.EmaChoice(choice.keep(), NOWHERE);
      case Statement.Include include -> new Statement.Include(include.file(), NOWHERE, NOWHERE);
    };
  }

  private static List<String> ranges(List<String> blocks) {
    return blocks.stream().map(b -> b.replaceAll("\\.\\.|[-\u2212\u2013]", "~")).toList();
  }

  private Statement.SaveOption of(Statement.SaveOption option) {
    return switch (option) {
      case Statement.SaveOption.AsType type ->
          new Statement.SaveOption.AsType(type.dtype(), NOWHERE);
      case Statement.SaveOption.AsSource _ -> new Statement.SaveOption.AsSource(NOWHERE);
      case Statement.SaveOption.AsDifference _ -> new Statement.SaveOption.AsDifference(NOWHERE);
      case Statement.SaveOption.UnetOnly _ -> new Statement.SaveOption.UnetOnly(NOWHERE);
      case Statement.SaveOption.Shards shards ->
          new Statement.SaveOption.Shards(shards.size(), NOWHERE);
      case Statement.SaveOption.Vae vae ->
          new Statement.SaveOption.Vae(of(vae.value()), vae.dtype(), NOWHERE);
      case Statement.SaveOption.Typed typed ->
          new Statement.SaveOption.Typed(typed.component(), of(typed.dtype()), NOWHERE);
    };
  }

  private Name of(Name name) {
    return new Name(name.text(), name.quoted(), NOWHERE);
  }

  private List<Expression> all(List<Expression> expressions) {
    return expressions.stream().map(this::of).toList();
  }

  /** The shape of one expression. */
  Expression of(Expression expression) {
    return switch (expression) {
      case Expression.Word word -> new Expression.Word(of(word.name()));
      case Expression.Pinned pinned ->
          new Expression.Pinned(of(pinned.name()), pinned.hash(), NOWHERE);
      case Expression.HubFile file -> new Expression.HubFile(file.reference(), NOWHERE);
      case Expression.Number n ->
          new Expression.Number(n.value(), n.written().endsWith("%") ? "%" : "", NOWHERE);
      case Expression.Sum sum ->
          new Expression.Sum(
              sum.terms().stream()
                  .map(t -> new Expression.Term(t.negative(), of(t.operand()), NOWHERE))
                  .toList(),
              NOWHERE);
      case Expression.Product product ->
          new Expression.Product(
              product.factors().stream()
                  .map(f -> new Expression.Factor(f.divided(), of(f.operand()), NOWHERE))
                  .toList(),
              NOWHERE);
      case Expression.Negated negated -> new Expression.Negated(of(negated.operand()), NOWHERE);
      case Expression.Bracket bracket -> new Expression.Bracket(of(bracket.inner()), NOWHERE);
      case Expression.Call call ->
          new Expression.Call(
              of(call.name()),
              call.arguments().stream()
                  .map(a -> new Expression.Argument(a.name().map(this::of), of(a.value()), NOWHERE))
                  .toList(),
              NOWHERE);
      case Expression.Values values -> {
        var shape = new Expression.Values(all(values.values()), NOWHERE);
        yield sparse ? SparseList.of(shape).map(Expression.class::cast).orElse(shape) : shape;
      }
      case Expression.ModelList models -> new Expression.ModelList(all(models.models()), NOWHERE);
      case Expression.WeightMap map -> of(map);
      case Expression.With with ->
          new Expression.With(of(with.weight()), of(with.overrides()), NOWHERE);
      case Expression.At at -> new Expression.At(of(at.operand()), of(at.weight()), NOWHERE);
      case Expression.Fallback f -> new Expression.Fallback(all(f.alternatives()), NOWHERE);
      case Expression.Unknown u ->
          new Expression.Unknown(u.name(), u.low(), u.high(), u.start(), NOWHERE);
      case Expression.Broken _ -> new Expression.Broken(NOWHERE);
    };
  }

  private Expression.WeightMap of(Expression.WeightMap map) {
    return new Expression.WeightMap(
        map.entries().stream()
            .map(e ->
                new Expression.MapEntry(
                    e.selectors().stream()
                        .map(s -> new Expression.Selector(s.first(), s.last(), NOWHERE))
                        .toList(),
                    e.elements(),
                    e.negated(),
                    of(e.weight()),
                    NOWHERE))
            .toList(),
        map.otherwise().map(this::of),
        NOWHERE);
  }
}
