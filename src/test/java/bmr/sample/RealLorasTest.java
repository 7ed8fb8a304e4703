package bmr.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.lora.LoraCheckpoint;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** LoRAs that people made, against plain loops over their matrices. */
class RealLorasTest {
  private static final String BLOCK =
      "model.diffusion_model.output_blocks.5.1.transformer_blocks.0.attn";

  /** The tensors of SD 1.x, or of 2.x as far as these LoRAs go: a text width of its own. */
  private static Map<String, TensorInfo> base(int width) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    TensorTable.of(Architecture.SD1)
        .forEach((key, shape) -> {
          boolean text = key.endsWith("attn2.to_k.weight") || key.endsWith("attn2.to_v.weight");
          Shape own = text ? Shape.of(shape.dimension(0), width) : shape;
          tensors.put(key, new TensorInfo(key, DType.F16, own));
        });
    return tensors;
  }

  private static Checkpoint open(String name) {
    return Checkpoint.open(SharedData.require("data/tensors/lora/" + name));
  }

  @Test
  void attentionProcessors() throws IOException {
    try (Checkpoint file = open("catundchat_diffusers_lora.safetensors");
        LoraCheckpoint lora = LoraCheckpoint.of("x", open(name(file)), base(768))) {
      used(lora, 128);
      String module = "up_blocks.1.attentions.2.transformer_blocks.0.attn";
      compare(lora, BLOCK + "1.to_q.weight", file, module + "1.processor.to_q_lora.");
      compare(lora, BLOCK + "1.to_out.0.weight", file, module + "1.processor.to_out_lora.");
      compare(lora, BLOCK + "2.to_k.weight", file, module + "2.processor.to_k_lora.");
    }
  }

  @Test
  void diffusersNames() throws IOException {
    try (Checkpoint file = open("vfph55_diffusers_lora.safetensors");
        LoraCheckpoint lora = LoraCheckpoint.of("x", open(name(file)), base(1024))) {
      used(lora, 128);
      String module = "unet.up_blocks.1.attentions.2.transformer_blocks.0.attn";
      compare(lora, BLOCK + "1.to_q.weight", file, module + "1.to_q.lora.");
      compare(lora, BLOCK + "2.to_v.weight", file, module + "2.to_v.lora.");
    }
  }

  @Test
  void kohyaNames() throws IOException {
    try (LoraCheckpoint kohya =
            LoraCheckpoint.of(
                "x", open("derived_kohya_names_from_vfph55.safetensors"), base(1024));
        LoraCheckpoint same =
            LoraCheckpoint.of("y", open("vfph55_diffusers_lora.safetensors"), base(1024))) {
      used(kohya, 128);
      assertEquals(same.tensors().keySet().size(), kohya.tensors().keySet().size());
      for (String key : same.tensors().keySet()) {
        assertEquals(values(same, key), values(kohya, key), key);
      }
    }
  }

  @Test
  void anotherTextWidthDoesNotFit() {
    try (LoraCheckpoint lora =
        LoraCheckpoint.of("x", open("vfph55_diffusers_lora.safetensors"), base(768))) {
      assertEquals(32, lora.misfits().size());
    }
  }

  @Test
  void numberedModulesAreNoModules() {
    try (LoraCheckpoint lora =
        LoraCheckpoint.of("x", open("cloneofsimo_lora_disney.safetensors"), base(768))) {
      assertEquals(0, lora.modules());
      assertTrue(lora.isNumbered());
    }
  }

  private static String name(Checkpoint file) {
    return String.valueOf(file.path().getFileName());
  }

  private static void used(LoraCheckpoint lora, int modules) {
    assertEquals(modules, lora.modules());
    assertEquals(modules, lora.used(), () -> lora.unused() + " " + lora.misfits());
  }

  private static java.nio.FloatBuffer values(Checkpoint file, String key) throws IOException {
    StoredTensor stored = stored(file, key);
    ByteBuffer buffer =
        ByteBuffer.allocate((int) stored.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, stored.position());
    buffer.flip();
    return buffer.asFloatBuffer();
  }

  private static StoredTensor stored(Checkpoint file, String key) {
    StoredTensor stored = file.stored().get(key);
    if (stored == null) {
      throw new AssertionError(key + " is not there");
    }
    return stored;
  }

  private static double[] numbers(Checkpoint file, String key) throws IOException {
    StoredTensor stored = stored(file, key);
    int count = (int) stored.info().elements();
    ByteBuffer buffer =
        ByteBuffer.allocate((int) stored.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, stored.position());
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          stored.info().dtype() == DType.BF16
              ? Float.intBitsToFloat(buffer.getShort(2 * i) << 16)
              : buffer.getFloat(4 * i);
    }
    return numbers;
  }

  private static void compare(LoraCheckpoint lora, String key, Checkpoint file, String module)
      throws IOException {
    double[] down = numbers(file, module + "down.weight");
    double[] up = numbers(file, module + "up.weight");
    int rank = (int) stored(file, module + "down.weight").info().shape().dimension(0);
    int columns = down.length / rank;
    var made = values(lora, key);
    assertEquals(up.length / rank * columns, made.remaining());
    double error = 0;
    double size = 0;
    for (int i = 0; i < up.length / rank; i++) {
      for (int j = 0; j < columns; j++) {
        double expected = 0;
        for (int r = 0; r < rank; r++) {
          expected += up[i * rank + r] * down[r * columns + j];
        }
        error += Math.pow(expected - made.get(i * columns + j), 2);
        size += expected * expected;
      }
    }
    assertTrue(size > 0);
    assertTrue(Math.sqrt(error / size) < 1e-6, key + " " + Math.sqrt(error / size));
    // any part of a tensor can be asked for
    StoredTensor stored = stored(lora, key);
    ByteBuffer part = ByteBuffer.allocate(4001).order(ByteOrder.LITTLE_ENDIAN);
    lora.read(part, stored.position() + 40 * columns + 4);
    assertEquals(made.get(10 * columns + 1), part.getFloat(0));
  }
}
