package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.sample.SampleFile;
import bmr.sample.SampleLora;
import bmr.sample.SampleModels;
import bmr.sample.SampleTensor;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every script in {@code examples} runs, on sample models. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final Pattern UNKNOWN_FILE = Pattern.compile("(?m)^(model .* = )\\?$");
  private static final Pattern SAVED = Pattern.compile("(?m)^save .* as \"(.*)\"");

  @TempDir private static Path folder;

  static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".bmr")).sorted().toList();
    }
  }

  @BeforeAll
  static void models() throws IOException {
    SampleFolder.fill(folder);
    assertEquals(
        ExitStatus.DONE,
        CommandRun.in(folder, "sample", "models", "--architecture", "sdxl").status());
    Path models = folder.resolve("models");
    Path lora = Files.createDirectories(models.resolve("Lora")).resolve("detail.safetensors");
    SampleLora.write(lora, SampleModels.Scale.TINY);
    Files.copy(models.resolve("sd_xl_base_1.0.safetensors"), models.resolve("sdxl-a.safetensors"));
    Files.copy(models.resolve("photo_xl_sample.safetensors"), models.resolve("sdxl-b.safetensors"));
    widen(
        models.resolve("v1-5-pruned-emaonly.safetensors"),
        models.resolve("sd-v1-5-inpainting.safetensors"));
    Files.createDirectories(folder.resolve("parts"));
    Files.copy(EXAMPLES.resolve("parts/faces.bmr"), folder.resolve("parts/faces.bmr"));
  }

  /** A model of zeros with the shapes of another one, but nine input channels. */
  private static void widen(Path from, Path to) {
    try (Checkpoint file = Checkpoint.open(from)) {
      List<SampleTensor> tensors =
          file.tensors().values().stream()
              .map(ExamplesTest::widened)
              .<SampleTensor>map(Zeros::new)
              .toList();
      SampleFile.write(to, tensors, Map.of("format", "pt"));
    }
  }

  private static TensorInfo widened(TensorInfo tensor) {
    if (!tensor.key().equals("model.diffusion_model.input_blocks.0.0.weight")) {
      return tensor;
    }
    Shape shape = tensor.shape();
    return new TensorInfo(
        tensor.key(),
        tensor.dtype(),
        Shape.of(shape.dimension(0), 9, shape.dimension(2), shape.dimension(3)));
  }

  private record Zeros(TensorInfo info) implements SampleTensor {
    @Override
    public void put(long first, int count, ByteBuffer target, float[] scratch) {
      target.put(new byte[Math.toIntExact(info.dtype().bytes(count))]);
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void runs(Path script) throws IOException {
    String text = Files.readString(script);
    String known =
        UNKNOWN_FILE.matcher(text).replaceAll("$1\"models/v1-5-pruned-emaonly.safetensors\"");
    Path copy = SampleFolder.write(folder, script.getFileName().toString(), known);

    CommandRun checked = CommandRun.in(folder, "check", copy.toString(), "--models", "models");
    assertEquals(ExitStatus.DONE, checked.status(), checked.err());
    assertFalse(checked.err().contains("warning"), checked.err());

    CommandRun run =
        CommandRun.in(folder, "run", copy.toString(), "--models", "models", "--overwrite");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    SAVED
        .matcher(text)
        .results()
        .forEach(saved -> assertTrue(Files.exists(folder.resolve(saved.group(1))), run.out()));
  }

  /** The first lines say what it teaches and how to run it. */
  @ParameterizedTest
  @MethodSource("scripts")
  void beginsWithWhatItTeaches(Path script) throws IOException {
    List<String> lines = Files.readAllLines(script);
    assertTrue(lines.getFirst().matches("# .*[.:].*"), lines.getFirst());
    assertTrue(
        lines.subList(0, 10).stream()
            .anyMatch(line ->
                line.contains("bmr run examples/" + script.getFileName())
                    || line.contains("bmr plan examples/" + script.getFileName())),
        script + " does not say how to run it");
  }

  @Test
  void thereAreADozen() throws IOException {
    assertTrue(scripts().size() >= 12, scripts().toString());
  }
}
