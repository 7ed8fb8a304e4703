package bmr.syntax;

/** How the statements that begin with a word go on, for messages. */
final class StatementForms {
  private StatementForms() {}

  static String of(String word) {
    return switch (word) {
      case "let" -> "let w = 0.08";
      case "models" -> "models \"folder\"";
      case "model" -> "model NAME = \"file.safetensors\"";
      case "save" -> "save NAME as \"file.safetensors\"";
      case "compare" -> "compare NAME with NAME on OUT";
      case "block_map" -> "block_map \"bmr\"";
      case "precision" -> "precision stepwise f16";
      case "seed" -> "seed 7";
      case "include" -> "include \"other.bmr\"";
      default -> word + " ...";
    };
  }
}
