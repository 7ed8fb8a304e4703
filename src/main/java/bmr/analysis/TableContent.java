package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.analysis.InnerProductTable.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that may lack numbers: what is kept when a pass is interrupted or a model is added.
 *
 * @param entries tensors of which there are numbers
 */
record TableContent(List<Source> sources, List<Entry> entries) {
  TableContent {
    sources = List.copyOf(sources);
    entries = List.copyOf(entries);
  }

  /** A tensor's numbers for the first sources; the arrays are not to be changed. */
  static final class Entry {
    private final Tensor tensor;
    private final int covered;
    private final double[] sums;
    private final double[] products;

    /**
     * @param covered how many sources have been asked; none of {@code tensor}'s holders is behind
     * @param sums as {@link InnerProductTable} has them
     */
    Entry(Tensor tensor, int covered, double[] sums, double[] products) {
      this.tensor = tensor;
      this.covered = covered;
      this.sums = sums;
      this.products = products;
    }

    Tensor tensor() {
      return tensor;
    }

    int covered() {
      return covered;
    }

    double[] sums() {
      return sums;
    }

    double[] products() {
      return products;
    }
  }

  /** Whether nothing is missing. */
  boolean complete() {
    return entries.stream().allMatch(entry -> entry.covered() == sources.size());
  }

  InnerProductTable table() {
    var tensors = new ArrayList<Tensor>();
    var sums = new ArrayList<double[]>();
    var products = new ArrayList<double[]>();
    for (Entry entry : entries) {
      tensors.add(entry.tensor());
      sums.add(entry.sums());
      products.add(entry.products());
    }
    return new InnerProductTable(sources, tensors, sums, products);
  }
}
