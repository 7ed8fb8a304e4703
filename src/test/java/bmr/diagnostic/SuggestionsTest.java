package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static Optional<String> closest(String wanted, String... known) {
    return Suggestions.closest(wanted, List.of(known));
  }

  @Test
  void theSlipsOfThePost() {
    assertEquals(
        Optional.of("FINAL_OUTPUTS"),
        closest("FINAL_OUTPUT", "TEMP1", "FINAL_INPUTS", "FINAL_OUTPUTS"));
    assertEquals(
        Optional.of("BlessingEncV0"), closest("BlessingEnc", "BlessingMixV0", "BlessingEncV0"));
  }

  @Test
  void namesThatDifferInCaseAndSeparatorsOnlyAreEnough() {
    assertEquals(
        List.of("Counterfeit-V3.0"),
        Suggestions.closest("counterfeit_v30", List.of("counterfeitV30x", "Counterfeit-V3.0"), 2));
  }

  @Test
  void swapsAreOneEdit() {
    assertEquals(Optional.of("alpha"), closest("alpah", "beta", "alpha"));
  }

  @Test
  void nothingFarAway() {
    assertEquals(Optional.empty(), closest("OpenBra", "dreamshaper", "sxd"));
    assertEquals(Optional.empty(), closest("A", "B"));
    assertEquals(Optional.empty(), closest("", "B"));
    assertEquals(Optional.empty(), closest("x".repeat(100_000), "x".repeat(100_001)));
  }

  @Test
  void theSameNameIsNoSuggestion() {
    assertEquals(Optional.empty(), closest("OpenBra", "OpenBra"));
  }

  @Test
  void tiesAreAlphabetic() {
    assertEquals(
        List.of("TEMP1", "TEMP2"), Suggestions.closest("TEMP3", List.of("TEMP2", "TEMP1"), 2));
  }
}
