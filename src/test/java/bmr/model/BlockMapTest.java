package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockMapTest {
  private static final String UNET = "model.diffusion_model.";

  /** Columns of the tables that were taken from the tools, and the profile that repeats each. */
  private static final Map<String, String> COLUMNS =
      Map.of(
          "mbw_sm2023H1", "supermerger-2023-06",
          "sm_2023-07_2025-11", "supermerger-2023-07",
          "sm_2025-11+", "supermerger-2025-11",
          "model_mixer", "model-mixer");

  @Test
  void agreesWithTheToolsOnEveryKeyOfSd1() throws IOException {
    assertEquals(1131 * 3, compare("reference/blockmap_sd15.tsv", Architecture.SD1));
  }

  @Test
  void agreesWithTheToolsOnEveryKeyOfSdxl() throws IOException {
    assertEquals(2515 * 3, compare("reference/blockmap_sdxl.tsv", Architecture.SDXL));
  }

  private static int compare(String table, Architecture architecture) throws IOException {
    Path path = SharedData.require(table);
    List<String> lines = Files.readAllLines(path);
    List<String> header = List.of(lines.getFirst().split("\t"));
    var different = new ArrayList<String>();
    int compared = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t");
      for (int column = 2; column < cells.length; column++) {
        BlockMap map = map(COLUMNS.get(header.get(column)));
        Place place = map.place(architecture, cells[0]);
        String actual = place.blended() ? place.block().label() : "KEEP_A";
        compared++;
        if (!actual.equals(cells[column])) {
          different.add(map.name() + " " + cells[0] + ": " + actual + " not " + cells[column]);
        }
      }
    }
    assertEquals(List.of(), different);
    return compared;
  }

  @ParameterizedTest
  @CsvSource({
    "bmr,                 SD1,  time_embed.0.weight, IN00,  true",
    "supermerger-2023-06, SD1,  time_embed.0.weight, IN00,  true",
    "supermerger-2023-07, SD1,  time_embed.0.weight, OUT11, true",
    "supermerger-2023-07, SDXL, time_embed.0.weight, IN00,  false",
    "supermerger-2025-11, SDXL, time_embed.0.weight, IN00,  true",
    "model-mixer,         SDXL, time_embed.2.bias,   OUT08, true",
    "bmr,                 SDXL, label_emb.0.0.bias,  IN00,  true",
    "model-mixer,         SDXL, label_emb.0.0.bias,  IN00,  false",
    "bmr,                 SD1,  out.2.weight,        OUT11, true",
    "bmr,                 SDXL, out.2.weight,        OUT08, true",
    "bmr,                 SD2,  output_blocks.11.0.emb_layers.1.bias, OUT11, true",
    "bmr,                 SDXL, output_blocks.9.0.emb_layers.1.bias,  BASE,  true",
    "bmr,                 SD1,  input_blocks.99.0.op.bias,  BASE, true",
    "bmr,                 SD1,  input_blocks.1x.0.op.bias,  BASE, true",
    "bmr,                 SD1,  input_blocks.99999999999,   BASE, true",
    "bmr,                 SD1,  middle_block.1.norm.weight, M00,  true",
    "bmr,                 FLUX, double_blocks.0.img_attn.proj.weight, D00, true",
  })
  void putsTensorsOfTheUnet(
      String map, Architecture architecture, String rest, String block, boolean blended) {
    Place place = map(map).place(architecture, UNET + rest);
    assertEquals(block, place.block().label());
    assertEquals(blended, place.blended());
  }

  @Test
  void historicMapsKeepWhatTheirToolsDidNotMerge() {
    String projection = "cond_stage_model.model.text_projection";
    assertTrue(map("bmr").place(Architecture.SD2, projection).blended());
    assertTrue(map("supermerger-2023-06").place(Architecture.SD2, projection).blended());
    assertFalse(map("supermerger-2023-07").place(Architecture.SD2, projection).blended());
    assertFalse(map("model-mixer").place(Architecture.SD2, projection).blended());
    assertFalse(map("supermerger-2023-06").place(Architecture.SD1, "betas").blended());
  }

  @Test
  void emaCopiesAreInNoBlockOfTheUnet() {
    Place place =
        BlockMap.standard().place(Architecture.SD1, "model_ema.diffusion_modelinput_blocks00bias");
    assertEquals(new Place(Block.BASE, Part.OTHER, true), place);
  }

  @Test
  void knowsMapsByName() {
    assertEquals(BlockMap.standard().name(), BlockMap.names().getFirst());
    assertEquals(5, BlockMap.names().size());
    assertEquals(Optional.empty(), BlockMap.named("BMR"));
  }

  @ParameterizedTest
  @CsvSource({
    "model.diffusion_model.time_embed.0.bias,      TIME",
    "model.diffusion_model.label_emb.0.0.bias,     LABEL",
    "model.diffusion_model.out.0.bias,             HEAD",
    "model.diffusion_model.output_blocks.0.0.bias, UNET",
    "model.diffusion_model.,                       UNET",
    "first_stage_model.quant_conv.bias,            VAE",
    "cond_stage_model.model.ln_final.bias,         CLIP",
    "conditioner.embedders.0.transformer.x,        CLIP_L",
    "conditioner.embedders.1.model.x,              CLIP_G",
    "conditioner.embedders.10.model.x,             OTHER",
    "denoiser.sigmas,                              OTHER",
  })
  void tellsParts(String key, Part part) {
    assertEquals(part, Part.of(key));
  }

  private static BlockMap map(String name) {
    return BlockMap.named(name).orElseThrow();
  }
}
