package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.SharedData;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ArchitectureDetectionTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String CONTEXT =
      UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";

  @Test
  void wholeFilesAndTheirParts() throws IOException {
    for (Architecture architecture : new Architecture[] {Architecture.SD1, Architecture.SDXL}) {
      Map<String, TensorInfo> all = real(architecture);
      assertEquals(architecture, ArchitectureDetection.of(all));
      assertEquals(architecture, only(all, key -> Part.of(key).isUnet()));
      assertEquals(architecture, only(all, key -> Part.of(key).isTextEncoder()));
      assertEquals(Architecture.UNKNOWN, only(all, key -> Part.of(key) == Part.VAE));
      assertEquals(architecture, only(all, key -> Part.of(key) != Part.VAE));
    }
  }

  @Test
  void widthTellsTheUnetOfSd2() {
    assertEquals(Architecture.SD2, of(twelve(1024)));
    assertEquals(Architecture.SD1, of(twelve(768)));
    assertEquals(Architecture.SD1, of(twelve(12)));
    assertEquals(Architecture.SDXL_REFINER, of(twelve(1280)));
  }

  @Test
  void textEncoderOutweighsAWidthThatSamplesShrink() {
    Map<String, TensorInfo> shrunken = twelve(12);
    add(shrunken, "cond_stage_model.model.ln_final.bias", 8);
    assertEquals(Architecture.SD2, of(shrunken));
  }

  @Test
  void othersByTheirOwnKeys() {
    var flux = new LinkedHashMap<String, TensorInfo>();
    add(flux, UNET + "double_blocks.0.img_attn.proj.weight", 8, 8);
    assertEquals(Architecture.FLUX, of(flux));
    var sd3 = new LinkedHashMap<String, TensorInfo>();
    add(sd3, UNET + "context_embedder.weight", 8, 8);
    assertEquals(Architecture.SD3, of(sd3));
    assertEquals(Architecture.UNKNOWN, of(Map.of()));
    var strange = twelve(768);
    strange.remove(CONTEXT);
    add(strange, CONTEXT);
    assertEquals(Architecture.SD1, of(strange), "a scalar where a matrix belongs");
  }

  private static Map<String, TensorInfo> twelve(long width) {
    var tensors = new LinkedHashMap<String, TensorInfo>();
    add(tensors, CONTEXT, 320, width);
    add(tensors, UNET + "input_blocks.11.0.emb_layers.1.bias", 1280);
    return tensors;
  }

  private static void add(Map<String, TensorInfo> tensors, String key, long... shape) {
    tensors.put(key, new TensorInfo(key, DType.F16, Shape.of(shape)));
  }

  private static Architecture of(Map<String, TensorInfo> tensors) {
    return ArchitectureDetection.of(tensors);
  }

  private static Architecture only(Map<String, TensorInfo> all, Predicate<String> kept) {
    var some = new LinkedHashMap<>(all);
    some.keySet().removeIf(kept.negate());
    return of(some);
  }

  private static Map<String, TensorInfo> real(Architecture architecture) throws IOException {
    String table =
        architecture.equals(Architecture.SD1) ? "blockmap_sd15.tsv" : "blockmap_sdxl.tsv";
    var tensors = new LinkedHashMap<String, TensorInfo>();
    Files.readAllLines(SharedData.require("reference/" + table)).stream()
        .skip(1)
        .map(line -> line.split("\t"))
        .forEach(cells -> add(tensors, cells[0], lengths(cells[1])));
    return tensors;
  }

  private static long[] lengths(String shape) {
    return Arrays.stream(shape.split(","))
        .filter(length -> !length.isEmpty())
        .mapToLong(Long::parseLong)
        .toArray();
  }
}
