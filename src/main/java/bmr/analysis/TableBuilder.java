package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.analysis.InnerProductTable.Tensor;
import bmr.analysis.TableContent.Entry;
import bmr.checkpoint.Checkpoint;
import bmr.engine.GramScan;
import bmr.engine.GramScan.Target;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.model.BlockMap;
import bmr.model.Place;
import bmr.model.TensorRole;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fills tables by one pass over the models, from nothing or from what is there already. */
final class TableBuilder {
  /** Nanoseconds between two times that unfinished tables are kept. */
  private static final long INTERVAL = 20_000_000_000L;

  private final List<Source> sources;
  private final List<Tensor> tensors;
  private final @Nullable Entry[] entries;

  private TableBuilder(List<Source> sources, List<Tensor> tensors) {
    this.sources = sources;
    this.tensors = tensors;
    this.entries = new Entry[tensors.size()];
  }

  /**
   * Computes what is missing.
   *
   * @param sources the models' names and keys
   * @param known of the first of these sources
   * @param keep takes unfinished tables from time to time and when the pass fails or is cancelled;
   *     takes the finished one too
   */
  static InnerProductTable build(
      List<Source> sources,
      List<Checkpoint> models,
      TableContent known,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled,
      Consumer<TableContent> keep) {
    var builder = new TableBuilder(sources, tensors(models));
    List<Integer> indices = new ArrayList<>();
    List<Target> targets = builder.targets(known, indices);
    if (!targets.isEmpty()) {
      long[] last = {System.nanoTime()};
      boolean finished = false;
      try {
        GramScan.run(
            targets,
            models,
            limits,
            progress,
            cancelled,
            (target, sums, products) -> {
              builder.add(indices.get(target), sums, products);
              if (System.nanoTime() - last[0] > INTERVAL) {
                keep.accept(builder.content());
                last[0] = System.nanoTime();
              }
            });
        finished = true;
      } finally {
        if (!finished) {
          keep.accept(builder.content());
        }
      }
      keep.accept(builder.content());
    }
    return builder.content().table();
  }

  /** The tensors of some models that are blended, in the order of the first model, then others. */
  static List<Tensor> tensors(List<Checkpoint> models) {
    SequencedMap<String, TensorInfo> first = new LinkedHashMap<>();
    Map<String, List<Integer>> holders = new HashMap<>();
    Map<String, Place> places = new HashMap<>();
    for (int i = 0; i < models.size(); i++) {
      Checkpoint model = models.get(i);
      for (TensorInfo info : model.tensors().values()) {
        if (TensorRole.of(info.key()) != TensorRole.BLENDED || !info.dtype().isFloat()) {
          continue;
        }
        TensorInfo like = first.putIfAbsent(info.key(), info);
        if (like == null) {
          places.put(info.key(), BlockMap.standard().place(model.architecture(), info.key()));
        }
        if (like == null || like.shape().sameButForTrailingOnes(info.shape())) {
          holders.computeIfAbsent(info.key(), key -> new ArrayList<>()).add(i);
        }
      }
    }
    var tensors = new ArrayList<Tensor>();
    first.forEach((key, info) -> {
      Place place = Objects.requireNonNull(places.get(key));
      tensors.add(
          new Tensor(
              key,
              info.shape(),
              place.block(),
              place.part(),
              Objects.requireNonNull(holders.get(key))));
    });
    return tensors;
  }

  /** Takes what is known over, and says what is to be computed. */
  private List<Target> targets(TableContent known, List<Integer> indices) {
    Map<String, Entry> old = new HashMap<>();
    known.entries().forEach(entry -> old.put(entry.tensor().key(), entry));
    var targets = new ArrayList<Target>();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      Entry entry = old.get(tensor.key());
      int covered = entry == null ? 0 : entry.tensor().holders().size();
      boolean fits =
          entry != null
              && covered <= tensor.holders().size()
              && tensor.holders().subList(0, covered).equals(entry.tensor().holders())
              && tensor.shape().sameButForTrailingOnes(entry.tensor().shape());
      if (!fits) {
        covered = 0;
      }
      if (fits && entry != null) {
        entries[i] = entry;
      }
      if (covered < tensor.holders().size()) {
        indices.add(i);
        targets.add(new Target(tensor.key(), tensor.shape(), tensor.holders(), covered));
      } else if (entry != null) {
        entries[i] = new Entry(tensor, sources.size(), entry.sums(), entry.products());
      }
    }
    return targets;
  }

  private void add(int index, double[] sums, double[] products) {
    Entry before = entries[index];
    double[] allSums = before == null ? sums : joined(before.sums(), sums);
    double[] allProducts = before == null ? products : joined(before.products(), products);
    entries[index] = new Entry(tensors.get(index), sources.size(), allSums, allProducts);
  }

  private static double[] joined(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private TableContent content() {
    var there = new ArrayList<Entry>();
    for (Entry entry : entries) {
      if (entry != null) {
        there.add(entry);
      }
    }
    return new TableContent(sources, there);
  }
}
