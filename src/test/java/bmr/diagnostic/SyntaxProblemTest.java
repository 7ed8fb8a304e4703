package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Codes are stable and belong to one problem each; messages have one form. */
class SyntaxProblemTest {
  private static List<Problem> problems() throws Exception {
    List<Problem> problems = new ArrayList<>();
    for (Class<?> group : SyntaxProblem.class.getPermittedSubclasses()) {
      for (Class<?> type : group.getPermittedSubclasses()) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
            Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Stream.of(types).map(SyntaxProblemTest::example).toArray();
        problems.add((Problem) type.getDeclaredConstructor(types).newInstance(values));
      }
    }
    return problems;
  }

  private static Object example(Class<?> type) {
    if (type == int.class) {
      return 200;
    }
    if (type == long.class) {
      return 64L << 20;
    }
    if (type == Optional.class) {
      return Optional.of("alpha");
    }
    return type.isEnum() ? type.getEnumConstants()[0] : "NAME";
  }

  @Test
  void codesAreUnique() throws Exception {
    List<String> codes = problems().stream().map(Problem::code).toList();
    assertEquals(new HashSet<>(codes).size(), codes.size(), codes::toString);
    assertTrue(codes.stream().allMatch(code -> code.matches("BMR0[01][0-9]{2}")), codes::toString);
  }

  @Test
  void messagesAreOneSentenceWithoutFullStop() throws Exception {
    for (Problem problem : problems()) {
      for (String text : List.of(problem.message(), problem.hint().orElse("-"))) {
        assertFalse(text.isBlank() || text.endsWith(".") || text.contains("\n"), text);
        assertEquals(0, text.chars().filter(c -> c == '`').count() % 2, text);
      }
    }
  }
}
