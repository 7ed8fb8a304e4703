package bmr.model;

import java.util.List;

/**
 * A block map as a handful of decisions; what all maps agree on is in {@link #place}. Sources of
 * the historic ones: docs/block-maps.md.
 *
 * @param time where {@code time_embed} goes on SD 1.x and 2.x
 * @param timeOnSdxl where it goes on SDXL
 * @param label where {@code label_emb} goes
 * @param vae where the VAE goes
 * @param kept which other tensors keep the first operand's values
 */
record BlockMapProfile(String name, Where time, Where timeOnSdxl, Where label, Where vae, Kept kept)
    implements BlockMap {

  /** A decision about one family of keys. */
  enum Where {
    BASE,
    FIRST_IN,
    LAST_OUT,
    /** The first operand's tensor, whatever the weights. */
    KEPT
  }

  /** Tensors outside the families above that a tool did not merge. */
  enum Kept {
    NONE,
    /** {@code position_ids}, and keys without {@code model} in them. */
    POSITION_IDS,
    /** As above, and keys with neither {@code weight} nor {@code bias} in them. */
    UNWEIGHTED,
    /** The list of Model Mixer. */
    LISTED
  }

  static final BlockMapProfile STANDARD =
      new BlockMapProfile(
          "bmr", Where.FIRST_IN, Where.FIRST_IN, Where.FIRST_IN, Where.BASE, Kept.NONE);

  /** The standard one first. */
  static final List<BlockMapProfile> ALL =
      List.of(
          STANDARD,
          new BlockMapProfile(
              "supermerger-2023-06",
              Where.FIRST_IN,
              Where.FIRST_IN,
              Where.BASE,
              Where.BASE,
              Kept.POSITION_IDS),
          new BlockMapProfile(
              "supermerger-2023-07",
              Where.LAST_OUT,
              Where.KEPT,
              Where.KEPT,
              Where.BASE,
              Kept.UNWEIGHTED),
          new BlockMapProfile(
              "supermerger-2025-11",
              Where.FIRST_IN,
              Where.FIRST_IN,
              Where.FIRST_IN,
              Where.BASE,
              Kept.UNWEIGHTED),
          new BlockMapProfile(
              "model-mixer", Where.LAST_OUT, Where.LAST_OUT, Where.KEPT, Where.KEPT, Kept.LISTED));

  @Override
  public Place place(Architecture architecture, String key) {
    Part part = Part.of(key);
    Where where =
        switch (part) {
          case TIME -> architecture.isSdxl() ? timeOnSdxl : time;
          case LABEL -> label;
          case HEAD -> Where.LAST_OUT;
          case VAE -> vae;
          case UNET, CLIP, CLIP_L, CLIP_G, OTHER -> Where.BASE;
        };
    Block block =
        part == Part.UNET || architecture.depth() == 0
            ? architecture.block(key)
            : block(where, part, architecture);
    return new Place(block, part, where != Where.KEPT && !isKept(part, key));
  }

  private static Block block(Where where, Part part, Architecture architecture) {
    int depth = architecture.depth();
    return switch (where) {
      case BASE -> Block.BASE;
      case FIRST_IN -> Block.in(0);
      case LAST_OUT -> Block.out(depth - 1);
      // no weight reaches it; it is shown where the standard map has it
      case KEPT -> part == Part.VAE ? Block.BASE : Block.in(0);
    };
  }

  private boolean isKept(Part part, String key) {
    return switch (kept) {
      case NONE -> false;
      case POSITION_IDS -> isForeign(part, key);
      case UNWEIGHTED -> isForeign(part, key) || !(key.contains("weight") || key.contains("bias"));
      case LISTED ->
          isForeign(part, key) || key.endsWith(".logit_scale") || key.endsWith(".text_projection");
    };
  }

  private static boolean isForeign(Part part, String key) {
    return part == Part.OTHER ? !key.contains("model") : key.endsWith(".position_ids");
  }
}
