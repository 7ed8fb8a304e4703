package bmr.interchange;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A definition of a post in the making: its weights may stand on the lines below it. */
final class PostStep {
  final CleanText place;
  final Notation tree;
  @Nullable String result;

  /** By parameter: {@code alpha}, {@code beta}. */
  final Map<String, Ratio> weights = new LinkedHashMap<>();

  @Nullable BigDecimal base;
  @Nullable String method;
  @Nullable BigDecimal at;

  /** SuperMerger's calculation mode; empty for the normal one. */
  String calculation = "";

  /** Whether a web UI's file name says it, with rounded weights. */
  boolean rounded;

  PostStep(CleanText place, Notation tree, @Nullable String result) {
    this.place = place;
    this.tree = tree;
    this.result = result;
  }
}
