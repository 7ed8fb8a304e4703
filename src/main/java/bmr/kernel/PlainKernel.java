package bmr.kernel;

import bmr.tensor.Float8;

/** Counted loops over heap arrays, most of which the JIT compiler turns into vector code. */
class PlainKernel implements Kernel {
  /**
   * How many values go through an array between two formats: small enough for L1, a multiple of
   * {@link LaneSums#LANES}.
   */
  static final int CHUNK = 1024;

  @Override
  public String description() {
    return "plain loops";
  }

  @Override
  public void scaleF16(short[] bits, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * Float.float16ToFloat(bits[i]);
    }
  }

  @Override
  public void addF16(short[] bits, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, Float.float16ToFloat(bits[i]), result[i]);
    }
  }

  @Override
  public void scaleBF16(short[] bits, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * Narrow.fromBF16(bits[i]);
    }
  }

  @Override
  public void addBF16(short[] bits, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, Narrow.fromBF16(bits[i]), result[i]);
    }
  }

  @Override
  public void scaleF32(float[] values, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * values[i];
    }
  }

  @Override
  public void addF32(float[] values, int n, float coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, values[i], result[i]);
    }
  }

  @Override
  public void scaleF64(double[] values, int n, double coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) (coefficient * values[i]);
    }
  }

  @Override
  public void addF64(double[] values, int n, double coefficient, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) Math.fma(coefficient, values[i], result[i]);
    }
  }

  @Override
  public void combineF16(short[][] bits, float[] coefficients, int terms, int n, float[] result) {
    scaleF16(bits[0], n, coefficients[0], result);
    int term = 1;
    for (; term + 4 <= terms; term += 4) {
      addFourF16(bits, coefficients, term, n, result);
    }
    if (term + 2 <= terms) {
      addTwoF16(bits, coefficients, term, n, result);
      term += 2;
    }
    if (term < terms) {
      addF16(bits[term], n, coefficients[term], result);
    }
  }

  /** Adds four terms from {@code first} on, so that the sum stays in registers between them. */
  private static void addFourF16(
      short[][] bits, float[] coefficients, int first, int n, float[] result) {
    short[] a = bits[first];
    short[] b = bits[first + 1];
    short[] c = bits[first + 2];
    short[] d = bits[first + 3];
    float factorA = coefficients[first];
    float factorB = coefficients[first + 1];
    float factorC = coefficients[first + 2];
    float factorD = coefficients[first + 3];
    for (int i = 0; i < n; i++) {
      float sum = Math.fma(factorA, Float.float16ToFloat(a[i]), result[i]);
      sum = Math.fma(factorB, Float.float16ToFloat(b[i]), sum);
      sum = Math.fma(factorC, Float.float16ToFloat(c[i]), sum);
      result[i] = Math.fma(factorD, Float.float16ToFloat(d[i]), sum);
    }
  }

  /** Adds two terms. */
  private static void addTwoF16(
      short[][] bits, float[] coefficients, int first, int n, float[] result) {
    short[] a = bits[first];
    short[] b = bits[first + 1];
    float factorA = coefficients[first];
    float factorB = coefficients[first + 1];
    for (int i = 0; i < n; i++) {
      float sum = Math.fma(factorA, Float.float16ToFloat(a[i]), result[i]);
      result[i] = Math.fma(factorB, Float.float16ToFloat(b[i]), sum);
    }
  }

  @Override
  public void combineBF16(short[][] bits, float[] coefficients, int terms, int n, float[] result) {
    // keeping the sum in registers gains nothing measurable here
    scaleBF16(bits[0], n, coefficients[0], result);
    for (int term = 1; term < terms; term++) {
      addBF16(bits[term], n, coefficients[term], result);
    }
  }

  @Override
  public void scaleF16(short[] bits, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * Float.float16ToFloat(bits[i]);
    }
  }

  @Override
  public void addF16(short[] bits, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, (double) Float.float16ToFloat(bits[i]), result[i]);
    }
  }

  @Override
  public void scaleBF16(short[] bits, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * Narrow.fromBF16(bits[i]);
    }
  }

  @Override
  public void addBF16(short[] bits, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, (double) Narrow.fromBF16(bits[i]), result[i]);
    }
  }

  @Override
  public void scaleF32(float[] values, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * values[i];
    }
  }

  @Override
  public void addF32(float[] values, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, (double) values[i], result[i]);
    }
  }

  @Override
  public void scaleF64(double[] values, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * values[i];
    }
  }

  @Override
  public void addF64(double[] values, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, values[i], result[i]);
    }
  }

  @Override
  public void scaleF8(Float8 type, byte[] codes, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = coefficient * type.decode(codes[i]);
    }
  }

  @Override
  public void addF8(Float8 type, byte[] codes, int n, double coefficient, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = Math.fma(coefficient, type.decode(codes[i]), result[i]);
    }
  }

  @Override
  public void encodeF8(Float8 type, double[] values, int n, byte[] codes) {
    for (int i = 0; i < n; i++) {
      codes[i] = type.encode(values[i]);
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
      bits[i] = Narrow.toBF16(values[i]);
    }
  }

  @Override
  public void encodeF16(double[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = Float.floatToFloat16(Narrow.toOddFloat(values[i]));
    }
  }

  @Override
  public void encodeBF16(double[] values, int n, short[] bits) {
    for (int i = 0; i < n; i++) {
      bits[i] = Narrow.toBF16(Narrow.toOddFloat(values[i]));
    }
  }

  @Override
  public void encodeF32(double[] values, int n, float[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = (float) values[i];
    }
  }

  @Override
  public int countNonFiniteF16(short[] bits, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += (bits[i] & 0x7c00) == 0x7c00 ? 1 : 0;
    }
    return count;
  }

  @Override
  public int countNonFiniteBF16(short[] bits, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += (bits[i] & 0x7f80) == 0x7f80 ? 1 : 0;
    }
    return count;
  }

  @Override
  public int countNonFiniteF8(Float8 type, byte[] codes, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += type.isFinite(codes[i]) ? 0 : 1;
    }
    return count;
  }

  @Override
  public int countNonFinite(float[] values, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += !Float.isFinite(values[i]) ? 1 : 0;
    }
    return count;
  }

  @Override
  public int countNonFinite(double[] values, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += !Double.isFinite(values[i]) ? 1 : 0;
    }
    return count;
  }

  @Override
  public Products products(double[] left, double[] right, int n) {
    LaneSums sums = new LaneSums();
    accumulate(left, right, n, sums);
    return sums.total();
  }

  @Override
  public Products products(float[] left, float[] right, int n) {
    LaneSums sums = new LaneSums();
    double[] wideLeft = new double[Math.min(n, CHUNK)];
    double[] wideRight = new double[wideLeft.length];
    for (int start = 0; start < n; start += CHUNK) {
      int length = Math.min(CHUNK, n - start);
      for (int i = 0; i < length; i++) {
        wideLeft[i] = left[start + i];
      }
      for (int i = 0; i < length; i++) {
        wideRight[i] = right[start + i];
      }
      accumulate(wideLeft, wideRight, length, sums);
    }
    return sums.total();
  }

  void accumulate(double[] left, double[] right, int n, LaneSums sums) {
    sums.add(left, right, 0, n);
  }

  @Override
  public void gram(double[][] operands, int count, int n, double[] upperTriangle) {
    int pair = 0;
    for (int row = 0; row < count; row++) {
      for (int column = row; column < count; column++) {
        upperTriangle[pair++] += inner(operands[row], operands[column], n);
      }
    }
  }

  double inner(double[] left, double[] right, int n) {
    double[] lanes = new double[LaneSums.LANES];
    LaneSums.addInner(left, right, 0, n, lanes);
    return LaneSums.total(lanes);
  }
}
