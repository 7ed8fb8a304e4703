package bmr.diagnostic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page about one code, from the files {@code pages/BMR00.md} to {@code BMR09.md}.
 *
 * @param title one line
 * @param text paragraphs
 * @param wrong a script, or what was done in words; may be empty
 * @param message what bmr prints for it at 80 columns; may be empty
 * @param right a script without the problem; may be empty
 */
public record Explanation(
    String code, String title, List<String> text, String wrong, String message, String right) {
  private static final int GROUPS = 10;
  private static final Pattern HEADING = Pattern.compile("## (BMR\\d{4}) (.+)");
  private static final Pattern SHORT = Pattern.compile("(?i)(?:BMR)?(\\d{1,4})");

  public Explanation {
    text = List.copyOf(text);
  }

  /** All pages in the order of their codes. */
  public static List<Explanation> all() {
    var pages = new ArrayList<Explanation>();
    for (int group = 0; group < GROUPS; group++) {
      String file = "pages/BMR0" + group + ".md";
      try (InputStream in = Explanation.class.getResourceAsStream(file)) {
        if (in != null) {
          pages.addAll(read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    pages.sort(java.util.Comparator.comparing(Explanation::code));
    return List.copyOf(pages);
  }

  /** A code as people type it ({@code bmr0102}, {@code 102}), in full. */
  public static Optional<String> code(String typed) {
    Matcher matcher = SHORT.matcher(typed.strip());
    return matcher.matches()
        ? Optional.of("BMR" + "0".repeat(4 - matcher.group(1).length()) + matcher.group(1))
        : Optional.empty();
  }

  /** The pages of one file. */
  static List<Explanation> read(String file) {
    var pages = new ArrayList<Explanation>();
    for (String part : file.replace("\r\n", "\n").split("(?m)^(?=## )", -1)) {
      Matcher heading = HEADING.matcher(part.lines().findFirst().orElse(""));
      if (heading.matches()) {
        pages.add(page(heading.group(1), heading.group(2), part.lines().skip(1).toList()));
      }
    }
    return pages;
  }

  private static Explanation page(String code, String title, List<String> lines) {
    var text = new ArrayList<String>();
    var blocks = new java.util.HashMap<String, String>();
    var paragraph = new StringBuilder();
    var block = new StringBuilder();
    String fence = "";
    for (String line : lines) {
      if (line.startsWith("```")) {
        if (fence.isEmpty()) {
          fence = line.substring(3);
          block.setLength(0);
        } else {
          blocks.put(fence, block.toString());
          fence = "";
        }
      } else if (!fence.isEmpty()) {
        block.append(line).append('\n');
      } else if (line.isBlank()) {
        flush(paragraph, text);
      } else {
        paragraph.append(paragraph.isEmpty() ? "" : " ").append(line.strip());
      }
    }
    flush(paragraph, text);
    return new Explanation(
        code,
        title,
        text,
        blocks.getOrDefault("bmr-error", ""),
        blocks.getOrDefault("text", ""),
        blocks.getOrDefault("bmr", ""));
  }

  private static void flush(StringBuilder paragraph, List<String> text) {
    if (!paragraph.isEmpty()) {
      text.add(paragraph.toString());
      paragraph.setLength(0);
    }
  }
}
