package bmr.report;

import bmr.graph.BlockRanges;
import bmr.graph.TensorGroup;
import bmr.model.Block;
import bmr.model.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Groups of tensors as people and programs read them: whole blocks, parts, single tensors. */
final class TensorPlaces {
  private static final String UNET_PREFIX = "model.diffusion_model.";

  private final Map<Block, List<TensorGroup>> blocks = new TreeMap<>();
  private final int total;

  /**
   * A vocabulary for groups.
   *
   * @param all all groups there are
   */
  TensorPlaces(List<TensorGroup> all) {
    all.forEach(group -> blocks.computeIfAbsent(group.block(), _ -> new ArrayList<>()).add(group));
    total = all.size();
  }

  /** The blocks that lie in some groups with all their tensors. */
  List<Block> whole(List<TensorGroup> groups) {
    Set<TensorGroup> inside = new HashSet<>(groups);
    return blocks.entrySet().stream()
        .filter(block -> inside.containsAll(block.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The groups that lie in none of the {@link #whole} blocks. */
  List<TensorGroup> rest(List<TensorGroup> groups) {
    List<Block> whole = whole(groups);
    return groups.stream().filter(group -> !whole.contains(group.block())).toList();
  }

  /** {@code IN00-IN05, M00, VAE, OUT04 (attn1)}. */
  String text(List<TensorGroup> groups) {
    if (groups.size() == total) {
      return "all blocks";
    }
    Map<String, List<Block>> byKind = new LinkedHashMap<>();
    byKind.put("", new ArrayList<>(whole(groups)));
    List<String> parts = new ArrayList<>();
    Map<List<Object>, List<TensorGroup>> rest = new LinkedHashMap<>();
    rest(groups)
        .forEach(group ->
            rest.computeIfAbsent(List.of(group.block(), group.part()), _ -> new ArrayList<>())
                .add(group));
    rest.forEach((_, some) -> describe(some, byKind, parts));
    var text = new StringJoiner(", ");
    byKind.forEach((kind, which) -> {
      if (!which.isEmpty()) {
        text.add(BlockRanges.of(which) + kind);
      }
    });
    parts.forEach(text::add);
    return text.toString();
  }

  /** Groups of one block and part, of a block that is not all there. */
  private void describe(
      List<TensorGroup> some, Map<String, List<Block>> byKind, List<String> parts) {
    TensorGroup first = some.getFirst();
    List<TensorGroup> block = blocks.getOrDefault(first.block(), List.of());
    boolean complete =
        block.stream().filter(group -> group.part() == first.part()).allMatch(some::contains);
    boolean named = first.part() != Part.UNET && first.part() != Part.OTHER;
    if (complete && named) {
      parts.add(name(first.part()));
      return;
    }
    if (complete) {
      var without = new StringJoiner(", ");
      block.stream()
          .map(TensorGroup::part)
          .filter(part -> part != first.part())
          .distinct()
          .forEach(part -> without.add(name(part)));
      add(byKind, " without " + without, first.block());
      return;
    }
    for (TensorGroup group : some) {
      String kind =
          " ("
              + (group.having().isEmpty() ? "the other tensors" : having(group))
              + (named ? " in " + name(group.part()) : "")
              + ")";
      add(byKind, kind, group.block());
    }
  }

  private static void add(Map<String, List<Block>> byKind, String kind, Block block) {
    byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(block);
  }

  /** The pieces of names, those left out that a longer one says too. */
  private static String having(TensorGroup group) {
    return String.join(
        " ",
        group.having().stream()
            .filter(piece ->
                group.having().stream()
                    .noneMatch(other -> !other.equals(piece) && other.contains(piece)))
            .map(piece ->
                piece.startsWith(UNET_PREFIX) ? piece.substring(UNET_PREFIX.length()) : piece)
            .toList());
  }

  /** A part as scripts spell it. */
  static String name(Part part) {
    return switch (part) {
      case CLIP_L -> "CLIPL";
      case CLIP_G -> "CLIPG";
      case UNET, TIME, LABEL, HEAD, CLIP, VAE, OTHER -> part.name();
    };
  }
}
