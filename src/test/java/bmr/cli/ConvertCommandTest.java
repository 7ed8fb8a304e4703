package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.TorchFiles;
import bmr.TorchFiles.Pickle;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  private static final Map<DType, String> STORAGES =
      Map.of(
          DType.F16, "HalfStorage",
          DType.F32, "FloatStorage",
          DType.F64, "DoubleStorage",
          DType.BF16, "BFloat16Storage",
          DType.I64, "LongStorage",
          DType.I32, "IntStorage",
          DType.U8, "ByteStorage");

  @TempDir private static Path samples;
  @TempDir private Path folder;

  @BeforeAll
  static void models() {
    SampleFolder.fill(samples);
  }

  @BeforeEach
  void copies() throws IOException {
    Files.createDirectory(folder.resolve("torch"));
    Files.createDirectory(folder.resolve("models"));
    for (String name : List.of("OpenBra", "sxd_10Pruned")) {
      String file = "models/" + name + ".safetensors";
      Files.copy(samples.resolve(file), folder.resolve(file));
    }
  }

  private Path torch(String name, boolean deflated) throws IOException {
    return torch(name, deflated, UnaryOperator.identity());
  }

  /** Writes a sample as torch would, its keys in the same order. */
  private Path torch(String name, boolean deflated, UnaryOperator<Pickle> more) throws IOException {
    try (Checkpoint model = Checkpoint.open(folder.resolve("models/" + name + ".safetensors"))) {
      var pickle = new Pickle().raw('}').text("state_dict").raw('}');
      var storages = new LinkedHashMap<String, byte[]>();
      for (StoredTensor stored : model.stored().values()) {
        String key = Integer.toString(storages.size());
        ByteBuffer bytes = ByteBuffer.allocate((int) stored.info().bytes());
        model.read(bytes, stored.position());
        storages.put(key, bytes.array());
        long[] sizes =
            stored.info().shape().dimensions().stream().mapToLong(Long::longValue).toArray();
        pickle
            .text(stored.storedKey())
            .tensor(STORAGES.get(stored.info().dtype()), key, sizes)
            .raw('s');
      }
      pickle.raw('s').text("global_step").number(840_000).raw('s');
      byte[] file = TorchFiles.archive(more.apply(pickle).stop(), storages, deflated);
      return Files.write(folder.resolve("torch/" + name + ".ckpt"), file);
    }
  }

  private CommandRun bmr(String... arguments) {
    return CommandRun.in(folder, arguments);
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  private void assertSameMix(String models) throws IOException {
    String[] run = {
      "run", "-e", "OpenBra x 0.7 + sxd_10Pruned x 0.3", "--metadata", "minimal", "-o"
    };
    bmr(with(run, "plain.safetensors", "--models", "models"));
    CommandRun mixed = bmr(with(run, "mixed.safetensors", "--models", models));
    assertEquals(ExitStatus.DONE, mixed.status(), mixed.err());
    byte[] plain = strip(bytes("plain.safetensors"));
    assertArrayEquals(plain, strip(bytes("mixed.safetensors")));
  }

  /** Without the title, which is the file's name. */
  private static byte[] strip(byte[] file) {
    String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.replace("plain", "mixed").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String[] with(String[] first, String... more) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(first), java.util.Arrays.stream(more))
        .toArray(String[]::new);
  }

  @Test
  void aRecipeOfPyTorchFilesMakesTheSameBytes() throws IOException {
    torch("OpenBra", false);
    torch("sxd_10Pruned", false);
    assertSameMix("torch");
  }

  @Test
  void aRecipeOfDeflatedFilesMakesTheSameBytes() throws IOException {
    torch("OpenBra", true);
    torch("sxd_10Pruned", true);
    assertSameMix("torch");
  }

  @Test
  void tensorsKeepTheirBytes() throws IOException {
    torch("sxd_10Pruned", false);
    CommandRun run = bmr("convert", "torch/sxd_10Pruned.ckpt", "out.safetensors");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check(
        "cli/convert.golden", run.out().replaceAll(" in [0-9.]+ m?s", " in TIME") + run.err());
    try (Checkpoint before = Checkpoint.open(folder.resolve("models/sxd_10Pruned.safetensors"));
        Checkpoint after = Checkpoint.open(folder.resolve("out.safetensors"))) {
      int compared = 0;
      for (StoredTensor stored : after.stored().values()) {
        if (!stored.info().key().endsWith("position_ids")) {
          StoredTensor own = before.stored().get(stored.info().key());
          assertEquals(own.info(), stored.info());
          assertArrayEquals(read(before, own), read(after, stored), stored.info().key());
          compared++;
        }
      }
      assertTrue(compared > 100);
    }
  }

  private static byte[] read(Checkpoint file, StoredTensor tensor) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.info().bytes());
    file.read(bytes, tensor.position());
    return bytes.array();
  }

  @Test
  void nothingIsReplacedUnasked() throws IOException {
    torch("OpenBra", false);
    Files.writeString(folder.resolve("out.safetensors"), "mine");
    CommandRun refused = bmr("convert", "torch/OpenBra.ckpt", "out.safetensors");
    assertEquals(1, refused.status());
    assertTrue(refused.err().contains("BMR0609"), refused.err());
    assertEquals("mine", Files.readString(folder.resolve("out.safetensors")));
    CommandRun replaced = bmr("convert", "torch/OpenBra.ckpt", "out.safetensors", "--overwrite");
    assertEquals(ExitStatus.DONE, replaced.status(), replaced.err());
    CommandRun itself =
        bmr("convert", "models/OpenBra.safetensors", "models/OpenBra.safetensors", "--overwrite");
    assertTrue(itself.err().contains("BMR0608"), itself.err());
  }

  /** Two U-Net weights, one of them with an EMA copy, and other leftovers. */
  private Path small() throws IOException {
    byte[] pickle =
        new Pickle()
            .raw('}')
            .text("model.diffusion_model.input_blocks.0.0.weight")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .text("model.diffusion_model.input_blocks.0.0.bias")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .text("model_ema.diffusion_modelinput_blocks00weight")
            .tensor("FloatStorage", "1", 1)
            .raw('s')
            .text("model_ema.decay")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .text("loss.logvar")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .stop();
    var storages = new LinkedHashMap<String, byte[]>();
    storages.put("0", new byte[] {0, 0, (byte) 0x80, 0x3f});
    storages.put("1", new byte[] {0, 0, 0, 0x40});
    return Files.write(folder.resolve("small.ckpt"), TorchFiles.archive(pickle, storages, false));
  }

  private Map<String, String> values(String file) throws IOException {
    var values = new LinkedHashMap<String, String>();
    try (Checkpoint made = Checkpoint.open(folder.resolve(file))) {
      for (StoredTensor stored : made.stored().values()) {
        byte[] bytes = read(made, stored);
        values.put(
            stored.info().key(),
            stored.info().dtype() + " " + java.util.HexFormat.of().formatHex(bytes));
      }
    }
    return values;
  }

  @Test
  void leftoversAreCountedOrKept() throws IOException {
    small();
    CommandRun plain = bmr("convert", "small.ckpt", "plain.safetensors");
    assertTrue(plain.out().contains("EMA copies: 2 tensors left out"), plain.out());
    assertTrue(plain.out().contains("leftovers of training: 1 tensor left out"), plain.out());
    assertEquals(2, values("plain.safetensors").size());
    CommandRun full = bmr("convert", "small.ckpt", "full.safetensors", "--full");
    assertEquals(ExitStatus.DONE, full.status(), full.err());
    assertFalse(full.out().contains("left out"), full.out());
    assertEquals(5, values("full.safetensors").size());
    assertEquals(2, bmr("convert", "small.ckpt", "x.safetensors", "--full", "--ema").status());
  }

  @Test
  void emaCopiesBecomeTheWeights() throws IOException {
    small();
    CommandRun run = bmr("convert", "small.ckpt", "ema.safetensors", "--ema", "--dtype", "f16");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("U-Net: 1 weight taken from the EMA copies"), run.out());
    assertEquals(
        Map.of(
            "model.diffusion_model.input_blocks.0.0.weight", "F16 0040",
            "model.diffusion_model.input_blocks.0.0.bias", "F16 003c"),
        values("ema.safetensors"));
    CommandRun none = bmr("convert", "ema.safetensors", "again.safetensors", "--ema");
    assertTrue(none.err().contains("BMR0435"), none.err());
  }

  @Test
  void anotherVaeIsBakedIn() throws IOException {
    torch("OpenBra", false);
    byte[] pickle =
        new Pickle()
            .raw('}')
            .text("decoder.conv_in.weight")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .text("loss.logvar")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .stop();
    byte[] vae = TorchFiles.archive(pickle, TorchFiles.storage(new byte[] {0, 0, 0, 0x40}), true);
    Files.write(folder.resolve("my.vae.pt"), vae);
    CommandRun run = bmr("convert", "torch/OpenBra.ckpt", "out.safetensors", "--vae", "my.vae.pt");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Map<String, String> made = values("out.safetensors");
    assertEquals("F32 00000040", made.get("first_stage_model.decoder.conv_in.weight"));
    assertEquals(
        1, made.keySet().stream().filter(key -> key.startsWith("first_stage_model.")).count());
    small();
    CommandRun none = bmr("convert", "torch/OpenBra.ckpt", "x.safetensors", "--vae", "small.ckpt");
    assertTrue(none.err().contains("BMR0436"), none.err());
  }

  /** A VAE alone keeps the names that web UIs look for in such a file. */
  @Test
  void aVaeAloneKeepsItsNames() throws IOException {
    byte[] pickle =
        new Pickle()
            .raw('}')
            .text("decoder.conv_in.weight")
            .tensor("FloatStorage", "0", 1)
            .raw('s')
            .stop();
    Files.write(
        folder.resolve("my.vae.pt"),
        TorchFiles.archive(pickle, TorchFiles.storage(new byte[4]), false));
    bmr("convert", "my.vae.pt", "vae.safetensors");
    String header = new String(bytes("vae.safetensors"), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(header.contains("\"decoder.conv_in.weight\""), header);
  }

  @Test
  void dangerousFilesMakeNothing() throws IOException {
    torch("OpenBra", false, pickle -> pickle.text("x").global("os", "system").raw('s'));
    CommandRun run = bmr("convert", "torch/OpenBra.ckpt", "out.safetensors");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("it names `os.system`"), run.err());
    assertFalse(Files.exists(folder.resolve("out.safetensors")));
  }

  @Test
  void suchFilesAreListedAndShown() throws IOException {
    torch("OpenBra", false);
    torch("sxd_10Pruned", false, pickle -> pickle.text("x").global("os", "system").raw('s'));
    Golden.check("cli/models-torch.golden", bmr("models", "torch").out());
    CommandRun shown = bmr("inspect", "torch/OpenBra.ckpt");
    CommandRun plain = bmr("inspect", "models/OpenBra.safetensors");
    assertEquals(ExitStatus.DONE, shown.status(), shown.err());
    assertTrue(shown.out().contains("SD 1"), shown.out());
    assertEquals(
        plain.out().lines().filter(line -> line.contains("IN00")).toList(),
        shown.out().lines().filter(line -> line.contains("IN00")).toList());
  }
}
