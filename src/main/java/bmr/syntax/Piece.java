package bmr.syntax;

import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.util.List;
import java.util.Optional;

/** What one cut of the text gave, before clauses are joined with their definitions. */
sealed interface Piece {
  /** A statement that stands alone. */
  record Whole(Statement statement) implements Piece {}

  /**
   * {@code NAME = e} in any of its forms: a definition, or a clause of one above.
   *
   * @param clauses those behind commas
   * @param form how it was written
   * @param bareList whether the value is a list without brackets
   * @param sumAllowed where {@code allow sum} stands behind it, if it does
   * @param column indentation
   */
  record Equation(
      Name name,
      Expression value,
      List<Statement.Clause> clauses,
      Form form,
      boolean bareList,
      Optional<Span> sumAllowed,
      int column,
      Span span)
      implements Piece {}

  /** {@code allow sum} on a line of its own, for the definition above. */
  record Allowance(int column, Span span) implements Piece {}

  /** The ways to write an equation. */
  enum Form {
    /** {@code NAME = e}. */
    NAME_FIRST,
    /** {@code NAME: e}, which can only be a clause. */
    NAME_COLON,
    /** {@code e = NAME} and arrows, which can only be definitions. */
    NAME_LAST
  }
}
