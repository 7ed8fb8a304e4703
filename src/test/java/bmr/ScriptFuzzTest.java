package bmr;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticJson;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.ProblemException;
import bmr.interchange.Imported;
import bmr.interchange.Importer;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.FormatterTest;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import bmr.syntax.tree.Statement;
import bmr.workspace.Reading;
import bmr.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No text makes the parser, the checker, the formatter or the importer throw anything but a
 * problem: random scripts, and damaged ones of people. Each test tries for {@code
 * -Dbmr.fuzz.seconds}; a failure says its seed, and {@code -Dbmr.fuzz.seed} begins with it.
 */
class ScriptFuzzTest {
  private static final long FIRST_SEED = Long.getLong("bmr.fuzz.seed", 1);
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("bmr.fuzz.seconds", 5));
  private static final int LONGEST = 6000;

  @TempDir private Path folder;

  /** What people wrote. */
  private static List<String> material() throws IOException {
    List<String> texts = new ArrayList<>();
    List<Path> folders =
        List.of(
            Path.of("examples"),
            Path.of("src/test/resources/bmr"),
            Path.of(System.getProperty("bmr.shared", "../shared")).resolve("data/recipes"));
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        System.out.println("without " + folder + ", which is not there");
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
          texts.add(text.substring(0, Math.min(LONGEST, text.length())));
        }
      }
    }
    return texts;
  }

  /** Tries texts until the time is over, a hundred at least. */
  private static void fuzz(Function<Random, String> source, Consumer<String> check) {
    long end = System.nanoTime() + TIME.toNanos();
    long seed = FIRST_SEED;
    while (seed < FIRST_SEED + 100 || System.nanoTime() < end) {
      String text = source.apply(new Random(seed));
      try {
        check.accept(text);
      } catch (Exception | StackOverflowError | AssertionError e) {
        throw new AssertionError("-Dbmr.fuzz.seed=" + seed + "\n" + text, e);
      }
      seed++;
    }
    System.out.println(seed - FIRST_SEED + " texts from seed " + FIRST_SEED + " on");
  }

  private static String either(Random random, List<String> texts) {
    return random.nextInt(3) == 0
        ? RandomScripts.script(random)
        : texts.get(random.nextInt(texts.size()));
  }

  private static String damaged(Random random, List<String> texts) {
    return RandomScripts.mutated(either(random, texts), random);
  }

  @Test
  void randomScriptsAreChecked() {
    fuzz(RandomScripts::script, this::check);
  }

  @Test
  void damagedScriptsAreChecked() throws IOException {
    List<String> texts = material();
    fuzz(random -> damaged(random, texts), this::check);
  }

  @Test
  void scriptsAreFormatted() throws IOException {
    List<String> texts = material();
    fuzz(
        random -> random.nextBoolean() ? RandomScripts.script(random) : damaged(random, texts),
        FormatterTest::holdsIfSound);
  }

  @Test
  void damagedPostsAreImported() throws IOException {
    List<String> texts = material();
    fuzz(random -> damaged(random, texts), ScriptFuzzTest::importText);
  }

  private void check(String text) {
    SourceText source = SourceText.of("random.bmr", text);
    Parsed parsed = Parser.parse(source);
    for (Statement statement : parsed.script().statements()) {
      inside(source, statement.span());
    }
    for (Diagnostic diagnostic : parsed.diagnostics()) {
      diagnostic.place().ifPresent(place -> inside(source, place));
    }
    told(parsed.diagnostics());
    try {
      Path file = folder.resolve("random.bmr");
      Files.writeString(file, text.replaceAll("[\\uD800-\\uDFFF]", "?"));
      var request =
          new Workspace.Request(
              Optional.of(file),
              Optional.empty(),
              List.of(),
              new LinkedHashMap<>(),
              Wanted.AS_WRITTEN);
      for (var reading :
          List.of(
              Reading.EVERYTHING,
              Reading.textOnly(Optional.empty()),
              Reading.textOnly(Optional.of(Architecture.SDXL)))) {
        try (Workspace workspace = Workspace.open(request, reading)) {
          told(workspace.diagnostics());
          if (!workspace.failed()) {
            workspace.outputsOrEnds();
            workspace.meaning(
                IntStream.range(0, workspace.recipe().models().size()).boxed().toList(), List.of());
          }
        }
      }
    } catch (ProblemException e) {
      told(e.diagnostics());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void importText(String text) {
    SourceText source = SourceText.of("post.txt", text);
    try {
      Optional<Imported> imported = Importer.read(source, Optional.empty());
      imported.ifPresent(one -> Parser.parse(SourceText.of("post.bmr", one.script())));
    } catch (ProblemException e) {
      told(e.diagnostics());
    }
  }

  private static void inside(SourceText source, Span span) {
    assertTrue(span.source() == source, span::toString);
    assertTrue(
        0 <= span.start() && span.start() <= span.end() && span.end() <= source.text().length(),
        span::toString);
  }

  private static void told(List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      assertFalse(diagnostic.problem().message().isBlank(), diagnostic::toString);
      assertTrue(diagnostic.problem().code().matches("BMR\\d{4}"), diagnostic::toString);
    }
    new DiagnosticRenderer(60, true).render(diagnostics);
    DiagnosticJson.write(diagnostics);
  }
}
