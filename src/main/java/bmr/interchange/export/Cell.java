package bmr.interchange.export;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Place;
import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tensors that the weights of a recipe cannot tell apart, with one key that stands for them.
 *
 * @param label a block's, or that of a part of one ({@code VAE}, {@code TIME}, ...)
 * @param filter a piece of key that these tensors have and no others
 * @param elements the pieces of keys, of those that overrides ask for, that these keys have
 */
record Cell(String label, String filter, Site site, Set<String> elements) {
  Block block() {
    return site.place().block();
  }

  /** Whether the value in a list is meant for it, and not only the block around it. */
  boolean isBlock() {
    return isWhole() && label.equals(block().label());
  }

  /** Whether it is a block or part, and not some of its tensors. */
  boolean isWhole() {
    return elements.isEmpty();
  }

  /**
   * The cells, and behind them those of the same blocks and parts whose keys have some of the
   * pieces. A made-up key stands for each combination that can be.
   */
  static List<Cell> of(Architecture architecture, BlockMap map, List<String> pieces) {
    List<Cell> whole = of(architecture, map);
    List<Cell> cells = new ArrayList<>(whole);
    for (Cell cell : whole) {
      Set<Set<String>> known = new HashSet<>(Set.of(Set.of()));
      for (int chosen = 1; chosen < 1 << pieces.size(); chosen++) {
        StringBuilder key = new StringBuilder(cell.filter());
        for (int i = 0; i < pieces.size(); i++) {
          key.append((chosen >> i & 1) == 1 ? " " + pieces.get(i) : "");
        }
        Set<String> held = new LinkedHashSet<>(pieces);
        held.removeIf(piece -> key.indexOf(piece) < 0);
        if (known.add(held)) {
          var site = new Site(architecture, cell.site().place(), key.toString());
          cells.add(new Cell(cell.label(), cell.filter(), site, held));
        }
      }
    }
    return List.copyOf(cells);
  }

  /** A list of blocks first names BASE, then IN, M00, OUT; here parts stand behind the blocks. */
  static List<Cell> of(Architecture architecture, BlockMap map) {
    boolean xl = architecture.equals(Architecture.SDXL);
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
        // exported architectures have none
        case L, D, S -> {}
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
    return new Cell(label, filter, new Site(architecture, place, filter), Set.of());
  }
}
