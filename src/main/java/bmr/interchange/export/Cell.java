package bmr.interchange.export;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Place;
import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors that weights per block and per part cannot tell apart, with one key that stands for them.
 *
 * @param label a block's, or that of a part of one ({@code VAE}, {@code TIME}, ...)
 * @param filter a piece of key that these tensors have and no others
 */
record Cell(String label, String filter, Site site) {
  Block block() {
    return site.place().block();
  }

  /** Whether the value in a list is meant for it, and not only the block around it. */
  boolean isBlock() {
    return label.equals(block().label());
  }

  /** A list of blocks first names BASE, then IN, M00, OUT; here parts stand behind the blocks. */
  static List<Cell> of(Architecture architecture, BlockMap map) {
    boolean xl = architecture == Architecture.SDXL;
    String unet = "model.diffusion_model.";
    List<Cell> cells = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      switch (block.group()) {
        case BASE ->
            cells.add(
                xl
                    ? cell(
                        architecture,
                        map,
                        "BASE",
                        "conditioner.embedders.0.",
                        "conditioner.embedders.0.transformer.text_model.final_layer_norm.weight")
                    : cell(
                        architecture,
                        map,
                        "BASE",
                        "cond_stage_model.",
                        "cond_stage_model.transformer.text_model.final_layer_norm.weight"));
        case IN -> cells.add(numbered(architecture, map, block, "input_blocks." + block.number()));
        case MID -> cells.add(numbered(architecture, map, block, "middle_block"));
        case OUT ->
            cells.add(numbered(architecture, map, block, "output_blocks." + block.number()));
      }
    }
    if (xl) {
      cells.add(
          cell(
              architecture,
              map,
              "CLIPG",
              "conditioner.embedders.1.",
              "conditioner.embedders.1.model.ln_final.weight"));
    }
    cells.add(
        cell(
            architecture,
            map,
            "VAE",
            "first_stage_model.",
            "first_stage_model.decoder.conv_in.weight"));
    cells.add(cell(architecture, map, "TIME", unet + "time_embed.", unet + "time_embed.0.weight"));
    if (xl) {
      cells.add(
          cell(architecture, map, "LABEL", unet + "label_emb.", unet + "label_emb.0.0.weight"));
    }
    cells.add(cell(architecture, map, "HEAD", unet + "out.", unet + "out.2.weight"));
    return List.copyOf(cells);
  }

  private static Cell numbered(Architecture architecture, BlockMap map, Block block, String path) {
    String filter = "model.diffusion_model." + path + ".";
    return cell(architecture, map, block.label(), filter, filter + "0.weight");
  }

  private static Cell cell(
      Architecture architecture, BlockMap map, String label, String filter, String key) {
    Place place = map.place(architecture, key);
    return new Cell(label, filter, new Site(architecture, place, key));
  }
}
