package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where weights do not add up, and what would put it right. */
class SumsTest {
  @TempDir private Path folder;

  @BeforeEach
  void models() {
    for (String name : List.of("A", "B", "C")) {
      TinyModel.sd1(name).write(folder);
    }
  }

  private String hint(String code, String script) throws IOException {
    try (Workspace workspace = Merged.open(folder, script)) {
      var found =
          workspace.diagnostics().stream()
              .filter(one -> one.problem().code().equals(code))
              .findFirst();
      assertTrue(found.isPresent(), () -> workspace.diagnostics().toString());
      return found.get().problem().hint().orElse("");
    }
  }

  @Test
  void weightsThatWereMeantToAddUp() throws IOException {
    assertEquals(
        "`B x 0.5` would make it 1; if the sum is meant, write `allow sum` behind it",
        hint("BMR0301", "R = A x 0.5 + B x 0.6"));
    assertEquals(
        "divided by their sum: `A x 0.375 + B x 0.375 + C x 0.25`;"
            + " if the sum is meant, write `allow sum` behind it",
        hint("BMR0301", "R = A x 0.6 + B x 0.6 + C x 0.4"));
  }

  @Test
  void publishedThirds() throws IOException {
    assertEquals(
        "exactly 1 is `A x 0.333333 + B x 0.333333 + C x 0.333334`",
        hint("BMR0303", "R = A x 0.33 + B x 0.33 + C x 0.33"));
    assertTrue(
        Merged.codes(folder, "R = A x 0.66666666 + B x 0.33333333").stream()
            .noneMatch(code -> code.startsWith("BMR03")));
    hint("BMR0301", "R = A x 0.3 + B x 0.3 + C x 0.3");
  }

  @Test
  void sumsWithoutCoefficientsHaveTwoReadings() throws IOException {
    String both = hint("BMR0302", "A + B = R");
    assertTrue(both.contains("A x 0.5 + B x 0.5") && both.contains("A + (B - base) x 1"), both);
    both = hint("BMR0306", "R = A + B + C @ 1.0");
    assertTrue(both.contains("A + (B - C) x 1.0") && both.contains(" or "), both);
    both = hint("BMR0306", "R = A + B @ 0.5");
    assertTrue(both.contains("A x (1 - 0.5) + B x 0.5") && both.contains(" or "), both);
  }
}
