package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCandidatesTest {
  @Test
  void knowsAliases() {
    var found = ModelCandidates.of("SD 1.4", List.of("v1-5-pruned", "sd-v1-4"));
    assertEquals("sd-v1-4", found.getFirst().stem());
    assertTrue(found.getFirst().sure());
  }

  @Test
  void versionsDoNotContradict() {
    assertEquals(List.of(), ModelCandidates.of("Blessing Mix 1", List.of("blessing_mix_2")));
  }

  @Test
  void twoEqualOnesAreNotSure() {
    var found = ModelCandidates.of("SD 1.5", List.of("v1-5-pruned", "v1-5-pruned-emaonly"));
    assertEquals(2, found.size());
    assertFalse(found.getFirst().sure());
  }
}
