package bmr.model;

import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the description of an architecture; its form is in docs/architectures.md. */
public final class ArchitectureText {
  /** Characters that a description may have. */
  public static final int LONGEST = 1 << 16;

  private static final int LONGEST_NAME = 40;
  private static final int HIGHEST_RANK = 8;
  private static final Pattern RANGE = Pattern.compile("([A-Z]+[0-9]*)\\.\\.([A-Z]+[0-9]*)");
  private static final Pattern CONDITION = Pattern.compile("(\\S+)(?:\\s+\\[([^\\]]*)\\])?");

  private @Nullable String name;
  private @Nullable String kin;
  private @Nullable String modelspec;
  private @Nullable DType type;
  private final List<List<Architecture.Condition>> cases = new ArrayList<>();
  private final List<Architecture.Rule> rules = new ArrayList<>();
  private int line;

  private ArchitectureText() {}

  /** A line that cannot be read. */
  public static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final String reason;

    Fault(int line, String reason) {
      super("line " + line + ": " + reason);
      this.line = line;
      this.reason = reason;
    }

    /** Counted from 1. */
    public int line() {
      return line;
    }

    /** A part of a sentence. */
    public String reason() {
      return reason;
    }
  }

  /**
   * Reads a description.
   *
   * @throws Fault if it is none
   */
  public static Architecture parse(String text) {
    return parse(text, Optional.empty());
  }

  /** The same for one that programs know under a name of its own. */
  static Architecture parse(String text, Optional<String> name) {
    if (text.length() > LONGEST) {
      throw new Fault(1, "the file is too long");
    }
    return new ArchitectureText().read(text.lines().toList(), name);
  }

  private Architecture read(List<String> lines, Optional<String> id) {
    for (String raw : lines) {
      line++;
      String stripped = raw.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        String[] halves = stripped.split("\\s+", 2);
        take(halves[0], halves.length == 1 ? "" : halves[1]);
      }
    }
    closeCase();
    String label = name;
    if (label == null) {
      throw fault("no line says the name of the architecture");
    }
    if (cases.isEmpty()) {
      throw fault("no `when` says how a model of it is known");
    }
    return new Architecture(
        id.orElse(label),
        label,
        Optional.ofNullable(kin),
        Optional.ofNullable(modelspec),
        Optional.ofNullable(type),
        cases,
        rules);
  }

  private void take(String word, String rest) {
    switch (word) {
      case "name" -> name = once(name, printable(rest));
      case "kin" -> kin = once(kin, printable(rest));
      case "modelspec" -> modelspec = once(modelspec, printable(rest));
      case "type" ->
          type =
              once(
                  type,
                  DType.ofTag(rest)
                      .filter(tag -> tag == DType.BF16 || tag == DType.F16)
                      .orElseThrow(() -> fault("a type is `F16` or `BF16`")));
      case "when" -> {
        if (!rest.isEmpty()) {
          throw fault("nothing follows `when` on its line");
        }
        closeCase();
        cases.add(new ArrayList<>());
      }
      case "has" -> condition(rest, true);
      case "lacks" -> condition(rest, false);
      default -> rule(word, rest);
    }
  }

  private void closeCase() {
    if (!cases.isEmpty() && cases.getLast().stream().noneMatch(Architecture.Condition::wanted)) {
      throw fault("a `when` needs a `has`");
    }
  }

  private <T> T once(@Nullable T before, T now) {
    if (before != null) {
      throw fault("this has been said before");
    }
    return now;
  }

  private String printable(String text) {
    boolean good =
        !text.isEmpty()
            && text.length() <= LONGEST_NAME
            && text.chars().allMatch(c -> c >= ' ' && c < 127);
    if (!good) {
      throw fault("a name has 1 to " + LONGEST_NAME + " characters of ASCII");
    }
    return text;
  }

  private void condition(String rest, boolean wanted) {
    if (cases.isEmpty()) {
      throw fault("`has` and `lacks` stand below a `when`");
    }
    Matcher matcher = CONDITION.matcher(rest);
    if (!matcher.matches()) {
      throw fault("a pattern of keys is expected, and perhaps a shape such as `[_, 768]`");
    }
    Optional<List<Long>> shape = Optional.empty();
    if (matcher.group(2) != null) {
      shape = Optional.of(lengths(matcher.group(2)));
    }
    cases.getLast().add(new Architecture.Condition(wanted, glob(matcher.group(1)), shape));
  }

  /** Lengths of a shape, -1 where any will do. */
  private List<Long> lengths(String text) {
    String[] cells = text.isBlank() ? new String[0] : text.split(",", -1);
    if (cells.length > HIGHEST_RANK) {
      throw fault("a shape has at most " + HIGHEST_RANK + " dimensions");
    }
    var lengths = new ArrayList<Long>();
    for (String cell : cells) {
      String length = cell.strip();
      if (!length.equals("_") && !length.matches("[0-9]{1,9}")) {
        throw fault("a shape holds whole numbers and `_`");
      }
      lengths.add(length.equals("_") ? Long.valueOf(-1) : Long.valueOf(length));
    }
    return List.copyOf(lengths);
  }

  private void rule(String word, String rest) {
    Matcher range = RANGE.matcher(word);
    Optional<Block> first = Block.parse(range.matches() ? range.group(1) : word);
    Optional<Block> last = range.matches() ? Block.parse(range.group(2)) : first;
    if (first.isEmpty() || last.isEmpty()) {
      throw fault("no line begins with `" + cut(word) + "`");
    }
    Block low = first.get();
    Block high = last.get();
    if (low.group() != high.group() || low.number() > high.number()) {
      throw fault("a range of blocks goes upwards within one kind: `L00..L31`");
    }
    KeyGlob glob = glob(rest);
    if (range.matches() && rest.indexOf('#') < 0) {
      throw fault("a range of blocks needs a `#` for the number in the key");
    }
    rules.add(new Architecture.Rule(low, high, glob));
  }

  private KeyGlob glob(String text) {
    boolean good =
        !text.isEmpty()
            && text.length() <= KeyGlob.LONGEST
            && text.chars().noneMatch(c -> c <= ' ' || c == 127);
    if (!good) {
      throw fault("a pattern has 1 to " + KeyGlob.LONGEST + " characters and no blank");
    }
    return new KeyGlob(text);
  }

  private static String cut(String word) {
    return word.length() > LONGEST_NAME ? word.substring(0, LONGEST_NAME) + "..." : word;
  }

  private Fault fault(String reason) {
    return new Fault(Math.max(1, line), reason);
  }
}
