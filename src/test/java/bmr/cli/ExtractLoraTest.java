package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A LoRA extracted from two models brings one back from the other. */
class ExtractLoraTest {
  private static final String RECIPE =
      """
      L = extract_lora(sxd_10Pruned - epicrealism_newAge, rank: 64)
      save L as "models/Lora/l.safetensors" f16
      """;

  @TempDir private Path folder;

  private CommandRun run(String name, String script, String... more) throws IOException {
    Files.writeString(folder.resolve(name), script);
    CommandRun run =
        CommandRun.in(folder, "run", name, "--models", "models", "--allow-nan", "--overwrite");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    return run;
  }

  @Test
  void thereAndBack() throws IOException {
    SampleFolder.fill(folder);
    Files.createDirectories(folder.resolve("models/Lora"));
    run("extract.bmr", RECIPE);
    Path lora = folder.resolve("models/Lora/l.safetensors");
    byte[] first = Files.readAllBytes(lora);
    run("extract.bmr", RECIPE);
    assertEquals(ByteBuffer.wrap(first), ByteBuffer.wrap(Files.readAllBytes(lora)), "same bytes");
    try (var files = Files.list(folder.resolve("models/Lora"))) {
      assertEquals(1, files.count(), "the difference is removed");
    }
    try (Checkpoint file = Checkpoint.open(lora)) {
      assertEquals("networks.lora", file.metadata().get("ss_network_module"));
      assertEquals("64", file.metadata().get("ss_network_dim"));
      assertEquals("sd_v1", file.metadata().get("ss_base_model_version"));
      assertEquals("stable-diffusion-v1/lora", file.metadata().get("modelspec.architecture"));
      assertTrue(
          file.tensors()
              .containsKey(
                  "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.alpha"));
      assertTrue(
          file.tensors().containsKey("lora_te_text_model_encoder_layers_0_mlp_fc1.lora_up.weight"));
    }
    CommandRun back =
        run(
            "back.bmr",
            "M = epicrealism_newAge + lora(\"l\")\nsave M as \"back.safetensors\" f32\n");
    assertTrue(back.err().contains("modules used"), back.err());
    try (Checkpoint wanted = Checkpoint.open(folder.resolve("models/sxd_10Pruned.safetensors"));
        Checkpoint base = Checkpoint.open(folder.resolve("models/epicrealism_newAge.safetensors"));
        Checkpoint made = Checkpoint.open(folder.resolve("back.safetensors"))) {
      int compared = 0;
      for (StoredTensor stored : made.stored().values()) {
        String key = stored.info().key();
        boolean layer =
            key.matches("(model\\.diffusion_model|cond_stage_model).*weight")
                && !key.contains("embedding")
                && (stored.info().shape().rank() == 2 || stored.info().shape().rank() == 4);
        if (layer) {
          compared++;
          compare(key, values(wanted, key), values(base, key), values(made, key));
        }
      }
      assertTrue(compared > 250, compared + " layers");
    }
  }

  private static void compare(String key, double[] wanted, double[] base, double[] made) {
    double error = 0;
    double change = 0;
    for (int i = 0; i < made.length; i++) {
      error += Math.pow(wanted[i] - made[i], 2);
      change += Math.pow(wanted[i] - base[i], 2);
    }
    assertTrue(change > 0, key);
    assertTrue(Math.sqrt(error / change) < 2e-3, key + " " + Math.sqrt(error / change));
  }

  private static double[] values(Checkpoint file, String key) throws IOException {
    StoredTensor stored = file.stored().get(key);
    assertTrue(stored != null, key);
    int count = (int) stored.info().elements();
    int size = stored.info().dtype().bits() / 8;
    ByteBuffer buffer = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, stored.position());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = size == 4 ? buffer.getFloat(4 * i) : Float.float16ToFloat(buffer.getShort(2 * i));
    }
    return values;
  }

  @Test
  void isPlannedAndMadeOnce() throws IOException {
    SampleFolder.fill(folder);
    Files.writeString(
        folder.resolve("extract.bmr"),
        "L = extract_lora(sxd_10Pruned - epicrealism_newAge, rank: 8)\n"
            + "save L as \"l.safetensors\" bf16\n");
    List<String> plan = List.of("plan", "extract.bmr", "--models", "models", "--threads", "2");
    CommandRun planned = CommandRun.in(folder, plan.toArray(String[]::new));
    assertEquals(ExitStatus.DONE, planned.status(), planned.err());
    Golden.check("cli/plan-extraction.golden", planned.out());
    String[] run = {"run", "extract.bmr", "--models", "models"};
    CommandRun first = CommandRun.in(folder, run);
    assertEquals(ExitStatus.DONE, first.status(), first.err());
    CommandRun second = CommandRun.in(folder, run);
    assertEquals(ExitStatus.DONE, second.status(), second.err());
    assertTrue((second.out() + second.err()).contains("up to date"), second.out() + second.err());
    Files.writeString(
        folder.resolve("extract.bmr"),
        "L = extract_lora(sxd_10Pruned - epicrealism_newAge, rank: 9)\n"
            + "save L as \"l.safetensors\" bf16\n");
    CommandRun other = CommandRun.in(folder, run);
    assertEquals(ExitStatus.FAULT, other.status(), other.out());
    assertTrue(other.err().contains("BMR0609"), other.err());
  }

  @Test
  void sampleLorasAreUsedWhole() {
    for (String[] kind :
        new String[][] {{"sd1", "OpenBra", ""}, {"sdxl", "sd_xl_base_1.0", "_xl"}}) {
      for (int times = 0; times < 2; times++) {
        CommandRun sample =
            CommandRun.in(folder, "sample", "models", "--architecture", kind[0], "--lora");
        assertEquals(ExitStatus.DONE, sample.status(), sample.err());
        assertTrue(sample.out().contains("sample_lora" + kind[2] + ".safetensors"), sample.out());
      }
      String formula = "\"" + kind[1] + "\" + lora(\"sample_lora" + kind[2] + "\") x 0.5";
      CommandRun run =
          CommandRun.in(
              folder,
              "run",
              "-e",
              formula,
              "-o",
              kind[0] + ".safetensors",
              "--models",
              "models",
              "--allow-nan");
      assertEquals(ExitStatus.DONE, run.status(), run.err());
      assertTrue(
          run.err().matches("(?s).*LoRA `sample_lora" + kind[2] + "`: (\\d+) of \\1 modules.*"),
          run.err());
    }
  }

  /** The first convolution has formulas of its own for its channels, and is written first. */
  @Test
  void ofAnInpaintingModel() throws IOException {
    Files.createDirectories(folder.resolve("models"));
    Random random = new Random(4);
    for (String name : List.of("wide", "plain")) {
      List<SampleTensor> tensors = new ArrayList<>();
      for (String key :
          List.of("input_blocks.0.0", "time_embed.0", "out.2", "input_blocks.3.0.op")) {
        boolean first = key.equals("input_blocks.0.0");
        long inputs = first ? (name.equals("wide") ? 9 : 4) : 5;
        Shape shape = key.equals("time_embed.0") ? Shape.of(6, 5) : Shape.of(6, inputs, 3, 3);
        double[] values = random.doubles(shape.elements(), -1, 1).toArray();
        tensors.add(
            SampleTensor.of("model.diffusion_model." + key + ".weight", DType.F32, shape, values));
      }
      SampleFile.write(folder.resolve("models/" + name + ".safetensors"), tensors, Map.of());
    }
    run("wide.bmr", "L = extract_lora(wide - plain, rank: 6)\nsave L as \"l.safetensors\" f32\n");
    try (Checkpoint file = Checkpoint.open(folder.resolve("l.safetensors"))) {
      assertEquals(
          Shape.of(6, 9, 3, 3),
          file.tensors().get("lora_unet_conv_in.lora_down.weight").shape(),
          file.tensors().keySet().toString());
    }
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("l.safetensors", "models", "wide.bmr"),
          files.map(one -> String.valueOf(one.getFileName())).sorted().toList());
    }
  }

  @Test
  void standsAlone() throws IOException {
    SampleFolder.fill(folder);
    Files.writeString(
        folder.resolve("wrong.bmr"),
        "L = OpenBra + extract_lora(sxd_10Pruned - OpenBra, rank: 4)\n");
    CommandRun run = CommandRun.in(folder, "check", "wrong.bmr", "--models", "models");
    assertTrue(run.err().contains("BMR0648"), run.err());
  }
}
