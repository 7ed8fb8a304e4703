package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one published formula. Names may hold blanks; a minus has blanks around it. */
final class NotationReader {
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d{1,9}(?:\\.\\d{0,30})?|\\.\\d{1,30})(?:[eE]-?\\d{1,2})?%?");
  private static final Pattern SYMBOL =
      Pattern.compile(
          "(?i)(?:\\\\?(?:alpha|beta)|α|β)(_\\d{1,2})?(?![\\w.])(?!-(?!(?i:alpha|beta)\\b)\\w)");
  private static final Pattern TIMES =
      Pattern.compile("[xX](?=\\s*(?:[\\d.]|\\(|(?i:\\\\?alpha|\\\\?beta)(?:\\b|_)|α|β))|x(?=\\s)");
  private static final Pattern HASH = Pattern.compile("\\[[0-9a-fA-F]{6,64}\\]");
  private static final Pattern EXTENSION =
      Pattern.compile("(?i)\\.(?:safetensors?|ckpt|pth?|bin)$");
  private static final int DEEPEST = 40;
  private static final int LONGEST_NAME = 120;

  private final String text;
  private final Set<String> known;
  private final boolean split;
  private int at;

  private NotationReader(String text, Set<String> known, boolean split) {
    this.text = text;
    this.known = known;
    this.split = split;
  }

  /**
   * A formula, or nothing where the text is none.
   *
   * @param known names that may hold operators
   * @param split whether hyphens without blanks are minus signs where a bracket holds no other
   */
  static Optional<Notation> read(String text, Set<String> known, boolean split) {
    var reader = new NotationReader(text, known, split);
    Notation tree = reader.sum(0);
    reader.blanks();
    return tree != null && reader.at == text.length() && Notation.valid(tree)
        ? Optional.of(tree)
        : Optional.empty();
  }

  /** A published name without extension, hash and quotes. */
  static String name(String published) {
    String name = HASH.matcher(published).replaceAll("").strip();
    name = EXTENSION.matcher(name).replaceFirst("");
    boolean quoted =
        name.length() > 2
            && (name.startsWith("\"") && name.endsWith("\"")
                || name.startsWith("'") && name.endsWith("'"));
    return quoted ? EXTENSION.matcher(name.substring(1, name.length() - 1)).replaceFirst("") : name;
  }

  /** A number, in percent perhaps. */
  static BigDecimal number(String published) {
    return published.endsWith("%")
        ? new BigDecimal(published.substring(0, published.length() - 1))
            .movePointLeft(2)
            .stripTrailingZeros()
        : new BigDecimal(published);
  }

  private @Nullable Notation sum(int depth) {
    List<Notation> terms = new ArrayList<>();
    List<Boolean> minus = new ArrayList<>();
    blanks();
    boolean negative = take('-');
    while (true) {
      Notation term = product(depth);
      if (term == null) {
        return null;
      }
      terms.add(term);
      minus.add(negative);
      blanks();
      if (take('+')) {
        negative = false;
      } else if (take('-') || take('–')) {
        negative = true;
      } else {
        return terms.size() == 1 && !minus.getFirst()
            ? terms.getFirst()
            : new Notation.Sum(List.copyOf(terms), List.copyOf(minus));
      }
    }
  }

  private @Nullable Notation product(int depth) {
    Notation left = factor(depth);
    while (left != null) {
      blanks();
      boolean sign = take('*') || take('×') || take('·');
      Matcher times = TIMES.matcher(text).region(at, text.length());
      times.useTransparentBounds(true);
      if (!sign && times.lookingAt()) {
        at = times.end();
        sign = true;
      }
      blanks();
      boolean beside =
          at < text.length()
              && (text.charAt(at) == '('
                  || !Notation.isWeight(left) && Character.isDigit(text.charAt(at))
                  || left instanceof Notation.Num && nameBegins());
      if (!sign && !beside) {
        return left;
      }
      Notation right = factor(depth);
      if (right == null) {
        return null;
      }
      left = new Notation.Product(left, right);
    }
    return null;
  }

  private boolean nameBegins() {
    return Character.isLetter(text.charAt(at)) && text.charAt(at - 1) == ' ';
  }

  private @Nullable Notation factor(int depth) {
    blanks();
    if (depth > DEEPEST || at >= text.length()) {
      return null;
    }
    if (take('(')) {
      int close = closing(at);
      String inside = text.substring(at, close);
      int hyphen =
          split && inside.matches("[^()+*×]*") && !inside.contains(" - ") ? hyphen(inside) : -1;
      Notation tree;
      if (hyphen > 0) {
        tree =
            new Notation.Sum(
                List.of(
                    new Notation.Model(name(inside.substring(0, hyphen))),
                    new Notation.Model(name(inside.substring(hyphen + 1)))),
                List.of(false, true));
        at = close;
      } else {
        tree = sum(depth + 1);
        blanks();
      }
      if (tree == null || at < text.length() && !take(')')) {
        return null;
      }
      return tree;
    }
    Matcher symbol = SYMBOL.matcher(text).region(at, text.length());
    if (symbol.lookingAt()) {
      at = symbol.end();
      String number = symbol.group(1) == null ? "" : symbol.group(1);
      return new Notation.Symbol(
          (symbol.group().contains("b")
                      || symbol.group().contains("β")
                      || symbol.group().contains("B")
                  ? "beta"
                  : "alpha")
              + number);
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt() && numberEnds(number.end())) {
      at = number.end();
      return new Notation.Num(number(number.group()));
    }
    return model();
  }

  /** Where a bracket's only hyphen stands, or the one with a known name beside it. */
  private int hyphen(String inside) {
    int only = inside.indexOf('-');
    for (int i = only; i >= 0; i = inside.indexOf('-', i + 1)) {
      if (known.contains(name(inside.substring(0, i)))
          || known.contains(name(inside.substring(i + 1)))) {
        return i;
      }
    }
    return only == inside.lastIndexOf('-') && only < inside.length() - 1 ? only : -1;
  }

  private int closing(int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    return text.length();
  }

  private boolean numberEnds(int end) {
    if (end == text.length()) {
      return true;
    }
    char next = text.charAt(end);
    return " ()+*×·xX,".indexOf(next) >= 0
        || next == '-' && SYMBOL.matcher(text).region(end + 1, text.length()).lookingAt();
  }

  private @Nullable Notation model() {
    int start = at;
    while (at < text.length() && at - start <= LONGEST_NAME && !nameEnds(start)) {
      at++;
    }
    String name = name(text.substring(start, at));
    return name.isEmpty() || name.length() > LONGEST_NAME || name.split(" ").length > 7
        ? null
        : new Notation.Model(name);
  }

  private boolean nameEnds(int start) {
    char c = text.charAt(at);
    if (")*×·=@|,;:{}".indexOf(c) >= 0) {
      return true;
    }
    if (c == '+') {
      return known.stream()
          .noneMatch(name ->
              name.indexOf('+') >= 0 && text.startsWith(name, start) && at < start + name.length());
    }
    if (c == '(') {
      String inside = text.substring(at + 1, closing(at + 1)).strip();
      if (NUMBER.matcher(inside).matches()
          || inside.contains(" + ")
          || inside.contains(" - ")
          || at == start) {
        return true;
      }
      at = Math.min(closing(at + 1), text.length() - 1);
      return false;
    }
    if (c != ' ') {
      return false;
    }
    int next = at;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    if (next == text.length() || "-–".indexOf(text.charAt(next)) >= 0) {
      return true;
    }
    Matcher times = TIMES.matcher(text).region(next, text.length());
    times.useTransparentBounds(true);
    return times.lookingAt();
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
