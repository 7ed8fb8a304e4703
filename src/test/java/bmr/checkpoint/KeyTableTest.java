package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.SharedData;
import bmr.checkpoint.KeyTable.Form;
import bmr.checkpoint.KeyTable.Name;
import bmr.model.Architecture;
import bmr.sample.ArchitectureKeys;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  /** What Diffusers has no tensors for. */
  private static final String WITHOUT =
      ".*(logit_scale|position_ids)|cond_stage_model\\.model\\.text_projection";

  private record Part(String folder, KeyTable table, String beginning) {}

  private static List<Part> parts(Architecture architecture) {
    var unet = new Part("unet.", KeyTable.UNET, "model.diffusion_model.");
    var vae = new Part("vae.", KeyTable.VAE, "first_stage_model.");
    var clip = new Part("te.", KeyTable.CLIP, "cond_stage_model.transformer.");
    var clipH = new Part("te.", KeyTable.OPENCLIP, "cond_stage_model.model.");
    var clipL = new Part("te1.", KeyTable.CLIP, "conditioner.embedders.0.transformer.");
    var clipG = new Part("te2.", KeyTable.OPENCLIP, "conditioner.embedders.1.model.");
    if (architecture.equals(Architecture.SDXL)) {
      return List.of(unet, vae, clipL, clipG);
    }
    return List.of(unet, vae, architecture.equals(Architecture.SD1) ? clip : clipH);
  }

  /** All Diffusers keys of an architecture with their shapes, by folder. */
  private static Map<String, Shape> diffusers(Architecture architecture, Part part) {
    var all = new TreeMap<String, Shape>();
    ArchitectureKeys.shapes(architecture)
        .forEach((key, shape) -> {
          if (key.startsWith(part.beginning())) {
            for (Name name :
                part.table().diffusers(key.substring(part.beginning().length()), begin -> true)) {
              assertNull(
                  all.put(name.key(), shape(shape, name.form())), () -> "two of " + name.key());
            }
          }
        });
    return all;
  }

  private static Shape shape(Shape shape, Form form) {
    return switch (form) {
      case SAME -> shape;
      case SWAPPED, FOURTH -> throw new AssertionError("not in a U-Net");
      case FIRST, SECOND, THIRD -> {
        long[] dimensions = shape.dimensions().stream().mapToLong(Long::longValue).toArray();
        dimensions[0] /= 3;
        yield Shape.of(dimensions);
      }
      case TRANSPOSED -> Shape.of(shape.dimension(1), shape.dimension(0));
      case CONVOLUTION -> {
        assertEquals(List.of(1L, 1L), shape.dimensions().subList(2, 4));
        yield Shape.of(shape.dimension(0), shape.dimension(1));
      }
    };
  }

  @Test
  void everyKeyHasItsNamesAndTheyLeadBack() {
    for (Architecture architecture :
        List.of(Architecture.SD1, Architecture.SD2, Architecture.SDXL)) {
      var left = new TreeSet<>(ArchitectureKeys.of(architecture));
      for (Part part : parts(architecture)) {
        var names = new TreeSet<>(diffusers(architecture, part).keySet());
        Predicate<String> family = begin -> names.stream().anyMatch(name -> name.startsWith(begin));
        var back = new TreeMap<String, Integer>();
        for (String name : names) {
          String single = part.table().single(name, family).orElseThrow().key();
          back.merge(part.beginning() + single, 1, Integer::sum);
        }
        back.forEach(
            (key, count) -> assertEquals(key.contains(".in_proj_") ? 3 : 1, count, () -> key));
        left.removeAll(back.keySet());
      }
      left.removeIf(key -> key.matches(WITHOUT));
      assertEquals(new TreeSet<>(), left, architecture.label());
    }
  }

  @Test
  void namesAndShapesAreThoseOfDiffusers() throws IOException {
    var expected = new TreeMap<String, String>();
    for (String line : Files.readAllLines(SharedData.require("data/metadata/keys/sd1-kohya.tsv"))) {
      String[] cells = line.split("\t");
      expected.put(cells[1], cells[2].replace(",", ", "));
    }
    var actual = new TreeMap<String, String>();
    for (Part part : parts(Architecture.SD1)) {
      diffusers(Architecture.SD1, part)
          .forEach((key, shape) -> actual.put(part.folder() + key, shape.toString()));
    }
    actual.remove("te.text_model.embeddings.position_ids");
    assertEquals(expected, actual);
  }

  @Test
  void theSecondTextEncoderIsThatOfDiffusers() throws IOException {
    var expected = new TreeMap<String, String>();
    for (String line :
        Files.readAllLines(SharedData.require("data/metadata/keys/sdxl-kohya.tsv"))) {
      String[] cells = line.split("\t");
      if (cells[0].equals("clip_g")) {
        expected.put(cells[1].replaceFirst("^te[^.]*\\.", ""), cells[2].replace(",", ", "));
      }
    }
    // kept apart by that tool
    expected.keySet().removeIf(key -> key.contains("logit_scale") || key.contains("position_ids"));
    var actual = new TreeMap<String, String>();
    diffusers(Architecture.SDXL, parts(Architecture.SDXL).get(3))
        .forEach((key, shape) -> actual.put(key, shape.toString()));
    if (!expected.containsKey("text_projection.weight")) {
      actual.remove("text_projection.weight");
    }
    assertEquals(expected, actual);
  }

  @Test
  void oldNamesOfTheAutoencoder() {
    for (String end : List.of("encoder", "decoder")) {
      String old = end + ".mid_block.attentions.0.";
      assertEquals(
          Optional.of(new Name(end + ".mid.attn_1.q.weight", Form.CONVOLUTION)),
          KeyTable.VAE.single(old + "query.weight", begin -> false));
      assertEquals(
          Optional.of(new Name(end + ".mid.attn_1.proj_out.bias", Form.SAME)),
          KeyTable.VAE.single(old + "proj_attn.bias", begin -> false));
      assertEquals(
          List.of(old + "to_q.bias"),
          KeyTable.VAE.diffusers(end + ".mid.attn_1.q.bias", begin -> true).stream()
              .map(Name::key)
              .toList());
    }
  }

  @Test
  void theUpsamplerStandsBehindTheAttention() {
    String key = "up_blocks.1.upsamplers.0.conv.weight";
    assertEquals(
        "output_blocks.5.2.conv.weight",
        KeyTable.UNET.single(key, "up_blocks.1.attentions."::equals).orElseThrow().key());
    assertEquals(
        "output_blocks.5.1.conv.weight",
        KeyTable.UNET.single(key, begin -> false).orElseThrow().key());
    assertEquals(Optional.empty(), KeyTable.UNET.single("strange.weight", begin -> true));
    assertEquals(List.of(), KeyTable.OPENCLIP.diffusers("logit_scale", begin -> true));
  }

  @Test
  void patterns() {
    assertEquals(
        Arrays.asList("a.0.b.1", "a.0.b.2", "a.1.b.1", "a.1.b.2"),
        KeyPattern.choices("a.{i=0..1}.b.{j=1..2}").stream()
            .map(numbers -> KeyPattern.filled("a.{i}.b.{j}", numbers))
            .toList());
    assertEquals("8.1", KeyPattern.filled("{3i+j+1}.{3-i}", Map.of('i', 2, 'j', 1)));
    assertThrows(IllegalStateException.class, () -> KeyPattern.filled("{2*i}", Map.of('i', 2)));
    assertThrows(IllegalStateException.class, () -> KeyPattern.filled("{k}", Map.of('i', 2)));
  }
}
