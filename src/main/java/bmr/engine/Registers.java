package bmr.engine;

import bmr.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** One worker's arrays, reused for every block. */
final class Registers {
  /** Elements of a block: the sum and one source stay in the first-level cache. */
  static final int BLOCK = 2048;

  final Kernel kernel;
  final byte[] bytes = new byte[BLOCK];
  final short[] shorts = new short[BLOCK];
  final float[] floats = new float[BLOCK];
  final double[] wide = new double[BLOCK];
  private final List<double[]> doubles = new ArrayList<>();

  Registers(Kernel kernel) {
    this.kernel = kernel;
  }

  double[] doubles(int register) {
    while (doubles.size() <= register) {
      doubles.add(new double[BLOCK]);
    }
    return doubles.get(register);
  }

  /** Bytes of the arrays for so many registers. */
  static long bytes(int registers) {
    return BLOCK * (1L + 2 + 4 + 8 + 8L * registers);
  }
}
