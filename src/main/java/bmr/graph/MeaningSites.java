package bmr.graph;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One place for each block of an architecture, for parts of blocks, and for named elements. */
final class MeaningSites {
  /**
   * A place.
   *
   * @param label a block's or a part's
   * @param within the label of the block around a part; its own for a block
   * @param having pieces of keys, for elements; otherwise empty
   */
  record Representative(String label, String within, Site site, List<String> having, int tensors) {
    boolean isBlock() {
      return label.equals(within) && having.isEmpty();
    }

    boolean isElement() {
      return !having.isEmpty();
    }
  }

  private static final List<String> PART_KEYS =
      List.of(
          "cond_stage_model.transformer.text_model.final_layer_norm.weight",
          "conditioner.embedders.0.transformer.text_model.final_layer_norm.weight",
          "conditioner.embedders.1.model.ln_final.weight",
          "first_stage_model.decoder.conv_in.weight",
          "model.diffusion_model.time_embed.0.weight",
          "model.diffusion_model.label_emb.0.0.weight",
          "model.diffusion_model.out.2.weight");

  private MeaningSites() {}

  /**
   * The places, blocks first, then parts, then elements.
   *
   * @param fragments pieces of keys that the weights name
   * @param keys keys of the architecture's tensors; only elements need them
   */
  static List<Representative> of(
      Architecture architecture, BlockMap map, Set<String> fragments, Iterable<String> keys) {
    List<Representative> sites = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      Part part = block.equals(Block.BASE) ? Part.OTHER : Part.UNET;
      Site site = new Site(architecture, new Place(block, part, true), "");
      sites.add(new Representative(block.label(), block.label(), site, List.of(), 0));
    }
    for (String key : PART_KEYS) {
      Part part = Part.of(key);
      if (has(architecture, part)) {
        Place place = map.place(architecture, key);
        sites.add(
            new Representative(
                label(part),
                place.block().label(),
                new Site(architecture, place, ""),
                List.of(),
                0));
      }
    }
    if (!fragments.isEmpty()) {
      elements(architecture, map, fragments, keys, sites);
    }
    return sites;
  }

  private static boolean has(Architecture architecture, Part part) {
    return switch (part) {
      case CLIP -> !architecture.isSdxl();
      case CLIP_L, CLIP_G, LABEL -> architecture.isSdxl();
      case UNET, TIME, HEAD, VAE, OTHER -> true;
    };
  }

  /** As scripts spell it. */
  static String label(Part part) {
    return switch (part) {
      case CLIP_L -> "CLIPL";
      case CLIP_G -> "CLIPG";
      case UNET, TIME, LABEL, HEAD, CLIP, VAE, OTHER -> part.name();
    };
  }

  private static void elements(
      Architecture architecture,
      BlockMap map,
      Set<String> fragments,
      Iterable<String> keys,
      List<Representative> sites) {
    Map<List<Object>, Representative> found = new LinkedHashMap<>();
    for (String key : keys) {
      TreeSet<String> having = new TreeSet<>(fragments);
      having.removeIf(fragment -> !key.contains(fragment));
      if (having.isEmpty()) {
        continue;
      }
      Place place = map.place(architecture, key);
      boolean own = place.part() == Part.UNET || place.part() == Part.OTHER;
      String label = own ? place.block().label() : label(place.part());
      var one =
          new Representative(
              label,
              place.block().label(),
              new Site(architecture, place, key),
              List.copyOf(having),
              1);
      found.merge(
          List.of(place, having),
          one,
          (old, more) ->
              new Representative(
                  old.label(), old.within(), old.site(), old.having(), old.tensors() + 1));
    }
    sites.addAll(found.values());
  }
}
