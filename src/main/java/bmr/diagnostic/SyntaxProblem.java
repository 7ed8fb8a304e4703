package bmr.diagnostic;

/** What the text itself says wrongly. */
public sealed interface SyntaxProblem extends Problem
    permits FormulaProblem, StatementProblem, SlipProblem {}
