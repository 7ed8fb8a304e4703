package bmr.checkpoint.pickle;

import bmr.tensor.DType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a pickle can hold, as inert data. Values may contain each other in any way, cycles too, so
 * nothing here is compared, hashed or printed by its contents.
 */
sealed interface PickleValue {
  /** None and the truth values. */
  enum Constant implements PickleValue {
    NONE,
    TRUE,
    FALSE
  }

  /** An integer of at most 255 bytes. */
  record Whole(BigInteger value) implements PickleValue {
    static Whole of(long value) {
      return new Whole(BigInteger.valueOf(value));
    }

    /** The value where a long holds it. */
    OptionalLong asLong() {
      return value.bitLength() < Long.SIZE
          ? OptionalLong.of(value.longValue())
          : OptionalLong.empty();
    }
  }

  /** Text. */
  record Text(String text) implements PickleValue {}

  /** Something that is carried along and means nothing: real numbers, bytes, sets, callbacks. */
  enum Inert implements PickleValue {
    INERT
  }

  /** A name of Python's from the allow-list. */
  record Named(Global global) implements PickleValue {}

  /** A tuple. */
  final class Tuple implements PickleValue {
    final List<PickleValue> items;

    Tuple(List<PickleValue> items) {
      this.items = List.copyOf(items);
    }
  }

  /** A list, which grows while it is read. */
  final class Sequence implements PickleValue {
    final List<PickleValue> items = new ArrayList<>();
  }

  /** A dictionary, or a module's parameters, which grow while they are read. */
  final class Mapping implements PickleValue {
    /** Keys are strings and longs; a later value replaces an earlier one. */
    final Map<Object, PickleValue> items = new LinkedHashMap<>();

    /** Whether it is a ParameterDict, whose tensors are in its state. */
    final boolean parameters;

    /** Values under other keys, such as tuples. */
    long others;

    Mapping(boolean parameters) {
      this.parameters = parameters;
    }

    void put(PickleValue key, PickleValue value) {
      if (key instanceof Text(String text)) {
        items.put(text, value);
      } else if (key instanceof Whole whole && whole.asLong().isPresent()) {
        items.put(whole.asLong().getAsLong(), value);
      } else {
        others++;
      }
    }
  }

  /**
   * A run of stored numbers.
   *
   * @param dtype of its elements; U8 where the storage has no type
   * @param elements of the whole storage
   * @param from first element that this view of it shows
   * @param length elements that this view shows
   */
  record Storage(String key, DType dtype, boolean untyped, long elements, long from, long length)
      implements PickleValue {}

  /**
   * A tensor in a storage.
   *
   * @param offset of its first element, in elements of its own type
   * @param strides in elements, one per dimension
   */
  record Tensor(Storage storage, DType dtype, long offset, List<Long> sizes, List<Long> strides)
      implements PickleValue {}
}
