package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that others made to break readers, with the verdict of the reference implementation. */
class HostileFilesTest {
  /** What we may call the reference implementation's errors. */
  private static final Map<String, Set<Class<? extends Problem>>> OUR_NAMES =
      Map.of(
          "HeaderTooLarge", Set.of(HeaderProblem.HeaderTooLong.class),
          "HeaderTooSmall", Set.of(FileProblem.EmptyFile.class, HeaderProblem.Truncated.class),
          "InvalidHeaderLength", Set.of(HeaderProblem.Truncated.class),
          "InvalidHeader",
              Set.of(HeaderProblem.HeaderSyntax.class, FileProblem.NotSafetensors.class),
          "InvalidHeaderDeserialization",
              Set.of(
                  HeaderProblem.HeaderSyntax.class,
                  FileProblem.NotSafetensors.class,
                  HeaderProblem.BadEntry.class,
                  HeaderProblem.BadMetadata.class,
                  HeaderProblem.UnknownDType.class,
                  HeaderProblem.DuplicateKey.class),
          "InvalidOffset",
              Set.of(
                  HeaderProblem.Hole.class,
                  HeaderProblem.Overlap.class,
                  HeaderProblem.BadEntry.class,
                  HeaderProblem.DuplicateKey.class),
          "TensorInvalidInfo", Set.of(HeaderProblem.SizeMismatch.class),
          "ValidationOverflow", Set.of(HeaderProblem.BadEntry.class),
          "MetadataIncompleteBuffer",
              Set.of(HeaderProblem.Truncated.class, HeaderProblem.TrailingBytes.class));

  @Test
  void everyVerdictIsTheReferenceImplementations() throws IOException {
    Path root = SharedData.require("data/hostile");
    JsonArray cases =
        JsonParser.parseString(Files.readString(root.resolve("safetensors_cases.json")))
            .getAsJsonArray();
    var wrong = new ArrayList<String>();
    int checked = 0;
    for (JsonElement element : cases) {
      JsonObject one = element.getAsJsonObject();
      String expected = one.get("expected").getAsString();
      if (one.get("file").isJsonNull() || expected.equals("implementation-defined")) {
        continue;
      }
      checked++;
      Path file = root.resolve(one.get("file").getAsString());
      String fault = verdict(file, expected, one.get("reference_error"));
      if (!fault.isEmpty()) {
        wrong.add(file.getFileName() + ": " + fault);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(checked > 50, "only " + checked + " cases were there");
  }

  private static String verdict(Path file, String expected, JsonElement referenceError) {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      return expected.startsWith("accept") ? "" : "accepted " + checkpoint.tensors();
    } catch (ProblemException e) {
      Problem problem = e.diagnostics().getFirst().problem();
      if (!expected.startsWith("reject")) {
        return "refused: " + problem.message();
      }
      if (problem.message().chars().anyMatch(c -> c < ' ') || problem.message().length() > 700) {
        return "unprintable: " + problem.message();
      }
      boolean named =
          referenceError.isJsonNull()
              || OUR_NAMES.get(referenceError.getAsString()).contains(problem.getClass());
      return named ? "" : referenceError.getAsString() + " is called " + problem.message();
    }
  }

  @Test
  void whatTheFormatLeavesOpenIsDecided() {
    Path root = SharedData.require("data/hostile/safetensors");
    try (var blank = Checkpoint.open(root.resolve("x_header_starts_with_space.safetensors"));
        var extra = Checkpoint.open(root.resolve("x_extra_field.safetensors"));
        var zero = Checkpoint.open(root.resolve("x_zero_dim_with_overflow.safetensors"))) {
      assertEquals(
          List.of(HeaderProblem.LeadingBlanks.class),
          blank.notes().stream().map(Object::getClass).toList());
      assertEquals(
          List.of(HeaderProblem.UnknownField.class),
          extra.notes().stream().map(Object::getClass).toList());
      assertEquals(0, zero.tensors().firstEntry().getValue().bytes());
    }
  }

  @Test
  void picklesAndArchivesAreRefused() throws IOException {
    Path root = SharedData.require("data/hostile/pickle");
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.sorted().toList()) {
        assertFalse(SampleFiles.problemOf(file).message().isBlank());
      }
    }
  }

  @Test
  void realFilesOpenWithTheirMetadata() throws IOException {
    Path root = SharedData.require("data");
    JsonObject known =
        JsonParser.parseString(
                Files.readString(root.resolve("metadata/real_headers_metadata.json")))
            .getAsJsonObject();
    int seen = 0;
    try (Stream<Path> files = Files.walk(root.resolve("tensors"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
          assertFalse(checkpoint.tensors().isEmpty());
          String name = file.getFileName().toString();
          if (known.has(name) && known.get(name).isJsonObject()) {
            var metadata = new JsonObject();
            checkpoint.metadata().forEach(metadata::addProperty);
            assertEquals(known.get(name), metadata, name);
            seen++;
          }
        }
      }
    }
    assertTrue(seen >= 3, "only " + seen);
  }
}
