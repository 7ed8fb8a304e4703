package bmr.analysis;

import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Inner products of all pairs of n models, tensor by tensor, in double precision: from it every
 * cosine and distance of linear combinations of the models follows without reading them again
 * (docs/similarity.md). A value; safe for many threads.
 *
 * <p>A tensor's products are kept relative to its <em>origin</em> o, the tensor in the first source
 * that holds it: of o and of the differences x_i − o, not of the models x_i. A combination Σ c_i
 * x_i is (Σ c_i)·o + Σ c_i·(x_i − o), so that the difference of two combinations with equal sums of
 * coefficients never touches the large numbers ⟨o,o⟩, and keeps all its digits however close the
 * models are. Every tensor may have another origin, and their {@link Gram}s can be added all the
 * same.
 */
public final class InnerProductTable {
  private final List<Source> sources;
  private final List<Tensor> tensors;
  private final List<double[]> sums;
  private final List<double[]> products;

  /**
   * A model.
   *
   * @param name what people call it; says nothing about its content
   * @param contentKey equal for files with equal content ({@link ContentKey})
   */
  public record Source(String name, String contentKey) {}

  /**
   * A tensor that some sources hold in one shape.
   *
   * @param key canonical
   * @param shape as the first holder has it; [n,m] and [n,m,1,1] are one
   * @param holders ascending indices of the sources that hold it in this shape; the first is the
   *     origin; at least one. A source that holds the key in another shape is none of them
   */
  public record Tensor(String key, Shape shape, Block block, Part part, List<Integer> holders) {
    public Tensor {
      holders = List.copyOf(holders);
    }

    /** Elements in one source. */
    public long elements() {
      return shape.elements();
    }

    /** The source whose tensor is the origin. */
    public int origin() {
      return holders.getFirst();
    }
  }

  /**
   * A table from numbers.
   *
   * @param sums per tensor and holder, in the order of its holders: Σ o, then Σ (x_i − o)
   * @param products per tensor, by holders as in the sums: column after column of the upper
   *     triangle, ⟨0,0⟩, ⟨0,1⟩, ⟨1,1⟩, ⟨0,2⟩ ...; h·(h+1)/2 for h holders
   */
  InnerProductTable(
      List<Source> sources, List<Tensor> tensors, List<double[]> sums, List<double[]> products) {
    this.sources = List.copyOf(sources);
    this.tensors = List.copyOf(tensors);
    this.sums = List.copyOf(sums);
    this.products = List.copyOf(products);
    for (int i = 0; i < tensors.size(); i++) {
      int holders = tensors.get(i).holders().size();
      if (sums.get(i).length != holders || products.get(i).length != triangle(holders)) {
        throw new IllegalArgumentException("numbers of " + tensors.get(i).key());
      }
    }
  }

  /**
   * A table of tensors in memory, by plain loops: for tests and small things.
   *
   * @param tensors whose holders' values follow
   * @param values per tensor, per holder, its elements
   */
  public static InnerProductTable of(
      List<Source> sources, List<Tensor> tensors, List<List<double[]>> values) {
    var sums = new ArrayList<double[]>();
    var products = new ArrayList<double[]>();
    for (List<double[]> holders : values) {
      var operands = new double[holders.size()][];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = holders.get(i).clone();
        for (int e = 0; i > 0 && e < operands[i].length; e++) {
          operands[i][e] -= holders.getFirst()[e];
        }
      }
      var sum = new double[operands.length];
      var triangle = new double[triangle(operands.length)];
      int pair = 0;
      for (int column = 0; column < operands.length; column++) {
        for (double value : operands[column]) {
          sum[column] += value;
        }
        for (int row = 0; row <= column; row++) {
          double product = 0;
          for (int e = 0; e < operands[column].length; e++) {
            product = Math.fma(operands[row][e], operands[column][e], product);
          }
          triangle[pair++] = product;
        }
      }
      sums.add(sum);
      products.add(triangle);
    }
    return new InnerProductTable(sources, tensors, sums, products);
  }

  /** Pairs of so many operands, each with itself too. */
  static int triangle(int operands) {
    return operands * (operands + 1) / 2;
  }

  /** Where the product of two operands stands. */
  static int pair(int row, int column) {
    return row <= column ? triangle(column) + row : triangle(row) + column;
  }

  public List<Source> sources() {
    return sources;
  }

  public List<Tensor> tensors() {
    return tensors;
  }

  /** The numbers of a tensor as the constructor takes them; not to be changed. */
  double[] storedSums(int tensor) {
    return sums.get(tensor);
  }

  double[] storedProducts(int tensor) {
    return products.get(tensor);
  }

  /**
   * The inner product of a tensor in two sources, 0 where one does not hold it. For figures of
   * close models {@link #gram} is better: it keeps their differences.
   */
  public double product(int tensor, int i, int j) {
    return gram(tensor).product(unit(i), unit(j));
  }

  /** The sum of a tensor's elements in a source, 0 where it does not hold it. */
  public double sum(int tensor, int i) {
    return gram(tensor).sum(unit(i));
  }

  private double[] unit(int source) {
    var coefficients = new double[sources.size()];
    coefficients[Objects.checkIndex(source, coefficients.length)] = 1;
    return coefficients;
  }

  /**
   * The table of some sources in another order. Where the origin of a tensor is not among them, the
   * first that holds it becomes the origin; tensors that none of them holds are left out.
   *
   * @param indices of sources; may repeat
   */
  public InnerProductTable select(int[] indices) {
    var kept = new ArrayList<Tensor>();
    var keptSums = new ArrayList<double[]>();
    var keptProducts = new ArrayList<double[]>();
    for (int t = 0; t < tensors.size(); t++) {
      Tensor tensor = tensors.get(t);
      var holders = new ArrayList<Integer>();
      for (int i = 0; i < indices.length; i++) {
        if (tensor.holders().contains(indices[i])) {
          holders.add(i);
        }
      }
      if (holders.isEmpty()) {
        continue;
      }
      Gram gram = gram(t);
      var forms = new double[holders.size()][sources.size()];
      var sum = new double[forms.length];
      var product = new double[triangle(forms.length)];
      for (int column = 0; column < forms.length; column++) {
        forms[column][indices[holders.get(column)]] += 1;
        if (column > 0) {
          forms[column][indices[holders.getFirst()]] -= 1;
        }
        sum[column] = gram.sum(forms[column]);
        for (int row = 0; row <= column; row++) {
          product[pair(row, column)] = gram.product(forms[row], forms[column]);
        }
      }
      kept.add(new Tensor(tensor.key(), tensor.shape(), tensor.block(), tensor.part(), holders));
      keptSums.add(sum);
      keptProducts.add(product);
    }
    List<Source> chosen = IntStream.of(indices).mapToObj(sources::get).toList();
    return new InnerProductTable(chosen, kept, keptSums, keptProducts);
  }

  /** The same table where people call the sources otherwise. */
  public InnerProductTable named(List<String> names) {
    List<Source> renamed =
        IntStream.range(0, sources.size())
            .mapToObj(i -> new Source(names.get(i), sources.get(i).contentKey()))
            .toList();
    return new InnerProductTable(renamed, tensors, sums, products);
  }

  /**
   * ⟨Σ a_i x_i, Σ b_i x_i⟩ for one tensor, as {@link Gram#product} says; quicker than a Gram for a
   * single product.
   *
   * @param a a coefficient for each source; those of sources that do not hold the tensor are not
   *     looked at
   */
  public double product(int tensor, double[] a, double[] b) {
    List<Integer> holders = tensors.get(tensor).holders();
    double[] numbers = products.get(tensor);
    double sumA = 0;
    double sumB = 0;
    double crossA = 0;
    double crossB = 0;
    double inner = 0;
    for (int row = 0; row < holders.size(); row++) {
      double left = a[holders.get(row)];
      double right = b[holders.get(row)];
      sumA += left;
      sumB += right;
      if (row == 0 || left == 0 && right == 0) {
        continue;
      }
      double cross = numbers[triangle(row)];
      crossA = Math.fma(left, cross, crossA);
      crossB = Math.fma(right, cross, crossB);
      if (left != 0) {
        double with = 0;
        for (int column = 1; column < holders.size(); column++) {
          with = Math.fma(b[holders.get(column)], numbers[pair(row, column)], with);
        }
        inner = Math.fma(left, with, inner);
      }
    }
    return sumA * sumB * numbers[0] + sumA * crossB + sumB * crossA + inner;
  }

  /** The sum of the elements of Σ a_i x_i for one tensor. */
  public double sum(int tensor, double[] a) {
    List<Integer> holders = tensors.get(tensor).holders();
    double[] numbers = sums.get(tensor);
    double total = 0;
    double differences = 0;
    for (int row = 0; row < holders.size(); row++) {
      double coefficient = a[holders.get(row)];
      total += coefficient;
      if (row > 0 && coefficient != 0) {
        differences = Math.fma(coefficient, numbers[row], differences);
      }
    }
    return total * numbers[0] + differences;
  }

  /** The numbers of one tensor, for all sources. */
  public Gram gram(int tensor) {
    var gram = new Gram(sources.size());
    add(tensor, gram);
    return gram;
  }

  /**
   * The numbers of some tensors flattened into one vector. What a combination's coefficient on a
   * source means for tensors that this source does not hold is the caller's affair: they count as
   * the origin there, so take only tensors that all sources with a coefficient hold.
   */
  public Gram summed(Predicate<Tensor> which) {
    return summed(
        IntStream.range(0, tensors.size()).filter(i -> which.test(tensors.get(i))).toArray());
  }

  /** The same for tensors by index. */
  public Gram summed(int[] which) {
    var gram = new Gram(sources.size());
    for (int tensor : which) {
      add(tensor, gram);
    }
    return gram;
  }

  private void add(int index, Gram gram) {
    gram.add(tensors.get(index), sums.get(index), products.get(index));
  }
}
