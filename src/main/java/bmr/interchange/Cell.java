package bmr.interchange;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cell of a table says, without decoration.
 *
 * @param text the words
 * @param hash a hash in brackets behind them, as web UIs print it
 */
record Cell(String text, Optional<String> hash) {
  private static final int LONGEST = 20_000;
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]]{1,300})\\](?:\\([^()\\s]{0,2000}\\)|\\[[^\\[\\]]{0,80}\\])");
  private static final Pattern FOOTNOTE = Pattern.compile("\\[\\^[^\\[\\]]{1,40}\\]");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]{0,300}>");
  private static final Pattern HASH =
      Pattern.compile(
          "\\[\\s*([0-9a-fA-F]{8}|[0-9a-fA-F]{10}|[0-9a-fA-F]{12}|[0-9a-fA-F]{64})?\\s*\\]$");
  private static final Pattern NOTHING =
      Pattern.compile(
          "(?i)\\(?(?:|n/?a\\.?|none|null|nil|empty|not"
              + " used|unused|[-\u2013\u2014\u2015/.]+|\u306a\u3057)\\)?");
  private static final Pattern EXTENSION =
      Pattern.compile("(?i)\\.(?:ckpt|safetensors?|pth?|bin)$");

  /** Reads a cell of Markdown or of a spreadsheet. */
  static Cell of(String raw) {
    String text = raw.length() > LONGEST ? raw.substring(0, LONGEST) : raw;
    text = TAG.matcher(text).replaceAll(" ");
    text = FOOTNOTE.matcher(text).replaceAll("");
    text = LINK.matcher(text).replaceAll("$1");
    text =
        text.replace("&nbsp;", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#124;", "|")
            .replace("&quot;", "'")
            .replace("&amp;", "&")
            .replace("`", "")
            .replaceAll("\\\\([\\\\_*|\\[\\]()#+.!~-])", "$1")
            .replaceAll("[\\s\\u00a0]+", " ")
            .strip();
    text = withoutEmphasis(text);
    Matcher matcher = HASH.matcher(text);
    Optional<String> hash = Optional.empty();
    if (matcher.find() && matcher.start() > 0) {
      hash = Optional.ofNullable(matcher.group(1));
      text = withoutEmphasis(text.substring(0, matcher.start()).strip());
    }
    return new Cell(text, hash);
  }

  /** Whether it says that there is nothing: empty, a dash, {@code n/a}. */
  boolean isEmpty() {
    return NOTHING.matcher(text).matches();
  }

  /** The cell as a model's name: no folder, no extension. */
  String name() {
    return nameOf(text);
  }

  /** A published name without quotes, folder and extension. */
  static String nameOf(String published) {
    String name = published.strip().replaceAll("^[\"']+|[\"']+$", "").strip();
    Matcher extension = EXTENSION.matcher(name);
    if (extension.find() && extension.start() > 0) {
      name = name.substring(0, extension.start());
      int folder = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
      name = name.substring(folder + 1).strip();
    } else if (name.matches("[A-Za-z]:[\\\\/].*|[/\\\\].*")) {
      name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).strip();
    }
    return name;
  }

  private static String withoutEmphasis(String text) {
    String inside = text;
    for (String mark : new String[] {"***", "**", "*", "___", "__", "_", "~~"}) {
      int width = mark.length();
      if (inside.length() > 2 * width && inside.startsWith(mark) && inside.endsWith(mark)) {
        inside = inside.substring(width, inside.length() - width).strip();
      }
    }
    return inside.replace("**", "");
  }
}
