package bmr.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.TorchFiles;
import bmr.TorchFiles.Entry;
import bmr.TorchFiles.Pickle;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.SafetensorsLayout;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs over files that are no models, and over values that the output cannot hold. */
class StrangeSourcesTest {
  private static final String KEY = "model.diffusion_model.input_blocks.0.0.weight";

  @TempDir private Path folder;

  private Path file(String name, String key, Shape shape, float... values) throws IOException {
    var info = new TensorInfo(key, DType.F32, shape);
    var data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return file(name, List.of(info), data.array());
  }

  private Path file(String name, List<TensorInfo> tensors, byte[] data) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(SafetensorsLayout.of(tensors, Map.of()).header());
    out.writeBytes(data);
    Path models = Files.createDirectories(folder.resolve("models"));
    return Files.write(models.resolve(name), out.toByteArray());
  }

  private CommandRun run(String script, String... more) {
    SampleFolder.write(folder, "mix.bmr", script);
    String[] all =
        Stream.concat(Stream.of("run", "mix.bmr", "--models", "models"), Stream.of(more))
            .toArray(String[]::new);
    return CommandRun.in(folder, all);
  }

  /** The codes by the OCP 8-bit formats and FNUZ: half way to the next power is still rounded. */
  @ParameterizedTest
  @CsvSource({
    "f8_e4m3, 448, 464, 480, 7e 7e 7f",
    "f8_e4m3, -448, -464, -1000, fe fe ff",
    "f8_e5m2, 57344, 61439, 61440, 7b 7b 7c",
    "f8_e5m2, -57344, -61439, -1e9, fb fb fc"
  })
  void whatEightBitsDoNotHoldIsNotWritten(
      String dtype, float largest, float rounded, float beyond, String codes) throws IOException {
    file("A.safetensors", KEY, Shape.of(3), largest, rounded, beyond);
    file("B.safetensors", KEY, Shape.of(3), largest, rounded, beyond);
    String script = "M = A x 0.5 + B x 0.5\nsave M as \"x.safetensors\" " + dtype + "\n";
    CommandRun refused = run(script);
    assertEquals(ExitStatus.FAULT, refused.status(), refused.out());
    String told = "error[BMR0622]: `" + KEY + "` would hold 1 value that is NaN, infinite or too";
    assertTrue(refused.err().contains(told), refused.err());
    assertFalse(Files.exists(folder.resolve("x.safetensors")));

    CommandRun allowed = run(script, "--allow-nan");
    assertEquals(ExitStatus.DONE, allowed.status(), allowed.err());
    assertTrue(allowed.out().contains("NaN or infinite"), allowed.out());
    try (Checkpoint x = Checkpoint.open(folder.resolve("x.safetensors"))) {
      var bytes = ByteBuffer.allocate(3);
      x.read(bytes, x.stored().get(KEY).position());
      assertEquals(codes, "%02x %02x %02x".formatted(bytes.get(0), bytes.get(1), bytes.get(2)));
    }
  }

  @Test
  void moreShardsThanAModelMayHaveAreNotMade() throws IOException {
    var tensors =
        Stream.iterate(0, i -> i + 1)
            .limit(1001)
            .map(i -> new TensorInfo("layers." + i + ".weight", DType.U8, Shape.of(1)))
            .toList();
    file("A.safetensors", tensors, new byte[1001]);
    CommandRun run = run("M = A\nsave M as \"x.safetensors\" shards 1B\n");
    assertEquals(ExitStatus.FAULT, run.status(), run.out());
    assertTrue(
        run.err().contains("error[BMR0475]: shards of that size would be 1001 files, and at"),
        run.err());
    assertEquals(List.of("mix.bmr", "models"), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void recipesForOtherBlocksAreNotCompared() throws IOException {
    assertEquals(ExitStatus.DONE, CommandRun.in(folder, "sample", "models").status());
    assertEquals(
        ExitStatus.DONE, CommandRun.in(folder, "sample", "xl", "--architecture", "sdxl").status());
    SampleFolder.write(folder, "a.bmr", "models \"models\"\nM = OpenBra x 0.5 + EVT_V3 x 0.5\n");
    String xl = xlModels();
    SampleFolder.write(folder, "b.bmr", "models \"xl\"\nM = " + xl + "\n");
    CommandRun run =
        CommandRun.in(folder, "diff", "a.bmr", "b.bmr", "--models", "models", "--models", "xl");
    assertEquals(ExitStatus.USAGE, run.status(), run.out());
    assertTrue(run.err().contains("error[BMR0950]: one recipe is for SD 1"), run.err());
  }

  private String xlModels() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("xl"))) {
      List<String> stems =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".safetensors"))
              .map(name -> name.replace(".safetensors", ""))
              .sorted()
              .limit(2)
              .toList();
      return "\"" + stems.get(0) + "\" x 0.5 + \"" + stems.get(1) + "\" x 0.5";
    }
  }

  @Test
  void formsOfTensorsThatAreNoneAreNamed() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("storages".getBytes(UTF_8), 0, tar, 0, 8);
    System.arraycopy("ustar".getBytes(UTF_8), 0, tar, 257, 5);
    Path models = Files.createDirectories(folder.resolve("models"));
    Files.write(models.resolve("T.pt"), tar);
    byte[] pickle = new Pickle().raw('}').stop();
    Files.write(
        models.resolve("S.pt"),
        TorchFiles.zip(
            List.of(
                new Entry("s/data.pkl", pickle),
                new Entry("s/constants.pkl", pickle),
                new Entry("s/code/__torch__.py", "x".getBytes(UTF_8)),
                new Entry("s/version", "3\n".getBytes(UTF_8)))));
    CommandRun run = run("M = T x 0.5 + S x 0.5\nsave M\n");
    assertEquals(ExitStatus.FAULT, run.status(), run.out());
    assertTrue(run.err().contains("`models/T.pt` is a tar archive, as torch wrote"), run.err());
    assertTrue(run.err().contains("`models/S.pt` is a TorchScript program"), run.err());
  }

  @ParameterizedTest
  @CsvSource({"emb_params, 16", "<cat-toy>, 1", "clip_l, 8", "clip_g, 8"})
  void textualInversionsAreShownAndNotMerged(String key, int vectors) throws IOException {
    float[] values = new float[vectors * 768];
    file("E.safetensors", key, Shape.of(vectors, 768), values);
    CommandRun shown = CommandRun.in(folder, "inspect", "models/E.safetensors");
    assertEquals(ExitStatus.DONE, shown.status(), shown.err());
    assertTrue(shown.out().startsWith("E: unknown embedding, "), shown.out());
    file("A.safetensors", KEY, Shape.of(1), 1);
    CommandRun run = run("M = A x 0.5 + E x 0.5\nsave M\n");
    assertEquals(ExitStatus.FAULT, run.status(), run.out());
    assertTrue(
        run.err().contains("error[BMR0670]: `models/E.safetensors` is a textual inversion"),
        run.err());
  }

  @Test
  void aTensorOfANetworkIsNoTextualInversion() throws IOException {
    file("N.safetensors", "encoder.bias", Shape.of(768), new float[768]);
    CommandRun shown = CommandRun.in(folder, "inspect", "models/N.safetensors");
    assertFalse(shown.out().contains("embedding"), shown.out());
  }

  @Test
  void publishedTextualInversionsAreRecognised() throws IOException {
    Path root = SharedData.require("data/tensors/textual_inversion");
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.sorted().toList()) {
        CommandRun shown = CommandRun.in(folder, "inspect", file.toAbsolutePath().toString());
        assertEquals(ExitStatus.DONE, shown.status(), shown.err());
        String first = shown.out().lines().findFirst().orElse("");
        assertTrue(first.contains(" embedding, "), first);
      }
    }
  }

  @Test
  void theSameFileInTwoFormatsGivesTheSameResult() throws IOException {
    var data = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      data.putFloat(i / 7f);
    }
    byte[] pickle = new Pickle().raw('}').text(KEY).tensor("FloatStorage", "0", 12).raw('s').stop();
    Path models = Files.createDirectories(folder.resolve("models"));
    Files.write(
        models.resolve("T.ckpt"),
        TorchFiles.archive(pickle, TorchFiles.storage(data.array()), false));
    file("S.safetensors", List.of(new TensorInfo(KEY, DType.F32, Shape.of(12))), data.array());
    file("A.safetensors", KEY, Shape.of(12), new float[12]);
    var results = new java.util.ArrayList<byte[]>();
    for (String source : List.of("T", "S")) {
      String save = "save M as \"x.safetensors\" f16\n";
      CommandRun run = run("M = A x 0.75 + " + source + " x 0.25\n" + save, "--overwrite");
      assertEquals(ExitStatus.DONE, run.status(), run.err());
      try (Checkpoint x = Checkpoint.open(folder.resolve("x.safetensors"))) {
        var bytes = ByteBuffer.allocate(24);
        x.read(bytes, x.stored().get(KEY).position());
        results.add(bytes.array());
      }
    }
    assertArrayEquals(results.get(0), results.get(1));
  }
}
