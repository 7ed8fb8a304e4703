package bmr.report;

import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import bmr.model.Part;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Tensors of a model by what their formulas say, with labels such as {@code IN00-IN05, M00}. */
final class FormulaGroups {
  /**
   * Tensors with one formula.
   *
   * @param label the blocks, with parts or counts where a block is not whole
   * @param text the formula
   */
  record Group(String label, String text) {}

  /** How many tensors of a block lie in each part. */
  private static final class Counts {
    private final TreeMap<Block, Map<Part, Integer>> blocks = new TreeMap<>();

    int total() {
      return blocks.values().stream()
          .flatMap(parts -> parts.values().stream())
          .mapToInt(Integer::intValue)
          .sum();
    }

    void add(FoldedTensor tensor) {
      blocks
          .computeIfAbsent(tensor.place().block(), _ -> new TreeMap<>())
          .merge(tensor.place().part(), 1, Integer::sum);
    }
  }

  private FormulaGroups() {}

  /** The groups, by the first block they have tensors in; what is never blended at the end. */
  static List<Group> of(FoldedModel model) {
    var texts = new IdentityHashMap<TensorFormula, String>();
    var whole = new Counts();
    var byText = new LinkedHashMap<String, Counts>();
    var apart = new LinkedHashMap<String, Counts>();
    for (FoldedTensor tensor : model.tensors()) {
      boolean computed = isComputed(tensor.formula());
      if (computed) {
        whole.add(tensor);
      }
      String text =
          texts.computeIfAbsent(
              tensor.formula(), formula -> PlanText.text(formula, model.sources()));
      (computed ? byText : apart).computeIfAbsent(text, _ -> new Counts()).add(tensor);
    }
    var groups = new ArrayList<Group>();
    byText.forEach((text, counts) -> groups.add(new Group(label(counts, whole, model), text)));
    apart.forEach(
        (text, counts) -> groups.add(new Group(Quantities.count(counts.total(), "tensor"), text)));
    return groups;
  }

  private static boolean isComputed(TensorFormula formula) {
    return switch (formula) {
      case TensorFormula.Blend _, TensorFormula.Channels _ -> true;
      case TensorFormula.Verbatim _, TensorFormula.PositionIds _ -> false;
    };
  }

  /** Runs of whole blocks are joined; what covers only a part of a block says so. */
  private static String label(Counts counts, Counts whole, FoldedModel model) {
    if (counts.blocks.size() > 1 && counts.blocks.equals(whole.blocks)) {
      return "all blocks";
    }
    List<Block> order = List.copyOf(whole.blocks.keySet());
    var label = new StringJoiner(", ");
    var run = new ArrayList<Block>();
    counts.blocks.forEach((block, parts) -> {
      boolean complete = parts.equals(whole.blocks.get(block));
      boolean follows =
          !run.isEmpty()
              && run.getLast().group() == block.group()
              && order.indexOf(block) == order.indexOf(run.getLast()) + 1;
      if (!complete || !follows) {
        flush(run, label);
      }
      if (complete) {
        run.add(block);
      } else {
        label.add(partial(block, parts, whole.blocks.get(block)));
      }
    });
    flush(run, label);
    return counts.blocks.isEmpty() ? model.name() : label.toString();
  }

  private static void flush(List<Block> run, StringJoiner label) {
    if (run.size() > 2) {
      label.add(run.getFirst().label() + "-" + run.getLast().label());
    } else {
      run.forEach(block -> label.add(block.label()));
    }
    run.clear();
  }

  /** {@code BASE (VAE, 2 of 196 tensors in text encoder)}. */
  private static String partial(
      Block block,
      Map<Part, Integer> parts,
      @org.jspecify.annotations.Nullable Map<Part, Integer> all) {
    var inside = new StringJoiner(", ", block.label() + " (", ")");
    parts.forEach((part, count) -> {
      int total = all == null ? count : all.getOrDefault(part, count);
      inside.add(
          count == total ? part.label() : count + " of " + total + " tensors in " + part.label());
    });
    return inside.toString();
  }
}
