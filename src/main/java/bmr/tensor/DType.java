package bmr.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Element types, named by their tags in the safetensors format. */
public enum DType {
  BOOL(8, Kind.INTEGER),
  F4(4, Kind.PACKED),
  F6_E2M3(6, Kind.PACKED),
  F6_E3M2(6, Kind.PACKED),
  U8(8, Kind.INTEGER),
  I8(8, Kind.INTEGER),
  F8_E5M2(8, Kind.FLOAT),
  F8_E4M3(8, Kind.FLOAT),
  F8_E8M0(8, Kind.PACKED),
  F8_E4M3FNUZ(8, Kind.FLOAT),
  F8_E5M2FNUZ(8, Kind.FLOAT),
  I16(16, Kind.INTEGER),
  U16(16, Kind.INTEGER),
  F16(16, Kind.FLOAT),
  BF16(16, Kind.FLOAT),
  I32(32, Kind.INTEGER),
  U32(32, Kind.INTEGER),
  F32(32, Kind.FLOAT),
  C64(64, Kind.PACKED),
  F64(64, Kind.FLOAT),
  I64(64, Kind.INTEGER),
  U64(64, Kind.INTEGER);

  private enum Kind {
    INTEGER,
    FLOAT,
    PACKED
  }

  private static final Map<String, DType> BY_TAG =
      Arrays.stream(values()).collect(Collectors.toMap(DType::tag, Function.identity()));

  private final int bits;
  private final Kind kind;

  DType(int bits, Kind kind) {
    this.bits = bits;
    this.kind = kind;
  }

  /** The type with a tag as the format spells it (upper case only). */
  public static Optional<DType> ofTag(String tag) {
    return Optional.ofNullable(BY_TAG.get(tag));
  }

  /** The tag in a safetensors header. */
  public String tag() {
    return name();
  }

  /** Size of one element in bits. */
  public int bits() {
    return bits;
  }

  /** Whether bmr computes with this type: F16, BF16, F32, F64 and the four of {@link Float8}. */
  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  /** Whether values are whole numbers or truth values, which are never blended. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  /**
   * Bytes that so many elements take.
   *
   * @throws ArithmeticException if that is no whole number of bytes or does not fit a long
   */
  public long bytes(long elements) {
    if (bits >= 8) {
      return Math.multiplyExact(elements, bits / 8);
    }
    long total = Math.multiplyExact(elements, bits);
    if (total % 8 != 0) {
      throw new ArithmeticException("not a whole number of bytes");
    }
    return total / 8;
  }
}
