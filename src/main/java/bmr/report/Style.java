package bmr.report;

/** What colours and weights mean; every command uses the same few. */
public enum Style {
  HEADING("1"),
  GOOD("32"),
  WARNING("33"),
  ERROR("1;31"),
  NUMBER("36"),
  FAINT("2");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text between escape sequences of a terminal. */
  public String on(String text) {
    return text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
