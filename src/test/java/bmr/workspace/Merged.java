package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.engine.Limits;
import bmr.engine.Materializer;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import bmr.provenance.MetadataLevel;
import bmr.recipe.Wanted;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The first output of a recipe, made and read back. */
final class Merged {
  private final Plan plan;
  private final Path file;
  private final List<Diagnostic> diagnostics;
  private final List<Diagnostic> contentWarnings;
  private final Map<String, TensorInfo> infos = new TreeMap<>();
  private final Map<String, byte[]> bytes = new TreeMap<>();
  private final Map<String, double[]> values = new TreeMap<>();

  private Merged(
      Plan plan, Path file, List<Diagnostic> diagnostics, List<Diagnostic> contentWarnings) {
    this.plan = plan;
    this.file = file;
    this.diagnostics = diagnostics;
    this.contentWarnings = contentWarnings;
  }

  static Merged of(Path folder, String... lines) throws IOException {
    return of(folder, new Limits(2, 32L << 20), lines);
  }

  static Merged of(Path folder, Limits limits, String... lines) throws IOException {
    return of(folder, limits, false, lines);
  }

  static Merged withNonFinite(Path folder, String... lines) throws IOException {
    return of(folder, new Limits(2, 32L << 20), true, lines);
  }

  private static Merged of(Path folder, Limits limits, boolean nonFinite, String... lines)
      throws IOException {
    try (Workspace workspace = open(folder, lines)) {
      assertTrue(!workspace.failed(), () -> workspace.diagnostics().toString());
      Workspace.Output output = workspace.outputs().getFirst();
      Plan plan = workspace.plan(output, limits);
      Path target = Files.createTempDirectory(folder, "out").resolve("result.safetensors");
      Map<String, String> metadata = workspace.metadata(output, plan, MetadataLevel.FULL, "1");
      List<Diagnostic> content = workspace.contentWarnings(output);
      Materializer.write(
          plan, workspace.sources(), target, metadata, nonFinite, Progress.NONE, () -> false);
      Merged merged = new Merged(plan, target, workspace.diagnostics(), content);
      merged.read();
      Files.move(target, target.resolveSibling("result.bin"));
      return merged;
    }
  }

  static Workspace open(Path folder, String... lines) throws IOException {
    Path recipe = Files.createTempDirectory(folder, "recipe").resolve("recipe.bmr");
    Files.writeString(recipe, String.join("\n", lines) + "\n");
    return Workspace.open(
        new Workspace.Request(
            Optional.of(recipe),
            Optional.empty(),
            List.of(folder),
            new LinkedHashMap<>(),
            new Wanted(Optional.empty(), false)));
  }

  /** Codes of everything that is said about a recipe, up to its plan. */
  static List<String> codes(Path folder, String... lines) throws IOException {
    try (Workspace workspace = open(folder, lines)) {
      if (!workspace.failed()) {
        try {
          workspace.plan(workspace.outputs().getFirst(), Limits.standard());
        } catch (ProblemException e) {
          return codes(e.diagnostics());
        }
      }
      return codes(workspace.diagnostics());
    }
  }

  private static List<String> codes(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(diagnostic -> diagnostic.problem().code()).toList();
  }

  private void read() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      for (StoredTensor stored : checkpoint.stored().values()) {
        TensorInfo info = stored.info();
        ByteBuffer buffer = ByteBuffer.allocate((int) info.bytes());
        checkpoint.read(buffer, stored.position());
        assertEquals(stored.storedKey(), info.key(), "written in the canonical spelling");
        infos.put(info.key(), info);
        bytes.put(info.key(), buffer.array());
        if (info.dtype().isFloat()) {
          values.put(info.key(), BlessingMixByHand.values(checkpoint, stored));
        }
      }
    }
  }

  List<String> codes() {
    return codes(diagnostics);
  }

  List<String> contentCodes() {
    return codes(contentWarnings);
  }

  Plan plan() {
    return plan;
  }

  boolean has(String key) {
    return infos.containsKey(key);
  }

  TensorInfo info(String key) {
    TensorInfo info = infos.get(key);
    if (info == null) {
      throw new AssertionError("no " + key + " in " + infos.keySet());
    }
    return info;
  }

  byte[] bytes(String key) {
    info(key);
    return bytes.getOrDefault(key, new byte[0]);
  }

  byte[] file() throws IOException {
    return Files.readAllBytes(file.resolveSibling("result.bin"));
  }

  double[] values(String key) {
    info(key);
    return values.getOrDefault(key, new double[0]);
  }

  /** Values of a result, up to the rounding of one evaluation in double precision. */
  Merged equal(String key, double... expected) {
    info(key);
    assertArrayEquals(expected, values.get(key), 1e-14, key);
    return this;
  }

  Merged exactly(TinyModel model, String... keys) {
    for (String key : keys) {
      info(key);
      assertArrayEquals(model.values(key), values.get(key), 0.0, key);
    }
    return this;
  }

  /** {@code left + (right - left) * share} on some keys. */
  Merged blended(TinyModel left, TinyModel right, double share, String... keys) {
    for (String key : keys) {
      double[] expected = new double[left.values(key).length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = left.values(key)[i] * (1 - share) + right.values(key)[i] * share;
      }
      equal(key, expected);
    }
    return this;
  }

  /** How often something special happened in a part, and with which sources. */
  Optional<SpecialCase> special(Kind kind, Part part) {
    return plan.model().cases().stream()
        .filter(one -> one.kind() == kind && one.part() == part)
        .findFirst();
  }

  long readOf(String source) {
    return plan.sources().stream()
        .filter(use -> use.name().equals(source))
        .mapToLong(Plan.SourceUse::readBytes)
        .sum();
  }
}
