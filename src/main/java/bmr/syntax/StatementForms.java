package bmr.syntax;

import bmr.diagnostic.Suggestions;
import bmr.syntax.antlr.Keyword;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the statements that begin with a word go on, for messages. */
final class StatementForms {
  private StatementForms() {}

  /** The words that begin statements. */
  static List<String> words() {
    return Keyword.all(Keyword.Position.STATEMENT).stream().map(Keyword::spelling).toList();
  }

  /** The type that a word like {@code fp16} or {@code f17} means. */
  static Optional<String> type(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "fp16", "half", "float16" -> Optional.of("f16");
      case "bfloat16", "bfp16" -> Optional.of("bf16");
      case "fp32", "float", "float32", "full", "single" -> Optional.of("f32");
      case "fp64", "float64", "double" -> Optional.of("f64");
      case "fp8", "float8", "fp8_e4m3", "fp8_e4m3fn", "float8_e4m3fn", "f8_e4m3fn" ->
          Optional.of("f8_e4m3");
      case "fp8_e5m2", "float8_e5m2" -> Optional.of("f8_e5m2");
      default ->
          Suggestions.closest(word, List.of("f16", "bf16", "f32", "f64", "f8_e4m3", "f8_e5m2"));
    };
  }

  static String of(String word) {
    return switch (word) {
      case "let" -> "let w = 0.08";
      case "models" -> "models \"folder\"";
      case "model" -> "model NAME = \"file.safetensors\"";
      case "save" -> "save NAME as \"file.safetensors\"";
      case "compare" -> "compare NAME with NAME on OUT";
      case "expect", "require" -> word + " cosine(NAME, NAME, OUT) >= 98.5%";
      case "block_map" -> "block_map \"bmr\"";
      case "precision" -> "precision stepwise f16";
      case "seed" -> "seed 7";
      case "keep" -> "keep ema";
      case "drop" -> "drop ema";
      case "include" -> "include \"other.bmr\"";
      default -> word + " ...";
    };
  }
}
