package bmr.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.method.Methods;
import bmr.model.ModelNames;
import bmr.source.SourceText;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import bmr.syntax.tree.Expression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What scripts mean and what is wrong with them. The cases stand in files, one after another under
 * a line {@code ### name}; behind the name there may be {@code --set NAME=VALUE} and {@code --only
 * NAME}.
 */
class RecipeBinderTest {
  private static final Path CASES = Path.of("src/test/resources/bmr/recipe");
  private static final List<String> FILES =
      List.of(
          "A",
          "B",
          "C",
          "OpenBra",
          "OpenBra1.1",
          "Evt_V4_e04_ema",
          "v1-5-pruned-emaonly",
          "1-berry",
          "NAI",
          "NAISFW",
          "NAI-SFW",
          "T",
          "SFW",
          "P",
          "P-Q",
          "Q-R",
          "R",
          "x",
          "save",
          "Kenshi Mix");

  @Test
  void meanings() throws IOException {
    check("meanings.bmr", "recipe/meanings.golden");
  }

  @Test
  void mistakes() throws IOException {
    check("mistakes.bmr", "recipe/mistakes.golden");
  }

  private static void check(String file, String golden) throws IOException {
    StringBuilder result = new StringBuilder();
    for (String one : Files.readString(CASES.resolve(file)).split("(?m)^### ")) {
      if (!one.isBlank()) {
        int line = one.indexOf('\n');
        result.append("### ").append(one, 0, line).append('\n');
        result.append(bind(one.substring(0, line), one.substring(line + 1))).append('\n');
      }
    }
    Golden.check(golden, result.toString());
  }

  private static String bind(String header, String script) {
    Map<String, Expression> settings = new LinkedHashMap<>();
    Wanted wanted = Wanted.AS_WRITTEN;
    String[] words = header.split(" --");
    for (int i = 1; i < words.length; i++) {
      if (words[i].startsWith("set ")) {
        String[] pair = words[i].substring(4).split("=", 2);
        settings.put(
            pair[0],
            Parser.parseExpression(SourceText.of("--set " + pair[0], pair[1])).expression());
      } else if (words[i].startsWith("only ")) {
        wanted = Wanted.only(words[i].substring(5));
      }
    }
    Parsed parsed = Parser.parse(SourceText.of("test.bmr", script));
    Bound bound =
        RecipeBinder.bind(parsed.script(), new NamesOnly(), Methods.signatures(), settings, wanted);
    List<Diagnostic> diagnostics = new ArrayList<>(parsed.diagnostics());
    bound.findings().forEach(finding -> diagnostics.add(finding.diagnostic()));
    boolean broken = bound.findings().stream().anyMatch(Bound.Finding::isError);
    return (broken ? "" : RecipePrinter.print(bound.recipe()))
        + DiagnosticRenderer.plain().render(diagnostics);
  }

  /** A library of names without files. */
  private static final class NamesOnly implements ModelNames {
    @Override
    public Lookup find(String name) {
      for (String file : FILES) {
        if (file.equals(name)) {
          return found(file, true);
        }
      }
      if (Scope.looseForm(name).equals("twice")) {
        return new Lookup.Ambiguous(List.of(Path.of("a/Twice.ckpt"), Path.of("b/Twice.ckpt")));
      }
      for (String file : FILES) {
        if (Scope.looseForm(file).equals(Scope.looseForm(name))) {
          return found(file, false);
        }
      }
      return new Lookup.Missing(List.of());
    }

    private static Lookup found(String file, boolean exact) {
      return new Lookup.Found(new ModelFile(file, Path.of(file + ".safetensors")), exact);
    }

    @Override
    public List<String> names() {
      return FILES;
    }
  }

  @Test
  void aLongChainIsBoundWithoutDeepStacks() {
    StringBuilder script = new StringBuilder("T0 = A\n");
    for (int i = 1; i < 20_000; i++) {
      script.append("T").append(i).append(" = T").append(i - 1).append(" x 0.5 + B x 0.5\n");
    }
    Parsed parsed = Parser.parse(SourceText.of("chain", script.toString()));
    Bound bound =
        RecipeBinder.bind(
            parsed.script(), new NamesOnly(), Methods.signatures(), Map.of(), Wanted.AS_WRITTEN);
    assertEquals(List.of(), bound.findings());
    assertEquals(20_000, bound.recipe().models().size());
  }

  @Test
  void aLongCycleIsOneMessage() {
    StringBuilder script = new StringBuilder("T0 = T9999\n");
    for (int i = 1; i < 10_000; i++) {
      script.append("T").append(i).append(" = T").append(i - 1).append(" x 0.5 + B x 0.5\n");
    }
    Parsed parsed = Parser.parse(SourceText.of("cycle", script.toString()));
    Bound bound =
        RecipeBinder.bind(
            parsed.script(), new NamesOnly(), Methods.signatures(), Map.of(), Wanted.AS_WRITTEN);
    assertEquals(1, bound.findings().size());
    assertTrue(bound.findings().getFirst().isError());
  }
}
