package bmr;

import java.util.List;
import java.util.random.RandomGenerator;

/** The many ways to write the same: signs, blanks, quotes, numbers, comments. */
final class RandomSpelling {
  private static final List<String> COMMENTS =
      List.of(
          "# a remark",
          "// a remark",
          "#",
          "# alpha = 0.5",
          "# “quoted” 😀 ごちゃまぜ é",
          "#no blank",
          "## twice # and again",
          "//",
          "# ~~~~ | = ( ) {",
          "# -> A");

  private final RandomGenerator random;

  RandomSpelling(RandomGenerator random) {
    this.random = random;
  }

  RandomGenerator random() {
    return random;
  }

  /** True once in {@code times}. */
  boolean chance(int times) {
    return random.nextInt(times) == 0;
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A name as a script writes it: bare where it can be. */
  String name(String name) {
    boolean bare =
        name.matches("[\\p{L}\\p{M}_][\\p{L}\\p{M}\\p{N}_]*([.-][\\p{L}\\p{M}\\p{N}_]+)*");
    return bare && !chance(8) ? name : quoted(name);
  }

  String quoted(String text) {
    return chance(6) ? "“" + text + "”" : "\"" + text + "\"";
  }

  /** A blank or none, in the spellings of other scripts. */
  String gap() {
    return chance(12) ? pick("", "  ", "\t", "\u3000", "\u00A0") : " ";
  }

  /** At least one blank. */
  String blank() {
    return chance(20) ? pick("  ", "\t", "   ", "\u00A0") : " ";
  }

  String plus() {
    return chance(15)
        ? pick("\n    + ", " +\n    ", " + # so far\n  ", "\n  # so far\n  + ")
        : gap() + "+" + gap();
  }

  String minus() {
    return chance(20)
        ? pick("\n    - ", " -\n    ")
        : blank() + pick("-", "-", "-", "−", "–") + blank();
  }

  String times() {
    return blank() + pick("x", "x", "x", "x", "X", "*", "×", "·", "⋅") + blank();
  }

  String comma() {
    return chance(20) ? pick(" , ", ",  ", ",\n      ", ", # next\n      ") : pick(",", ", ");
  }

  /** {@code =}, perhaps with the rest of the statement on the next line. */
  String equals() {
    return chance(25) ? pick(" =\n    ", "\n    = ") : pick(" = ", " = ", "=", "  =  ", " =");
  }

  String arrow() {
    return pick(" -> ", " => ", " → ", " ⇒ ", "->", "\n    -> ", " ->\n    ");
  }

  String colon() {
    return pick(": ", ":", " : ");
  }

  String comment() {
    return pick(COMMENTS);
  }

  /** What stands behind a statement in its line. */
  String end() {
    return chance(6) ? pick(" ", "  ", "\t") + comment() : chance(15) ? pick(" ", "  ", "\t") : "";
  }

  String indent() {
    return pick("    ", "    ", "  ", "\t", "        ", "    • ", "  ◦ ", "    * ", "  - ");
  }

  /** A number of hundredths. */
  String hundredths(int value) {
    String sign = value < 0 ? "-" : "";
    int size = Math.abs(value);
    if (chance(5)) {
      return sign + size + pick("%", "%", " %");
    }
    if (chance(20)) {
      return sign + size + "e-2";
    }
    if (size == 0 || size == 100) {
      return sign + pick(size / 100 + "", size / 100 + ".0", size / 100 + ".");
    }
    String digits = "%d.%02d".formatted(size / 100, size % 100);
    digits = size % 10 == 0 && chance(2) ? digits.substring(0, digits.length() - 1) : digits;
    return sign + (size < 100 && chance(8) ? digits.substring(1) : digits);
  }
}
