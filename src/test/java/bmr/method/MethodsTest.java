package bmr.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.model.MethodSignature;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodsTest {
  @Test
  void signaturesAreSortedAndFoundByTheirExactName() {
    List<String> names = Methods.signatures().stream().map(MethodSignature::name).toList();
    assertEquals(names.stream().sorted().distinct().toList(), names);
    assertEquals(List.of("slerp", "trainDifference"), names);
    for (MethodSignature signature : Methods.signatures()) {
      assertEquals(signature, Methods.named(signature.name()).orElseThrow().signature());
    }
    assertTrue(Methods.named("Slerp").isEmpty());
    assertTrue(Methods.named("").isEmpty());
  }
}
