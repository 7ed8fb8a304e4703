package bmr.checkpoint;

import bmr.checkpoint.DiffusersKeys.Component;
import bmr.checkpoint.DiffusersKeys.Place;
import bmr.checkpoint.KeyTable.Form;
import bmr.diagnostic.LayoutProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A folder of Diffusers, addressed as if its files lay one behind the other. The slices of a fused
 * tensor lie in its order, so that it is written in one piece. What has no place is addressed
 * behind the files, where nothing is kept.
 */
final class FolderLayout implements OutputLayout {
  private final Path target;
  private final List<Entry> entries;
  private final List<Long> positions;
  private final List<Turned> turned;
  private final long size;
  private final int leftOut;

  /**
   * A file.
   *
   * @param name below the folder, with slashes
   * @param begin address of its first byte
   * @param head its first bytes, or all
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
  record Entry(String name, long begin, long size, byte[] head) {}

  /**
   * A matrix that is written as its columns, or a tensor whose halves change places.
   *
   * @param swapped the latter
   */
  record Turned(long begin, TensorInfo tensor, boolean swapped) {}

  private FolderLayout(
      Path target,
      List<Entry> entries,
      List<Long> positions,
      List<Turned> turned,
      long size,
      int leftOut) {
    this.target = target;
    this.entries = List.copyOf(entries);
    this.positions = List.copyOf(positions);
    this.turned = List.copyOf(turned);
    this.size = size;
    this.leftOut = leftOut;
  }

  static FolderLayout of(
      Path target,
      Architecture architecture,
      List<TensorInfo> tensors,
      Map<String, String> metadata,
      DiffusersConfiguration configuration) {
    DiffusersKeys keys = DiffusersKeys.of(architecture, tensors);
    List<Optional<Place>> places = tensors.stream().map(keys::place).toList();
    var entries = new ArrayList<Entry>();
    var addresses = new HashMap<Integer, Long>();
    var turned = new ArrayList<Turned>();
    long begin = 0;
    for (Component component : keys.components()) {
      var own = new ArrayList<Integer>();
      var parts = new ArrayList<TensorInfo>();
      var first = new ArrayList<Integer>();
      for (int i = 0; i < tensors.size(); i++) {
        Optional<Place> place = places.get(i).filter(one -> one.component().equals(component));
        if (place.isPresent()) {
          own.add(i);
          first.add(parts.size());
          parts.addAll(place.get().parts());
        }
      }
      if (own.isEmpty()) {
        throw new ProblemException(
            new LayoutProblem.NoDiffusersModel(
                architecture.label(), "the model has no `" + component.folder() + "`"));
      }
      var layout = SafetensorsLayout.of(parts, metadata);
      for (int i = 0; i < own.size(); i++) {
        long address = begin + layout.positions().get(first.get(i));
        addresses.put(own.get(i), address);
        Place place = places.get(own.get(i)).orElseThrow();
        if (place.isTurned()) {
          turned.add(new Turned(address, tensors.get(own.get(i)), place.form() == Form.SWAPPED));
        }
      }
      String name = component.folder() + "/" + component.stem() + ".safetensors";
      entries.add(new Entry(name, begin, layout.size(), layout.header()));
      begin = Math.addExact(begin, layout.size());
    }
    List<String> folders = keys.components().stream().map(Component::folder).toList();
    for (var file : new TreeMap<>(configuration.files(architecture, tensors, folders)).entrySet()) {
      entries.add(new Entry(file.getKey(), begin, file.getValue().length, file.getValue()));
      begin = Math.addExact(begin, file.getValue().length);
    }
    long size = begin;
    int leftOut = 0;
    var positions = new ArrayList<Long>();
    for (int i = 0; i < tensors.size(); i++) {
      Long address = addresses.get(i);
      if (address == null) {
        positions.add(begin);
        begin = Math.addExact(begin, tensors.get(i).bytes());
        leftOut++;
      } else {
        positions.add(address);
      }
    }
    return new FolderLayout(target, entries, positions, turned, size, leftOut);
  }

  @Override
  public Path target() {
    return target;
  }

  @Override
  public List<Path> files() {
    var files = new ArrayList<Path>();
    files.add(target);
    entries.forEach(entry -> files.add(target.resolve(entry.name())));
    return List.copyOf(files);
  }

  @Override
  public List<Long> positions() {
    return positions;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int leftOut() {
    return leftOut;
  }

  @Override
  public OutputFile create(BiFunction<Path, Long, OutputFile> files) {
    return FolderOutput.create(target, size, entries, turned, files);
  }

  @Override
  public void writeHeaders(OutputFile output) throws IOException {
    for (Entry entry : entries) {
      output.write(ByteBuffer.wrap(entry.head()), entry.begin());
    }
  }
}
