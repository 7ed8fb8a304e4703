package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every problem has a code of its own and a page, and every page has a problem. */
class ProblemCodesTest {
  @Test
  void everyCodeHasAPageAndEveryPageACode() throws ReflectiveOperationException {
    Set<String> codes = new TreeSet<>();
    for (Class<?> problem : problems()) {
      codes.addAll(codes(problem));
    }
    Set<String> pages =
        Explanation.all().stream()
            .map(Explanation::code)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(codes.size() > 150, () -> codes.size() + " codes");
    assertEquals(String.join("\n", codes), String.join("\n", pages));
  }

  @Test
  void noTwoProblemsShareACode() throws ReflectiveOperationException {
    Map<String, List<String>> owners = new TreeMap<>();
    for (Class<?> problem : problems()) {
      for (String code : codes(problem)) {
        owners.computeIfAbsent(code, _ -> new ArrayList<>()).add(problem.getSimpleName());
      }
    }
    owners.values().removeIf(names -> names.size() == 1);
    assertEquals(Map.of(), owners);
  }

  /** All records below the sealed interface. */
  private static Set<Class<?>> problems() {
    Set<Class<?>> records = new LinkedHashSet<>();
    collect(Problem.class, records);
    return records;
  }

  private static void collect(Class<?> type, Set<Class<?>> records) {
    if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses()).forEach(below -> collect(below, records));
    } else {
      records.add(type);
    }
  }

  /** The codes of a record with made-up values; flags and enumerations take each value in turn. */
  private static Set<String> codes(Class<?> type) throws ReflectiveOperationException {
    Set<String> codes = new TreeSet<>();
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    for (int variant = 0; variant < 4; variant++) {
      Object[] values = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        values[i] = value(types[i], variant);
      }
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      codes.add(((Problem) constructor.newInstance(values)).code());
    }
    return codes;
  }

  private static Object value(Class<?> type, int variant) throws ReflectiveOperationException {
    if (type == boolean.class) {
      return variant % 2 == 0;
    }
    if (type == int.class) {
      return variant + 1;
    }
    if (type == long.class) {
      return variant + 1L;
    }
    if (type == double.class) {
      return variant + 0.5;
    }
    if (type == String.class) {
      return "a";
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of("a");
    }
    if (type == Path.class) {
      return Path.of("a");
    }
    if (type == Map.class) {
      return Map.of();
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[variant % constants.length];
    }
    throw new ReflectiveOperationException("no value of " + type);
  }
}
