package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.model.Presets;
import bmr.source.SourceText;
import bmr.syntax.tree.Expression;
import org.junit.jupiter.api.Test;

/** Names of presets with operators in them are words. */
class PresetNamesTest {
  @Test
  void everyPresetIsOneWord() {
    assertTrue(Presets.names().size() >= 38);
    for (String name : Presets.names()) {
      var parsed = Parser.parseExpression(SourceText.of("preset", name));
      assertTrue(parsed.diagnostics().isEmpty(), name);
      assertTrue(
          parsed.expression() instanceof Expression.Word word && word.name().text().equals(name),
          name);
    }
  }

  @Test
  void gluedIsANameAndBlanksAreArithmetic() {
    assertEquals(1, factors("SMOOTHSTEP*3"));
    assertEquals(2, factors("SMOOTHSTEP * 3"));
    assertEquals(2, factors("SMOOTHSTEP / 2"));
    // one word, which means 1 less the preset; not (1 - SMOOTHSTEP) / 2
    assertEquals(1, factors("1-SMOOTHSTEP/2"));
    assertEquals(2, factors("SMOOTHSTEP*5"));
  }

  private static int factors(String text) {
    Expression expression = Parser.parseExpression(SourceText.of("preset", text)).expression();
    return expression instanceof Expression.Product product ? product.factors().size() : 1;
  }
}
