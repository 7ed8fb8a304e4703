package bmr;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Damages scripts as people and programs do. */
final class ScriptMutation {
  /** Words, numbers, quoted texts, runs of blanks, line ends; anything else by itself. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"\\r\\n]*\"|[\\p{L}\\p{M}_][\\p{L}\\p{M}\\p{N}_.-]*|[\\d.]+|[ \\t]+|\\R|.");

  private static final String[] PIECES = {
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "−",
    "x",
    "*",
    "×",
    "/",
    "@",
    "|",
    "=",
    "->",
    "=>",
    "→",
    ",",
    ":",
    "~",
    "..",
    "?",
    "?w",
    "\"",
    "“",
    "'",
    "#",
    "//",
    "%",
    "•",
    "0,5",
    "1e9",
    "1e99999999999",
    "99999999999999999999",
    "alpha",
    "alpha = 0.5",
    "with",
    "as",
    "on",
    "else",
    "NOT",
    "save",
    "let",
    "include \"x\"",
    "seed",
    "allow sum",
    "with {OUT00: 1}",
    "\n",
    "\r",
    "\r\n",
    "\n  ",
    "\n    alpha = ",
    "\u0000",
    "\uD83D",
    "\uDE00",
    "\uFEFF",
    "\u200B",
    "\u202E",
    "\u0301",
    "\u2028",
    "x0.5",
    "R",
    "BASE",
    "slerp(",
    "adjust(",
    "random(",
    "lerp(",
    "hf:",
    "[1a2b3c]",
    "A + B",
    "{",
    "$",
    "\\",
    ";",
    "OUT99"
  };

  private ScriptMutation() {}

  static String of(String script, RandomGenerator random) {
    List<String> tokens = new ArrayList<>();
    var matcher = TOKEN.matcher(script);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    int edits = 1 + random.nextInt(5);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(tokens.size() + 1);
      String piece = PIECES[random.nextInt(PIECES.length)];
      if (at == tokens.size()) {
        tokens.add(piece);
        continue;
      }
      int other = random.nextInt(tokens.size());
      switch (random.nextInt(9)) {
        case 0 -> tokens.remove(at);
        case 1 -> tokens.add(at, tokens.get(at));
        case 2 -> tokens.set(at, tokens.set(other, tokens.get(at)));
        case 3 -> tokens.add(at, piece);
        case 4 -> tokens.set(at, piece);
        case 5 -> tokens.add(at, tokens.get(other));
        case 6 -> tokens.set(at, cut(tokens.get(at), random));
        case 7 -> {
          int from = Math.min(at, other);
          int length = Math.min(tokens.size() - from, 1 + random.nextInt(20));
          List<String> run = List.copyOf(tokens.subList(from, from + length));
          if (random.nextBoolean()) {
            tokens.addAll(other, run);
          } else {
            tokens.subList(from, from + length).clear();
          }
        }
        default -> tokens.subList(at, tokens.size()).clear();
      }
    }
    return String.join("", tokens);
  }

  /** A token without one of its characters, or with another one there. */
  private static String cut(String token, RandomGenerator random) {
    if (token.isEmpty()) {
      return token;
    }
    int at = random.nextInt(token.length());
    String other = random.nextBoolean() ? "" : Character.toString((char) random.nextInt(0x3100));
    return token.substring(0, at) + other + token.substring(at + 1);
  }
}
