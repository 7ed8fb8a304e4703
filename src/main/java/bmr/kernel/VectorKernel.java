package bmr.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API where it is faster than the plain loops: BF16, rounding doubles, counts and
 * reductions. Only {@link Kernel#best} loads this class, by name, because the module {@code
 * jdk.incubator.vector} may be absent.
 */
final class VectorKernel extends PlainKernel {
  private static final VectorShape SHAPE =
      VectorShape.forBitSize(Math.clamp(DoubleVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512));
  private static final VectorShape HALF_SHAPE = VectorShape.forBitSize(SHAPE.vectorBitSize() / 2);

  private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SHAPE);
  private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);

  /** As many values as {@link #FLOATS}. */
  private static final VectorSpecies<Short> HALF_SHORTS = VectorSpecies.of(short.class, HALF_SHAPE);

  /** As many values as {@link #DOUBLES}. */
  private static final VectorSpecies<Float> HALF_FLOATS = VectorSpecies.of(float.class, HALF_SHAPE);

  @Override
  public String description() {
    return "Vector API, " + SHAPE.vectorBitSize() + " bits";
  }

  @Override
  public void scaleBF16(short[] bits, int n, float coefficient, float[] result) {
    int i = 0;
    for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
      fromBF16(bits, i).mul(coefficient).intoArray(result, i);
    }
    for (; i < n; i++) {
      result[i] = coefficient * Narrow.fromBF16(bits[i]);
    }
  }

  @Override
  public void addBF16(short[] bits, int n, float coefficient, float[] result) {
    FloatVector factor = FloatVector.broadcast(FLOATS, coefficient);
    int i = 0;
    for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
      FloatVector sum = FloatVector.fromArray(FLOATS, result, i);
      fromBF16(bits, i).fma(factor, sum).intoArray(result, i);
    }
    for (; i < n; i++) {
      result[i] = Math.fma(coefficient, Narrow.fromBF16(bits[i]), result[i]);
    }
  }

  private static FloatVector fromBF16(short[] bits, int i) {
    return ((IntVector)
            ShortVector.fromArray(HALF_SHORTS, bits, i)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  @Override
  public void scaleBF16(short[] bits, int n, double coefficient, double[] result) {
    int i = 0;
    for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
      FloatVector values = fromBF16(bits, i);
      widen(values, 0).mul(coefficient).intoArray(result, i);
      widen(values, 1).mul(coefficient).intoArray(result, i + DOUBLES.length());
    }
    for (; i < n; i++) {
      result[i] = coefficient * Narrow.fromBF16(bits[i]);
    }
  }

  @Override
  public void addBF16(short[] bits, int n, double coefficient, double[] result) {
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, coefficient);
    int i = 0;
    for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
      FloatVector values = fromBF16(bits, i);
      int next = i + DOUBLES.length();
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, result, i);
      DoubleVector nextSum = DoubleVector.fromArray(DOUBLES, result, next);
      widen(values, 0).fma(factor, sum).intoArray(result, i);
      widen(values, 1).fma(factor, nextSum).intoArray(result, next);
    }
    for (; i < n; i++) {
      result[i] = Math.fma(coefficient, (double) Narrow.fromBF16(bits[i]), result[i]);
    }
  }

  private static DoubleVector widen(FloatVector values, int half) {
    return (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, half);
  }

  @Override
  public void encodeBF16(float[] values, int n, short[] bits) {
    encodeBF16(values, n, bits, 0);
  }

  private static void encodeBF16(float[] values, int length, short[] bits, int start) {
    int i = 0;
    for (; i < FLOATS.loopBound(length); i += FLOATS.length()) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, i);
      IntVector raw = value.reinterpretAsInts();
      IntVector high = raw.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = raw.add(0x7fff).add(high.and(1)).lanewise(VectorOperators.LSHR, 16);
      VectorMask<Integer> nan = value.test(VectorOperators.IS_NAN).cast(INTS);
      rounded
          .blend(high.or(0x40), nan)
          .convertShape(VectorOperators.I2S, HALF_SHORTS, 0)
          .reinterpretAsShorts()
          .intoArray(bits, start + i);
    }
    for (; i < length; i++) {
      bits[start + i] = Narrow.toBF16(values[i]);
    }
  }

  @Override
  public void encodeF16(double[] values, int n, short[] bits) {
    float[] chunk = new float[Math.min(n, CHUNK)];
    for (int start = 0; start < n; start += CHUNK) {
      int length = Math.min(CHUNK, n - start);
      toOddFloats(values, start, length, chunk);
      encodeF16(chunk, length, bits, start);
    }
  }

  private static void encodeF16(float[] chunk, int length, short[] bits, int start) {
    for (int i = 0; i < length; i++) {
      bits[start + i] = Float.floatToFloat16(chunk[i]);
    }
  }

  @Override
  public void encodeBF16(double[] values, int n, short[] bits) {
    float[] chunk = new float[Math.min(n, CHUNK)];
    for (int start = 0; start < n; start += CHUNK) {
      int length = Math.min(CHUNK, n - start);
      toOddFloats(values, start, length, chunk);
      encodeBF16(chunk, length, bits, start);
    }
  }

  /** {@link Narrow#toOddFloat} for a chunk. */
  private static void toOddFloats(double[] values, int start, int length, float[] chunk) {
    int i = 0;
    for (; i < DOUBLES.loopBound(length); i += DOUBLES.length()) {
      LongVector raw = DoubleVector.fromArray(DOUBLES, values, start + i).reinterpretAsLongs();
      LongVector odd = raw.or(raw.and(Narrow.FOLDED).add(Narrow.FOLDED)).and(~Narrow.FOLDED);
      ((FloatVector) odd.reinterpretAsDoubles().convertShape(VectorOperators.D2F, HALF_FLOATS, 0))
          .intoArray(chunk, i);
    }
    for (; i < length; i++) {
      chunk[i] = Narrow.toOddFloat(values[start + i]);
    }
  }

  @Override
  public int countNonFiniteF16(short[] bits, int n) {
    return countExponent(bits, n, (short) 0x7c00);
  }

  @Override
  public int countNonFiniteBF16(short[] bits, int n) {
    return countExponent(bits, n, (short) 0x7f80);
  }

  private static int countExponent(short[] bits, int n, short exponent) {
    int count = 0;
    int i = 0;
    for (; i < SHORTS.loopBound(n); i += SHORTS.length()) {
      count +=
          ShortVector.fromArray(SHORTS, bits, i)
              .and(exponent)
              .compare(VectorOperators.EQ, exponent)
              .trueCount();
    }
    for (; i < n; i++) {
      count += (bits[i] & exponent) == exponent ? 1 : 0;
    }
    return count;
  }

  @Override
  public int countNonFinite(float[] values, int n) {
    int exponent = 0x7f80_0000;
    int count = 0;
    int i = 0;
    for (; i < FLOATS.loopBound(n); i += FLOATS.length()) {
      count +=
          FloatVector.fromArray(FLOATS, values, i)
              .reinterpretAsInts()
              .and(exponent)
              .compare(VectorOperators.EQ, exponent)
              .trueCount();
    }
    for (; i < n; i++) {
      count += Float.isFinite(values[i]) ? 0 : 1;
    }
    return count;
  }

  @Override
  public int countNonFinite(double[] values, int n) {
    long exponent = 0x7ff0_0000_0000_0000L;
    int count = 0;
    int i = 0;
    for (; i < DOUBLES.loopBound(n); i += DOUBLES.length()) {
      count +=
          DoubleVector.fromArray(DOUBLES, values, i)
              .reinterpretAsLongs()
              .and(exponent)
              .compare(VectorOperators.EQ, exponent)
              .trueCount();
    }
    for (; i < n; i++) {
      count += Double.isFinite(values[i]) ? 0 : 1;
    }
    return count;
  }

  @Override
  void accumulate(double[] left, double[] right, int n, LaneSums sums) {
    int rows = n - n % LaneSums.LANES;
    // two vectors of lanes at a time: enough independent additions to hide their latency, few
    // enough registers for AVX2
    for (int lane = 0; lane < LaneSums.LANES; lane += 2 * DOUBLES.length()) {
      addLanes(left, right, lane, rows, sums);
    }
    sums.add(left, right, rows, n);
  }

  private static void addLanes(double[] left, double[] right, int lane, int rows, LaneSums sums) {
    int next = DOUBLES.length();
    DoubleVector leftLeft1 = DoubleVector.fromArray(DOUBLES, sums.leftLeft, lane);
    DoubleVector leftLeft2 = DoubleVector.fromArray(DOUBLES, sums.leftLeft, lane + next);
    DoubleVector leftRight1 = DoubleVector.fromArray(DOUBLES, sums.leftRight, lane);
    DoubleVector leftRight2 = DoubleVector.fromArray(DOUBLES, sums.leftRight, lane + next);
    DoubleVector rightRight1 = DoubleVector.fromArray(DOUBLES, sums.rightRight, lane);
    DoubleVector rightRight2 = DoubleVector.fromArray(DOUBLES, sums.rightRight, lane + next);
    DoubleVector distance1 = DoubleVector.fromArray(DOUBLES, sums.distance, lane);
    DoubleVector distance2 = DoubleVector.fromArray(DOUBLES, sums.distance, lane + next);
    for (int i = lane; i < rows; i += LaneSums.LANES) {
      DoubleVector a1 = DoubleVector.fromArray(DOUBLES, left, i);
      DoubleVector a2 = DoubleVector.fromArray(DOUBLES, left, i + next);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, right, i);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, right, i + next);
      leftLeft1 = a1.fma(a1, leftLeft1);
      leftLeft2 = a2.fma(a2, leftLeft2);
      leftRight1 = a1.fma(b1, leftRight1);
      leftRight2 = a2.fma(b2, leftRight2);
      rightRight1 = b1.fma(b1, rightRight1);
      rightRight2 = b2.fma(b2, rightRight2);
      DoubleVector difference1 = a1.sub(b1);
      DoubleVector difference2 = a2.sub(b2);
      distance1 = difference1.fma(difference1, distance1);
      distance2 = difference2.fma(difference2, distance2);
    }
    leftLeft1.intoArray(sums.leftLeft, lane);
    leftLeft2.intoArray(sums.leftLeft, lane + next);
    leftRight1.intoArray(sums.leftRight, lane);
    leftRight2.intoArray(sums.leftRight, lane + next);
    rightRight1.intoArray(sums.rightRight, lane);
    rightRight2.intoArray(sums.rightRight, lane + next);
    distance1.intoArray(sums.distance, lane);
    distance2.intoArray(sums.distance, lane + next);
  }

  @Override
  double inner(double[] left, double[] right, int n) {
    double[] lanes = new double[LaneSums.LANES];
    int rows = n - n % LaneSums.LANES;
    int next = DOUBLES.length();
    for (int lane = 0; lane < LaneSums.LANES; lane += 2 * next) {
      DoubleVector sum1 = DoubleVector.zero(DOUBLES);
      DoubleVector sum2 = DoubleVector.zero(DOUBLES);
      for (int i = lane; i < rows; i += LaneSums.LANES) {
        DoubleVector left1 = DoubleVector.fromArray(DOUBLES, left, i);
        DoubleVector left2 = DoubleVector.fromArray(DOUBLES, left, i + next);
        sum1 = left1.fma(DoubleVector.fromArray(DOUBLES, right, i), sum1);
        sum2 = left2.fma(DoubleVector.fromArray(DOUBLES, right, i + next), sum2);
      }
      sum1.intoArray(lanes, lane);
      sum2.intoArray(lanes, lane + next);
    }
    LaneSums.addInner(left, right, rows, n, lanes);
    return LaneSums.total(lanes);
  }

  @Override
  public void addGram(double[][] operands, int known, int count, int n, double[] lanes) {
    GramTiles.add(operands, known, count, n, lanes);
  }

  @Override
  public void addSums(double[] values, int n, double[] lanes, int at) {
    int rows = n - n % LANES;
    int next = DOUBLES.length();
    for (int lane = 0; lane < LANES; lane += 2 * next) {
      DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, lanes, at + lane);
      DoubleVector sum2 = DoubleVector.fromArray(DOUBLES, lanes, at + lane + next);
      for (int i = lane; i < rows; i += LANES) {
        sum1 = sum1.add(DoubleVector.fromArray(DOUBLES, values, i));
        sum2 = sum2.add(DoubleVector.fromArray(DOUBLES, values, i + next));
      }
      sum1.intoArray(lanes, at + lane);
      sum2.intoArray(lanes, at + lane + next);
    }
    for (int i = rows; i < n; i++) {
      lanes[at + i % LANES] += values[i];
    }
  }
}
