package bmr.checkpoint;

import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.tensor.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Files in the layout of Diffusers, read as the single file they would make. Addresses are this
 * checkpoint's own: its tensors one after another, from 0 on. Nothing is made before it is read.
 */
final class TranslatedCheckpoint implements Checkpoint {
  private final Path path;
  private final String name;
  private final List<Network> networks;
  private final SequencedMap<String, StoredTensor> stored;
  private final SequencedMap<String, TensorInfo> tensors;
  private final NavigableMap<Long, MadeTensor> places;
  private final Architecture architecture;
  private final List<Problem> notes;

  /**
   * One network of a model.
   *
   * @param folder as Diffusers calls it: {@code unet}
   * @param files that hold it: one, or shards
   * @param beginning of its keys in a single file
   */
  record Network(String folder, List<Checkpoint> files, KeyTable table, String beginning) {
    Network {
      files = List.copyOf(files);
    }
  }

  private TranslatedCheckpoint(Path path, String name, List<Network> networks) {
    this.path = path;
    this.name = name;
    this.networks = List.copyOf(networks);
    var problems = new ArrayList<Problem>();
    var made = new LinkedHashMap<String, MadeTensor>();
    var spelled = new LinkedHashMap<String, String>();
    for (Network network : networks) {
      network.files().forEach(file -> problems.addAll(file.notes()));
      var translation = new NetworkTranslation(path, network);
      translation
          .made()
          .forEach((key, tensor) -> {
            if (made.put(key, tensor) != null) {
              throw new ProblemException(new HeaderProblem.TwoSpellings(path, key, key));
            }
          });
      spelled.putAll(translation.spelled());
      if (!translation.strange().isEmpty()) {
        problems.add(
            new DialectProblem.StrangeKeys(
                path, translation.strange().getFirst(), translation.strange().size()));
      }
    }
    var stored = new LinkedHashMap<String, StoredTensor>();
    var tensors = new LinkedHashMap<String, TensorInfo>();
    var places = new TreeMap<Long, MadeTensor>();
    long position = 0;
    for (Map.Entry<String, MadeTensor> entry : made.entrySet()) {
      TensorInfo info = entry.getValue().info();
      String key = entry.getKey();
      stored.put(key, new StoredTensor(spelled.getOrDefault(key, key), info, position));
      tensors.put(key, info);
      if (info.bytes() > 0) {
        places.put(position, entry.getValue());
      }
      position = Math.addExact(position, info.bytes());
    }
    this.stored = Collections.unmodifiableSequencedMap(stored);
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
    this.places = places;
    this.architecture = ArchitectureDetection.of(this.tensors);
    this.notes = List.copyOf(problems);
  }

  /**
   * The networks as one model. They are closed with it, and at once where this fails.
   *
   * @throws ProblemException if parts of a fused tensor are missing or do not fit
   */
  static TranslatedCheckpoint of(Path path, String name, List<Network> networks) {
    boolean done = false;
    try {
      var checkpoint = new TranslatedCheckpoint(path, name, networks);
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        networks.forEach(network -> network.files().forEach(Checkpoint::close));
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return networks.stream()
        .flatMap(network -> network.files().stream())
        .mapToLong(Checkpoint::size)
        .sum();
  }

  @Override
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public Map<String, String> metadata() {
    return networks.getFirst().files().getFirst().metadata();
  }

  @Override
  public List<ModelPart> parts() {
    return networks.stream()
        .flatMap(network ->
            network.files().stream()
                .map(file -> new ModelPart(network.folder(), file.path(), file.size())))
        .toList();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return stored;
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public List<Problem> notes() {
    return notes;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    int end = target.limit();
    long at = position;
    try {
      while (target.position() < end) {
        Map.Entry<Long, MadeTensor> place = places.floorEntry(at);
        long left = place == null ? 0 : place.getKey() + place.getValue().info().bytes() - at;
        if (place == null || left <= 0) {
          throw new EOFException("`" + path + "` holds nothing at " + at);
        }
        int length = (int) Math.min(left, end - target.position());
        target.limit(target.position() + length);
        place.getValue().read(target, at - place.getKey());
        at += length;
      }
    } finally {
      target.limit(end);
    }
  }

  @Override
  public void willNeed(long position, long length) {
    long end = position + length;
    Long first = places.floorKey(position);
    for (Map.Entry<Long, MadeTensor> place :
        places.subMap(first == null ? position : first, Math.max(end, position)).entrySet()) {
      long start = place.getKey();
      for (MadeTensor.Part part : place.getValue().parts()) {
        long from = Math.max(position, start);
        long to = Math.min(end, start + part.bytes());
        if (place.getValue().transposed()) {
          part.file().willNeed(part.position(), part.bytes());
        } else if (from < to) {
          part.file().willNeed(part.position() + from - start, to - from);
        }
        start += part.bytes();
      }
    }
  }

  @Override
  public void close() {
    networks.forEach(network -> network.files().forEach(Checkpoint::close));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
