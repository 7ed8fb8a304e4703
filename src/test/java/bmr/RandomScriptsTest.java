package bmr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Statement;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The generator is only worth something if its scripts use everything and mostly parse. */
class RandomScriptsTest {
  private static final int SCRIPTS = 300;

  @Test
  void mostScriptsParse() {
    Map<String, Integer> wrong = new HashMap<>();
    List<String> said = new ArrayList<>();
    int valid = 0;
    for (int seed = 0; seed < SCRIPTS; seed++) {
      List<Diagnostic> errors =
          parse(RandomScripts.script(new Random(seed))).diagnostics().stream()
              .filter(diagnostic -> diagnostic.problem().severity() == Severity.ERROR)
              .toList();
      valid += errors.isEmpty() ? 1 : 0;
      for (Diagnostic error : errors) {
        wrong.merge(error.problem().code(), 1, Integer::sum);
        said.add(seed + " " + error.problem().message());
      }
    }
    assertTrue(valid > SCRIPTS * 8 / 10, valid + " parse; " + wrong + said);
  }

  @Test
  void allFormsOfTheTreeAppear() {
    Set<Class<?>> found = new HashSet<>();
    for (int seed = 0; seed < SCRIPTS; seed++) {
      collect(parse(RandomScripts.script(new Random(seed))).script().statements(), found);
    }
    Set<Class<?>> missing = new HashSet<>();
    missing.addAll(List.of(Expression.class.getPermittedSubclasses()));
    missing.addAll(List.of(Statement.class.getPermittedSubclasses()));
    missing.addAll(List.of(Statement.SaveOption.class.getPermittedSubclasses()));
    missing.removeAll(found);
    missing.remove(Expression.Broken.class);
    assertEquals(Set.of(), missing);
  }

  @Test
  void theSameStateGivesTheSameScript() {
    String script = RandomScripts.script(new Random(7));
    assertEquals(script, RandomScripts.script(new Random(7)));
    assertEquals(
        RandomScripts.mutated(script, new Random(8)), RandomScripts.mutated(script, new Random(8)));
  }

  private static void collect(Object value, Set<Class<?>> found) {
    switch (value) {
      case List<?> list -> list.forEach(one -> collect(one, found));
      case Optional<?> optional -> optional.ifPresent(one -> collect(one, found));
      case Record record when record.getClass().getPackageName().equals("bmr.syntax.tree") -> {
        found.add(record.getClass());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
          try {
            collect(component.getAccessor().invoke(record), found);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      default -> {}
    }
  }

  private static Parsed parse(String text) {
    return Parser.parse(SourceText.of("random.bmr", text));
  }
}
