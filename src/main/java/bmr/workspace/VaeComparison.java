package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.MergeProblem;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the VAEs that a model blends are the same, judged by its smaller tensors: a few kilobytes
 * of each source, so that the warning comes before gigabytes are read.
 */
final class VaeComparison {
  private static final long SMALL = 64 << 10;
  private static final int ENOUGH = 6;

  /** Half precision keeps 11 bits: values of one VAE in two types are closer than this. */
  private static final double SAME = 1e-3;

  private VaeComparison() {}

  static List<Diagnostic> warnings(FoldedModel model, List<Checkpoint> sources) {
    Set<Integer> blended = new TreeSet<>();
    List<FoldedTensor> samples = new ArrayList<>();
    for (FoldedTensor tensor : model.tensors()) {
      if (tensor.place().part() == Part.VAE
          && tensor.formula() instanceof TensorFormula.Blend
          && tensor.formula().sources().size() > 1) {
        blended.addAll(tensor.formula().sources());
        boolean weight = tensor.key().endsWith("weight") && tensor.shape().rank() >= 2;
        if (weight && tensor.shape().elements() * 4 <= SMALL && samples.size() < ENOUGH) {
          samples.add(tensor);
        }
      }
    }
    if (blended.size() < 2) {
      return List.of();
    }
    List<String> different = new ArrayList<>();
    List<Integer> representatives = new ArrayList<>();
    for (int source : blended) {
      boolean known = false;
      for (int other : representatives) {
        known |= same(samples, sources.get(source), sources.get(other));
      }
      if (!known) {
        representatives.add(source);
        different.add(sources.get(source).name());
      }
    }
    return different.size() < 2
        ? List.of()
        : List.of(Diagnostic.of(new MergeProblem.VaesBlended(model.name(), different)));
  }

  private static boolean same(List<FoldedTensor> samples, Checkpoint left, Checkpoint right) {
    for (FoldedTensor sample : samples) {
      Optional<double[]> a = values(left, sample.key());
      Optional<double[]> b = values(right, sample.key());
      if (a.isEmpty() || b.isEmpty() || a.get().length != b.get().length) {
        continue;
      }
      Kernel.Products products = Kernel.best().products(a.get(), b.get(), a.get().length);
      if (products.distance() > SAME * SAME * products.rightRight()) {
        return false;
      }
    }
    return true;
  }

  private static Optional<double[]> values(Checkpoint file, String key) {
    Checkpoint.StoredTensor stored = file.stored().get(key);
    if (stored == null || stored.info().bytes() > 2 * SMALL) {
      return Optional.empty();
    }
    int n = Math.toIntExact(stored.info().elements());
    ByteBuffer bytes =
        ByteBuffer.allocate((int) stored.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    try {
      file.read(bytes, stored.position());
    } catch (IOException e) {
      return Optional.empty(); // the run itself will say so
    }
    bytes.flip();
    double[] values = new double[n];
    DType dtype = stored.info().dtype();
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (dtype) {
            case F16 -> Float.float16ToFloat(bytes.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ ->
                Float8.of(dtype).orElseThrow().decode(bytes.get(i));
            case F32 -> bytes.getFloat(4 * i);
            case F64 -> bytes.getDouble(8 * i);
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 ->
                0;
          };
    }
    return Optional.of(values);
  }
}
