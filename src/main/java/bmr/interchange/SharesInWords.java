package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads sums whose weights are shares: {@code A (50%) + B (30%) + C (20%)}, {@code 50% A, 30% B and
 * 20% C}, {@code 70/30 A and B}, {@code A 0.5 + B 0.5}. They are taken for that only where all of
 * them together make the whole.
 */
final class SharesInWords {
  private static final int LONGEST = 600;
  private static final String NUMBER = "[0-9]{1,3}(?:\\.[0-9]{1,6})?|\\.[0-9]{1,6}";
  private static final Pattern BEHIND =
      Pattern.compile(
          "(\\S.{0,80}?)\\s*[(\\[:@]?\\s*(?<![\\w.])(" + NUMBER + ")\\s?(%?)\\s*[)\\]]?");
  private static final Pattern FRONT =
      Pattern.compile("(" + NUMBER + ")\\s?(%)\\s*(?:of )?(?:the )?(\\S.{0,80})");
  private static final Pattern SEPARATOR = Pattern.compile("\\s*(?:[+,;&]|\\band\\b)\\s*");
  private static final Pattern PREFIX =
      Pattern.compile("^[^%+]{0,80}?\\b(?:is|are|was|of|with|from|:|=)\\s+(?=[0-9.]{1,6}\\s?%)");
  private static final Pattern RATIO =
      Pattern.compile(
          "(?:.{0,60}?\\b(?:is|was|are|did)?\\s*(?:a|an|the|at)\\s)?([0-9]{1,2})\\s?[/:]\\s?([0-9]{1,2})\\s+(?:(?:weighted"
              + " )?(?:merge|mix|blend|sum)(?: of| between)?\\s+)?(\\S.{0,80}?)"
              + "\\s+(?:and|with|to|&|\\+)\\s+(\\S.{0,80}?)(?:[.!](?:\\s.*)?)?");
  private static final Pattern RATIO_BEHIND =
      Pattern.compile(
          "(\\S.{0,80}?)\\s+(?:and|with|&|\\+)\\s+(\\S.{0,80}?)[\\s,]*[(@,:]?\\s*"
              + "([0-9]{1,2})\\s?[/:]\\s?([0-9]{1,2})\\)?");

  private SharesInWords() {}

  /** A model and its share. */
  private record Share(String model, BigDecimal weight) {}

  /** The sum as a formula of SuperMerger's. */
  static Optional<String> formula(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    return ratio(text)
        .or(() -> shares(text))
        .filter(SharesInWords::isWhole)
        .map(shares -> {
          List<String> terms = new ArrayList<>();
          for (Share share : shares) {
            terms.add(share.model() + " x " + share.weight().toPlainString());
          }
          return String.join(" + ", terms);
        });
  }

  private static Optional<List<Share>> ratio(String text) {
    Matcher front = RATIO.matcher(text);
    if (front.matches()) {
      return Optional.of(
          List.of(
              percent(front.group(3), front.group(1)), percent(front.group(4), front.group(2))));
    }
    Matcher behind = RATIO_BEHIND.matcher(text);
    return behind.matches()
        ? Optional.of(
            List.of(
                percent(behind.group(1), behind.group(3)),
                percent(behind.group(2), behind.group(4))))
        : Optional.empty();
  }

  private static Share percent(String model, String number) {
    return new Share(model.strip(), new BigDecimal(number).movePointLeft(2).stripTrailingZeros());
  }

  private static Optional<List<Share>> shares(String text) {
    String list = PREFIX.matcher(text).replaceFirst("").replaceFirst("[.!]$", "");
    List<Share> shares = new ArrayList<>();
    int start = 0;
    Matcher separator = SEPARATOR.matcher(list);
    while (start <= list.length()) {
      boolean more = separator.find(Math.min(start, list.length()));
      String part = list.substring(start, more ? separator.start() : list.length()).strip();
      start = more ? separator.end() : list.length() + 1;
      if (part.isEmpty() && more) {
        continue; // `, and`
      }
      Matcher front = FRONT.matcher(part);
      Matcher behind = BEHIND.matcher(part);
      if (front.matches()) {
        shares.add(percent(front.group(3), front.group(1)));
      } else if (behind.matches() && isName(behind.group(1))) {
        BigDecimal number = new BigDecimal(behind.group(2));
        shares.add(
            new Share(
                behind.group(1).strip(),
                behind.group(3).isEmpty() ? number : number.movePointLeft(2).stripTrailingZeros()));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(shares);
  }

  private static boolean isName(String text) {
    return !text.matches(".*(?:\\s[xX×*]|[*×(=]|@)\\s*$") && text.indexOf('×') < 0;
  }

  private static boolean isWhole(List<Share> shares) {
    return shares.size() > 1
        && shares.stream().noneMatch(share -> share.model().isEmpty())
        && shares.stream()
                .map(Share::weight)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .compareTo(BigDecimal.ONE)
            == 0;
  }
}
