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
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * The tensors of a pickle by name. Names of nested dictionaries and lists are joined with dots.
 *
 * <p>Which of them are the model: where the pickle's dictionary has a dictionary called {@code
 * state_dict}, {@code model}, {@code module} or {@code params} (the first of these) that holds
 * tensors, those, by their names in it, and so on inwards. What stands beside it is kept, under its
 * whole name, only if that is a name of training state.
 */
final class StateDict {
  private static final List<String> WRAPPERS = List.of("state_dict", "model", "module", "params");

  private static final int DEEPEST = 64;
  private static final int LONGEST_NAME = 4096;

  /** Dictionaries may contain each other many times. */
  private static final int MOST_VISITS = 4_000_000;

  private final Path file;
  private final Predicate<String> training;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private int visits;
  private long values;
  private long besides;

  private StateDict(Path file, Predicate<String> training) {
    this.file = file;
    this.training = training;
  }

  /** A dictionary or list that is being walked. */
  private record Level(String prefix, Iterator<Map.Entry<String, PickleValue>> rest) {}

  /**
   * @param training whether a name is that of training state
   * @throws ProblemException with a PickleProblem where the pickle holds no dictionary
   */
  static StateDict of(Path file, PickleValue root, Predicate<String> training) {
    if (!(root instanceof Mapping map)) {
      throw new ProblemException(
          new PickleProblem.NoStateDict(
              file, "its pickle holds " + kind(root) + ", not a dictionary of tensors"));
    }
    var result = new StateDict(file, training);
    result.collect(map);
    return result;
  }

  SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /** Values that are no tensors. */
  long values() {
    return values;
  }

  /** Tensors beside the model that are left out. */
  long besides() {
    return besides;
  }

  private static String kind(PickleValue value) {
    return switch (value) {
      case Constant constant -> "a constant";
      case Whole whole -> "a number";
      case Text text -> "a text";
      case Inert inert -> "an object";
      case Named named -> "a name";
      case Tuple tuple -> "a tuple";
      case Sequence list -> "a list";
      case Mapping map -> "a dictionary";
      case Storage storage -> "bare numbers";
      case Tensor tensor -> "a single tensor";
    };
  }

  private void collect(Mapping root) {
    Mapping model = root;
    var outside = new ArrayDeque<Level>();
    String prefix = "";
    for (int depth = 0; depth < WRAPPERS.size(); depth++) {
      String wrapper = wrapper(model);
      if (wrapper.isEmpty() || !(model.items.get(wrapper) instanceof Mapping inner)) {
        break;
      }
      outside.add(new Level(prefix, named(model, wrapper)));
      prefix = prefix + wrapper + ".";
      values += model.others;
      model = inner;
    }
    walk(new Level("", named(model, "")), false);
    values += model.others;
    for (Level level : outside) {
      walk(level, true);
    }
  }

  private static String wrapper(Mapping map) {
    for (String word : WRAPPERS) {
      if (map.items.get(word) instanceof Mapping inner && holdsTensors(inner)) {
        return word;
      }
    }
    return "";
  }

  /** Looks two levels deep, and not at all of the second. */
  private static boolean holdsTensors(Mapping map) {
    return map.items.values().stream()
        .anyMatch(value ->
            value instanceof Tensor
                || value instanceof Mapping inner
                    && inner.items.values().stream().limit(64).anyMatch(Tensor.class::isInstance));
  }

  private static Iterator<Map.Entry<String, PickleValue>> named(Mapping map, String without) {
    return map.items.entrySet().stream()
        .filter(entry -> without.isEmpty() || !entry.getKey().equals(without))
        .map(entry -> Map.entry(String.valueOf(entry.getKey()), entry.getValue()))
        .iterator();
  }

  private static Iterator<Map.Entry<String, PickleValue>> numbered(List<PickleValue> items) {
    return java.util.stream.IntStream.range(0, items.size())
        .mapToObj(i -> Map.entry(Integer.toString(i), items.get(i)))
        .iterator();
  }

  private void walk(Level start, boolean outside) {
    Deque<Level> path = new ArrayDeque<>();
    path.push(start);
    while (!path.isEmpty()) {
      Level level = path.element();
      if (!level.rest().hasNext()) {
        path.pop();
        continue;
      }
      Map.Entry<String, PickleValue> item = level.rest().next();
      if (++visits > MOST_VISITS) {
        throw new ProblemException(
            new PickleProblem.PickleTooLarge(file, "nested values", MOST_VISITS));
      }
      String name = level.prefix() + item.getKey();
      switch (item.getValue()) {
        case Tensor tensor -> add(name, tensor, outside);
        case Mapping map -> {
          values += map.others;
          enter(path, name, named(map, ""));
        }
        case Sequence list -> enter(path, name, numbered(list.items));
        case Tuple tuple -> enter(path, name, numbered(tuple.items));
        case Constant constant -> values++;
        case Whole whole -> values++;
        case Text text -> values++;
        case Inert inert -> values++;
        case Named named -> values++;
        case Storage storage -> values++;
      }
    }
  }

  private void enter(
      Deque<Level> path, String name, Iterator<Map.Entry<String, PickleValue>> items) {
    if (path.size() >= DEEPEST) {
      throw new ProblemException(
          new PickleProblem.PickleTooLarge(file, "levels of nesting", DEEPEST));
    }
    refuseLong(name);
    path.push(new Level(name + ".", items));
  }

  private void add(String name, Tensor tensor, boolean outside) {
    if (outside && !training.test(name)) {
      besides++;
      return;
    }
    refuseLong(name);
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new ProblemException(new PickleProblem.SameName(file, name));
    }
  }

  private void refuseLong(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new ProblemException(
          new PickleProblem.PickleTooLarge(file, "characters in a name", LONGEST_NAME));
    }
  }
}
