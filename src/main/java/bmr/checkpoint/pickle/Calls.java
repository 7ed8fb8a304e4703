package bmr.checkpoint.pickle;

import bmr.checkpoint.pickle.PickleValue.Constant;
import bmr.checkpoint.pickle.PickleValue.Inert;
import bmr.checkpoint.pickle.PickleValue.Mapping;
import bmr.checkpoint.pickle.PickleValue.Named;
import bmr.checkpoint.pickle.PickleValue.Sequence;
import bmr.checkpoint.pickle.PickleValue.Storage;
import bmr.checkpoint.pickle.PickleValue.Tensor;
import bmr.checkpoint.pickle.PickleValue.Text;
import bmr.checkpoint.pickle.PickleValue.Tuple;
import bmr.checkpoint.pickle.PickleValue.Whole;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the calls in a pickle mean: descriptions of tensors and storages. Arguments are those of
 * PyTorch's {@code torch/_utils.py} and {@code torch/serialization.py}.
 */
final class Calls {
  private static final int MOST_DIMENSIONS = 64;

  /** Dictionaries may be copied again and again; so many items in all. */
  private static final int MOST_COPIED = 1_000_000;

  private final PickleInput in;
  private final Map<String, Storage> storages;
  private long copied;

  Calls(PickleInput in, Map<String, Storage> storages) {
    this.in = in;
    this.storages = storages;
  }

  /** What a call of a name stands for. */
  PickleValue call(PickleValue function, PickleValue arguments) {
    if (!(function instanceof Named(Global global)) || !(arguments instanceof Tuple tuple)) {
      throw in.fault("something is called that is no function");
    }
    List<PickleValue> given = tuple.items;
    return switch (global.kind()) {
      case DICTIONARY -> dictionary(given, false);
      case PARAMETER_DICTIONARY -> dictionary(given, true);
      case TENSOR -> tensor(given, null);
      case TENSOR_OF_TYPE -> tensor(given, type(given));
      case PARAMETER -> argument(given, 0);
      case FROM_TYPE -> fromType(given);
      case SIZE -> argument(given, 0);
      case INERT -> Inert.INERT;
      case STORAGE, UNTYPED_STORAGE, DTYPE -> throw in.fault("a type of numbers is called");
    };
  }

  /** What an object is once it has its state. */
  PickleValue build(PickleValue object, PickleValue state) {
    return switch (object) {
      case Mapping map -> {
        if (map.parameters
            && state instanceof Mapping own
            && own.items.get("_parameters") instanceof Mapping parameters) {
          count(parameters.items.size());
          map.items.putAll(parameters.items);
        }
        yield map;
      }
      case Inert inert -> inert;
      default -> throw in.fault("a state is given to what has none");
    };
  }

  /** {@code ('storage', type, key, location, elements [, view])}. */
  PickleValue storage(PickleValue reference) {
    if (!(reference instanceof Tuple tuple)
        || tuple.items.size() < 5
        || tuple.items.size() > 6
        || !(tuple.items.get(0) instanceof Text(String word))
        || !word.equals("storage")
        || !(tuple.items.get(1) instanceof Named(Global global))
        || !(tuple.items.get(2) instanceof Text(String key))) {
      throw in.fault("a reference is none to a storage");
    }
    boolean untyped = global.kind() == Global.Kind.UNTYPED_STORAGE;
    if (!untyped && global.kind() != Global.Kind.STORAGE) {
      throw in.fault("a storage has no type");
    }
    DType dtype = untyped ? DType.U8 : global.dtype().orElseThrow();
    long elements = length(tuple.items.get(4));
    if (elements > Long.MAX_VALUE / 16) {
      throw in.fault("a storage is too long");
    }
    var whole = new Storage(key, dtype, untyped, elements, 0, elements);
    Storage before = storages.putIfAbsent(key, whole);
    if (before != null && (before.dtype() != dtype || before.elements() != elements)) {
      throw in.fault("two types or lengths are given for one storage");
    }
    if (tuple.items.size() < 6 || tuple.items.get(5) == Constant.NONE) {
      return whole;
    }
    if (!(tuple.items.get(5) instanceof Tuple view) || view.items.size() != 3) {
      throw in.fault("a view of a storage is misspelt");
    }
    long from = length(view.items.get(1));
    long length = length(view.items.get(2));
    if (from > elements || length > elements - from) {
      throw in.fault("a view goes past the end of its storage");
    }
    return new Storage(key, dtype, untyped, elements, from, length);
  }

  private PickleValue argument(List<PickleValue> given, int index) {
    if (index >= given.size()) {
      throw in.fault("a call lacks an argument");
    }
    return given.get(index);
  }

  /** An empty dictionary or one of a list of pairs. */
  private PickleValue dictionary(List<PickleValue> given, boolean parameters) {
    var map = new Mapping(parameters);
    if (!given.isEmpty()) {
      List<PickleValue> pairs = items(given.getFirst());
      count(pairs.size());
      for (PickleValue pair : pairs) {
        List<PickleValue> both = items(pair);
        if (both.size() != 2) {
          throw in.fault("a dictionary is made of what are no pairs");
        }
        map.put(both.get(0), both.get(1));
      }
    }
    return map;
  }

  private void count(int items) {
    copied += items;
    if (copied > MOST_COPIED) {
      throw new ProblemException(
          new PickleProblem.PickleTooLarge(in.file(), "copied items", MOST_COPIED));
    }
  }

  private List<PickleValue> items(PickleValue value) {
    return switch (value) {
      case Tuple tuple -> tuple.items;
      case Sequence list -> list.items;
      default -> throw in.fault("a list is missing");
    };
  }

  /** {@code (function, type, arguments, state)}: subclasses of tensors. */
  private PickleValue fromType(List<PickleValue> given) {
    PickleValue inner = argument(given, 0);
    boolean builder =
        inner instanceof Named(Global global)
            && (global.kind() == Global.Kind.TENSOR
                || global.kind() == Global.Kind.TENSOR_OF_TYPE
                || global.kind() == Global.Kind.PARAMETER);
    if (!builder) {
      throw in.fault("a tensor is made by what makes none");
    }
    return call(inner, argument(given, 2));
  }

  private DType type(List<PickleValue> given) {
    if (argument(given, 6) instanceof Named(Global global) && global.kind() == Global.Kind.DTYPE) {
      return global.dtype().orElseThrow();
    }
    throw in.fault("a tensor has no type");
  }

  /** {@code (storage, offset, size, stride, ...)}. */
  private PickleValue tensor(List<PickleValue> given, @Nullable DType type) {
    if (!(argument(given, 0) instanceof Storage storage)) {
      throw in.fault("a tensor has no storage");
    }
    if (type == null && storage.untyped()) {
      throw in.fault("a tensor has no type");
    }
    long offset = length(argument(given, 1));
    List<Long> sizes = lengths(argument(given, 2));
    List<Long> strides = lengths(argument(given, 3));
    if (sizes.size() != strides.size() || sizes.size() > MOST_DIMENSIONS) {
      throw in.fault("a tensor has " + sizes.size() + " sizes and " + strides.size() + " strides");
    }
    return new Tensor(storage, type == null ? storage.dtype() : type, offset, sizes, strides);
  }

  private List<Long> lengths(PickleValue value) {
    List<PickleValue> items = items(value);
    if (items.size() > MOST_DIMENSIONS) {
      throw in.fault("a tensor has " + items.size() + " dimensions");
    }
    var lengths = new ArrayList<Long>();
    for (PickleValue item : items) {
      lengths.add(length(item));
    }
    return lengths;
  }

  private long length(PickleValue value) {
    if (value instanceof Whole whole
        && whole.asLong().isPresent()
        && whole.asLong().getAsLong() >= 0) {
      return whole.asLong().getAsLong();
    }
    throw in.fault("a length is no number or negative");
  }
}
