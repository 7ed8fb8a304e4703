package bmr.interchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of an sd-mecha recipe.
 *
 * @param operation the first word: {@code model}, {@code merge}, ...
 * @param arguments what follows without a name in front
 * @param named what follows as {@code name=value}
 */
record MechaLine(String operation, List<Argument> arguments, Map<String, Argument> named) {
  private static final int MOST_ARGUMENTS = 2_000;

  MechaLine {
    arguments = List.copyOf(arguments);
  }

  /** A value as it stands in a line: words without quotes are numbers, references, {@code null}. */
  record Argument(String text, boolean quoted) {}

  /**
   * Splits a line at blanks outside quotes.
   *
   * @param escapes whether a backslash in quotes takes the next character as it is; recipes without
   *     a version line keep backslashes
   * @return nothing where a quote is not closed, a name comes twice or there is too much
   */
  static Optional<MechaLine> of(String line, boolean escapes) {
    int length = line.length();
    int at = 0;
    while (at < length && Character.isLetter(line.charAt(at))) {
      at++;
    }
    String operation = line.substring(0, at);
    List<Argument> arguments = new ArrayList<>();
    Map<String, Argument> named = new LinkedHashMap<>();
    while (at < length) {
      char c = line.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      if (!Character.isWhitespace(line.charAt(at - (at == 0 ? 0 : 1)))
          || arguments.size() + named.size() > MOST_ARGUMENTS) {
        return Optional.empty();
      }
      int start = at;
      while (at < length && isWord(line.charAt(at))) {
        at++;
      }
      String name = "";
      if (at > start && at < length && line.charAt(at) == '=') {
        name = line.substring(start, at);
        at++;
        start = at;
      }
      StringBuilder text = new StringBuilder();
      boolean quoted = start < length && line.charAt(start) == '"';
      if (quoted) {
        at = start + 1;
        while (at < length && line.charAt(at) != '"') {
          if (escapes && line.charAt(at) == '\\') {
            at++;
          }
          if (at < length) {
            text.append(line.charAt(at));
          }
          at++;
        }
        if (at >= length) {
          return Optional.empty();
        }
        at++;
      } else {
        at = start;
        while (at < length && !Character.isWhitespace(line.charAt(at))) {
          text.append(line.charAt(at));
          at++;
        }
        if (text.isEmpty()) {
          return Optional.empty();
        }
      }
      var argument = new Argument(text.toString(), quoted);
      if (name.isEmpty()) {
        arguments.add(argument);
      } else if (named.put(name, argument) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(new MechaLine(operation, arguments, named));
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
