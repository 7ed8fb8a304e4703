package bmr.interchange;

import bmr.model.Presets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of a post taken apart: the weights that it names, its method, and what is left, which
 * may be a formula.
 */
final class PostLine {
  static final String NUMBER = "-?(?:\\d{1,9}(?:\\.\\d{0,30})?|\\.\\d{1,30})%?";
  private static final char FIRST_LIST = '\uE000';
  private static final int MOST_LISTS = 2;
  private static final String RANDOM = "[RUXD]";
  private static final Pattern LIST =
      Pattern.compile(
          "[(\\[]?\\s*+((?:"
              + NUMBER
              + "|"
              + RANDOM
              + ")(?:\\s*+,\\s*+(?:"
              + NUMBER
              + "|"
              + RANDOM
              + ")){9,200}+)\\s*+(?:,(?=\\s*[)\\]]|\\s*$))?+[)\\]]?+");
  private static final String PRESET =
      Presets.names().stream()
          .sorted(Comparator.comparingInt(String::length).reversed())
          .map(Pattern::quote)
          .collect(Collectors.joining("|"));
  private static final Pattern CLAUSE =
      Pattern.compile(
          "(?i)[(_,]?\\s*\\b(base[_ ]?alpha|alpha[_ ]?base|base[_ ]?beta|alpha|beta|weights?(?:[_"
              + " ]values)?|multiplier(?: ?\\(m\\))?|mbw(?: alpha|"
              + " preset)?|preset)\\s*[:=]?\\s*[:=]?\\s*([\uE000\uE001]|"
              + PRESET
              + "|"
              + NUMBER
              + ")(?![\\w*/-])");
  private static final Pattern METHOD =
      Pattern.compile(
          "(?i)[,(]?\\s*\\b(weight(?:ed)?[ -]?sum|WS|sum merge|mixed sum|add[ -]?diff(?:erence)?|AD"
              + "|difference)\\b(?:\\s*[@,:=])?\\s*("
              + NUMBER
              + ")?\\)?[,:]?");
  private static final Pattern RESULT_BEHIND =
      Pattern.compile("\\s*[)\\]]?\\s*(?:->|=>|→|⇒|--|=)\\s");
  private static final Pattern NAMED_BEHIND =
      Pattern.compile("^[\uE000\uE001)\\]_,\\s]*((?:->|=>|→|⇒| -- |=)\\s*[^\\s,=][^,=]{0,120})$");

  private static final Pattern TWO_LISTS = Pattern.compile("beta\\s*\uE000[\\s_,]*\uE001");

  final Map<String, Ratio> weights = new LinkedHashMap<>();
  @Nullable BigDecimal base;
  @Nullable String method;
  @Nullable BigDecimal share;
  final boolean hasList;
  final String rest;

  PostLine(String line) {
    List<Ratio> lists = new ArrayList<>();
    String text =
        LIST.matcher(line)
            .replaceAll(found -> {
              if (lists.size() == MOST_LISTS) {
                return Matcher.quoteReplacement(found.group());
              }
              lists.add(ratio(found.group(1)));
              return " " + (char) (FIRST_LIST + lists.size() - 1) + " ";
            });
    hasList = !lists.isEmpty();
    Matcher both = TWO_LISTS.matcher(text);
    if (both.find()) {
      weights.put("alpha", lists.get(0));
      weights.put("beta", lists.get(1));
      text = text.substring(0, both.start()) + "beta " + text.substring(both.end());
    }
    text = CLAUSE.matcher(text).replaceAll(found -> clause(found, lists));
    for (int i = 0; i < lists.size(); i++) {
      if (text.indexOf(FIRST_LIST + i) >= 0) {
        weights.putIfAbsent(i == 0 ? "alpha" : "beta", lists.get(i));
      }
    }
    rest =
        balanced(withoutMethod(withoutLists(text))).strip().replaceFirst("[,(]\\s*$", "").strip();
  }

  /** Whether a line holds a list of block weights. */
  static boolean isList(String line) {
    return LIST.matcher(line).find();
  }

  private static Ratio ratio(String list) {
    String[] parts = list.split(",", 0);
    List<BigDecimal> values = new ArrayList<>();
    boolean random = false;
    for (String part : parts) {
      if (part.strip().matches(RANDOM)) {
        random = true;
      } else {
        values.add(NotationReader.number(part.strip()));
      }
    }
    return random
        ? new Ratio.Written("(" + list.replaceAll("\\s*,\\s*", ", ").strip() + ")")
        : new Ratio.Blocks(values, Optional.empty());
  }

  /** Takes a weight out of the text; what stays is what the formula needs. */
  private String clause(java.util.regex.MatchResult found, List<Ratio> lists) {
    String key = found.group(1).toLowerCase(Locale.ROOT);
    String value = found.group(2);
    Ratio ratio =
        value.charAt(0) >= FIRST_LIST
            ? lists.get(value.charAt(0) - FIRST_LIST)
            : Decimals.number(value).<Ratio>map(Ratio.Number::new).orElse(new Ratio.Written(value));
    boolean first = found.start() <= 2;
    if (key.contains("base") && ratio instanceof Ratio.Number(BigDecimal number)) {
      base = number;
      return "";
    }
    String parameter = key.equals("beta") ? "beta" : "alpha";
    weights.putIfAbsent(parameter, ratio);
    boolean inline = !first && value.charAt(0) >= FIRST_LIST && key.equals(parameter);
    boolean glued = found.group().stripLeading().startsWith(found.group(1));
    return inline && glued
        ? found.group().substring(0, found.group().indexOf(found.group(1)))
            + parameter
            + " "
            + value
        : "";
  }

  /** Without a closing bracket that nothing opens: it belonged to a weight. */
  private static String balanced(String text) {
    int open = 0;
    for (int i = 0; i < text.length(); i++) {
      open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (open < 0) {
        return text.substring(0, i) + text.substring(i + 1);
      }
    }
    return text;
  }

  /** The text without placeholders of lists; a result behind them stays. */
  private static String withoutLists(String text) {
    int cut = text.indexOf(FIRST_LIST);
    int second = text.indexOf(FIRST_LIST + 1);
    cut = cut < 0 ? second : second < 0 ? cut : Math.min(cut, second);
    if (cut < 0) {
      return text;
    }
    Matcher behind = NAMED_BEHIND.matcher(text.substring(cut));
    String front = text.substring(0, cut).strip();
    return behind.find() && front.indexOf('=') < 0 ? front + " " + behind.group(1) : front;
  }

  private String withoutMethod(String text) {
    Matcher found = METHOD.matcher(text);
    if (!found.find()
        || found.start() != 0
            && found.end() != text.strip().length()
            && !RESULT_BEHIND.matcher(text).region(found.end(), text.length()).lookingAt()) {
      return text;
    }
    method = found.group(1).toLowerCase(Locale.ROOT);
    share = found.group(2) == null ? null : NotationReader.number(found.group(2));
    return text.substring(0, found.start()) + text.substring(found.end());
  }
}
