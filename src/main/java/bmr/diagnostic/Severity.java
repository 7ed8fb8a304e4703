package bmr.diagnostic;

/** How much a problem matters. */
public enum Severity {
  /** Nothing is read or written while one stands. */
  ERROR,
  /** The run goes on; the result is probably not what was meant. */
  WARNING,
  /** Worth knowing; nothing is wrong. */
  NOTE
}
