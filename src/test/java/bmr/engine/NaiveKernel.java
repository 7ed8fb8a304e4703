package bmr.engine;

import bmr.kernel.Kernel;
import bmr.tensor.Float8;

/** Plain loops for tests, written without looking at the real ones. */
final class NaiveKernel implements Kernel {
  @Override
  public String description() {
    return "naive";
  }

  static double f16(short bits) {
    return Float.float16ToFloat(bits);
  }

  static double bf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  @Override
  public void scaleF16(short[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * (float) f16(x[i]);
    }
  }

  @Override
  public void addF16(short[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, (float) f16(x[i]), result[i]);
    }
  }

  @Override
  public void scaleF16(short[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * f16(x[i]);
    }
  }

  @Override
  public void addF16(short[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, f16(x[i]), result[i]);
    }
  }

  @Override
  public void scaleF8(Float8 type, byte[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * type.decode(x[i]);
    }
  }

  @Override
  public void addF8(Float8 type, byte[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, type.decode(x[i]), result[i]);
    }
  }

  @Override
  public void encodeF8(Float8 type, double[] x, int n, byte[] codes) {
    for (int i = 0; i < n; i++) {
      codes[i] = type.encode(x[i]);
    }
  }

  @Override
  public int countNonFiniteF8(Float8 type, byte[] codes, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += Double.isFinite(type.decode(codes[i])) ? 0 : 1;
    }
    return count;
  }

  @Override
  public void scaleBF16(short[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * (float) bf16(x[i]);
    }
  }

  @Override
  public void addBF16(short[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, (float) bf16(x[i]), result[i]);
    }
  }

  @Override
  public void scaleBF16(short[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * bf16(x[i]);
    }
  }

  @Override
  public void addBF16(short[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, bf16(x[i]), result[i]);
    }
  }

  @Override
  public void scaleF32(float[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * (float) x[i];
    }
  }

  @Override
  public void addF32(float[] x, int n, float c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, (float) x[i], result[i]);
    }
  }

  @Override
  public void scaleF32(float[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * x[i];
    }
  }

  @Override
  public void addF32(float[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, x[i], result[i]);
    }
  }

  @Override
  public void scaleF64(double[] x, int n, double c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) (c * x[i]);
    }
  }

  @Override
  public void addF64(double[] x, int n, double c, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) Math.fma(c, x[i], (double) result[i]);
    }
  }

  @Override
  public void scaleF64(double[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = c * x[i];
    }
  }

  @Override
  public void addF64(double[] x, int n, double c, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(c, x[i], result[i]);
    }
  }

  @Override
  public void encodeF16(float[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = Float.floatToFloat16(values[i]);
    }
  }

  @Override
  public void encodeBF16(float[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = toBF16(values[i]);
    }
  }

  @Override
  public void encodeF16(double[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = toF16(values[i]);
    }
  }

  @Override
  public void encodeBF16(double[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = toBF16(values[i]);
    }
  }

  @Override
  public void encodeF32(double[] values, int n, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) values[i];
    }
  }

  /** The nearest F16 of a double, ties to even, found by trying neighbours exactly. */
  static short toF16(double value) {
    short near = Float.floatToFloat16((float) value);
    if (!Double.isFinite(value)) {
      return near;
    }
    if (Math.abs(value) >= 65520) {
      return (short) (value < 0 ? 0xfc00 : 0x7c00);
    }
    int magnitude = Math.min(near & 0x7fff, 0x7bff);
    int best = nearest(Math.abs(value), magnitude, bits -> f16((short) bits), 0x7bff);
    return (short) (best | (value < 0 || 1 / value < 0 ? 0x8000 : 0));
  }

  /** The nearest BF16 of a double, ties to even. */
  static short toBF16(double value) {
    if (Double.isNaN(value)) {
      return 0x7fc0;
    }
    int sign = value < 0 || (value == 0 && 1 / value < 0) ? 0x8000 : 0;
    double limit = bf16((short) 0x7f7f) * (1 + Math.scalb(1.0, -8) / (2 - Math.scalb(1.0, -7)));
    if (Math.abs(value) >= limit) {
      return (short) (sign | 0x7f80);
    }
    int magnitude = Math.min(Float.floatToRawIntBits((float) Math.abs(value)) >>> 16, 0x7f7f);
    return (short) (sign | nearest(Math.abs(value), magnitude, b -> bf16((short) b), 0x7f7f));
  }

  private static int nearest(
      double value, int near, java.util.function.IntToDoubleFunction decode, int last) {
    int best = -1;
    double least = 0;
    for (int bits = Math.max(0, near - 1); bits <= Math.min(last, near + 1); bits++) {
      // exact: neighbours are within a factor of two of each other, or the difference is huge
      double distance = Math.abs(value - decode.applyAsDouble(bits));
      int order = best < 0 ? -1 : Double.compare(distance, least);
      if (order < 0 || (order == 0 && bits % 2 == 0)) {
        best = bits;
        least = distance;
      }
    }
    return best;
  }

  @Override
  public int countNonFiniteF16(short[] bits, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += Double.isFinite(f16(bits[i])) ? 0 : 1;
    }
    return count;
  }

  @Override
  public int countNonFiniteBF16(short[] bits, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += Double.isFinite(bf16(bits[i])) ? 0 : 1;
    }
    return count;
  }

  @Override
  public int countNonFinite(float[] values, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += Float.isFinite(values[i]) ? 0 : 1;
    }
    return count;
  }

  @Override
  public int countNonFinite(double[] values, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += Double.isFinite(values[i]) ? 0 : 1;
    }
    return count;
  }

  @Override
  public Products products(double[] left, double[] right, int n) {
    double leftLeft = 0;
    double leftRight = 0;
    double rightRight = 0;
    double distance = 0;
    for (int i = 0; i < n; i++) {
      leftLeft += left[i] * left[i];
      leftRight += left[i] * right[i];
      rightRight += right[i] * right[i];
      distance += (left[i] - right[i]) * (left[i] - right[i]);
    }
    return new Products(leftLeft, leftRight, rightRight, distance);
  }

  @Override
  public void combineF16(short[][] x, float[] c, int terms, int n, float[] result) {
    scaleF16(x[0], n, c[0], result);
    for (int t = 1; t < terms; t++) {
      addF16(x[t], n, c[t], result);
    }
  }

  @Override
  public void combineBF16(short[][] x, float[] c, int terms, int n, float[] result) {
    scaleBF16(x[0], n, c[0], result);
    for (int t = 1; t < terms; t++) {
      addBF16(x[t], n, c[t], result);
    }
  }

  @Override
  public Products products(float[] left, float[] right, int n) {
    double[] a = new double[n];
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      a[i] = left[i];
      b[i] = right[i];
    }
    return products(a, b, n);
  }

  @Override
  public void gram(double[][] operands, int count, int n, double[] upperTriangle) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i; j < count; j++) {
        for (int k = 0; k < n; k++) {
          upperTriangle[at] += operands[i][k] * operands[j][k];
        }
        at++;
      }
    }
  }
}
