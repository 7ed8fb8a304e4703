package bmr.checkpoint;

import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.checkpoint.KeyTable.Form;
import bmr.checkpoint.KeyTable.Name;
import bmr.checkpoint.TranslatedCheckpoint.Network;
import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/** The tensors of one network under the keys of a single file. */
final class NetworkTranslation {
  private final Path path;
  private final Network network;
  private final NavigableSet<String> keys = new TreeSet<>();
  private final SequencedMap<String, MadeTensor> made = new LinkedHashMap<>();
  private final SequencedMap<String, String> spelled = new LinkedHashMap<>();
  private final Map<String, Map<Form, Source>> fused = new LinkedHashMap<>();
  private final List<String> strange = new ArrayList<>();

  private record Source(Checkpoint file, StoredTensor tensor) {
    TensorInfo info() {
      return tensor.info();
    }

    MadeTensor.Part part() {
      return new MadeTensor.Part(file, tensor.position(), info().bytes());
    }
  }

  /**
   * Translates.
   *
   * @param path of the whole model, for what is said of it
   * @throws ProblemException with a {@link DialectProblem} for fused tensors that cannot be made
   */
  NetworkTranslation(Path path, Network network) {
    this.path = path;
    this.network = network;
    for (Checkpoint file : network.files()) {
      file.stored().values().forEach(tensor -> keys.add(tensor.storedKey()));
    }
    for (Checkpoint file : network.files()) {
      file.stored().values().forEach(tensor -> take(new Source(file, tensor)));
    }
    fused.forEach(this::fuse);
  }

  /** By the single file's keys, in the order of the files; fused ones where their first part is. */
  SequencedMap<String, MadeTensor> made() {
    return made;
  }

  /** How the files spell them. */
  SequencedMap<String, String> spelled() {
    return spelled;
  }

  /** Keys that the table does not know; they are kept behind the network's beginning. */
  List<String> strange() {
    return strange;
  }

  private boolean hasFamily(String beginning) {
    String first = keys.ceiling(beginning);
    return first != null && first.startsWith(beginning);
  }

  private void take(Source source) {
    String own = source.tensor().storedKey();
    Optional<Name> name = network.table().single(own, this::hasFamily);
    if (name.isEmpty()) {
      strange.add(own);
    }
    String key = network.beginning() + name.map(Name::key).orElse(own);
    Shape shape = source.info().shape();
    switch (name.map(Name::form).orElse(Form.SAME)) {
      case SAME -> put(key, shape, source, false);
      case CONVOLUTION -> put(key, convolution(shape), source, false);
      case TRANSPOSED -> {
        boolean matrix = shape.rank() == 2 && source.info().dtype().bits() >= Byte.SIZE;
        Shape turned = matrix ? Shape.of(shape.dimension(1), shape.dimension(0)) : shape;
        put(key, turned, source, matrix);
      }
      case SWAPPED -> put(key, shape, source, halves(key, source), false, false);
      case FIRST, SECOND, THIRD, FOURTH -> {
        Form form = name.orElseThrow().form();
        if (fused.computeIfAbsent(key, one -> new EnumMap<>(Form.class)).put(form, source)
            != null) {
          throw new ProblemException(new HeaderProblem.TwoSpellings(path, own, own));
        }
        // keeps the place; the tensor follows when all are known
        put(key, shape, source, List.of(source.part()), false, true);
      }
    }
  }

  private static Shape convolution(Shape shape) {
    return shape.rank() == 2 ? Shape.of(shape.dimension(0), shape.dimension(1), 1, 1) : shape;
  }

  /** The second half of the rows, then the first. */
  private List<MadeTensor.Part> halves(String key, Source source) {
    TensorInfo info = source.info();
    boolean even = info.shape().rank() > 0 && info.shape().dimension(0) % 2 == 0;
    if (!even || info.dtype().bits() < Byte.SIZE) {
      throw new ProblemException(
          new DialectProblem.FusedTensor(path, key, "scale and shift are not its two halves"));
    }
    long half = info.bytes() / 2;
    long start = source.tensor().position();
    return List.of(
        new MadeTensor.Part(source.file(), start + half, half),
        new MadeTensor.Part(source.file(), start, half));
  }

  private void put(String key, Shape shape, Source source, boolean transposed) {
    put(key, shape, source, List.of(source.part()), transposed, false);
  }

  private void put(
      String key,
      Shape shape,
      Source source,
      List<MadeTensor.Part> parts,
      boolean transposed,
      boolean again) {
    var info = new TensorInfo(key, source.info().dtype(), shape);
    MadeTensor before = made.putIfAbsent(key, new MadeTensor(info, parts, transposed));
    if (before != null && !again) {
      throw new ProblemException(
          new HeaderProblem.TwoSpellings(
              path, spelled.getOrDefault(key, key), source.tensor().storedKey()));
    }
    spelled.putIfAbsent(key, source.tensor().storedKey());
  }

  private void fuse(String key, Map<Form, Source> parts) {
    List<Source> sources = new ArrayList<>(parts.values());
    String own = key.substring(network.beginning().length());
    if (sources.size() < network.table().diffusers(own, begin -> true).size()) {
      throw new ProblemException(
          new DialectProblem.FusedTensor(path, key, "of query, key and value one is missing"));
    }
    long rows = 0;
    DType dtype = sources.getFirst().info().dtype();
    Shape first = sources.getFirst().info().shape();
    for (Source source : sources) {
      Shape shape = source.info().shape();
      boolean fits =
          shape.rank() > 0
              && shape.rank() == first.rank()
              && shape
                  .dimensions()
                  .subList(1, shape.rank())
                  .equals(first.dimensions().subList(1, first.rank()))
              && source.info().dtype() == dtype;
      if (!fits) {
        throw new ProblemException(
            new DialectProblem.FusedTensor(
                path, key, "query, key and value differ in type or shape"));
      }
      rows = Math.addExact(rows, shape.dimension(0));
    }
    var dimensions = new ArrayList<>(first.dimensions());
    dimensions.set(0, rows);
    var info = new TensorInfo(key, dtype, new Shape(dimensions));
    made.put(key, new MadeTensor(info, sources.stream().map(Source::part).toList(), false));
  }
}
