package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Problem;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Some tensors of an open file, under names of the caller's choice. */
final class SelectedTensors implements Checkpoint {
  private final Checkpoint file;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  SelectedTensors(Checkpoint file) {
    this.file = file;
  }

  /** Adds a tensor of the file under another key, or replaces the one that has it. */
  void put(String key, StoredTensor tensor) {
    var info = new TensorInfo(key, tensor.info().dtype(), tensor.info().shape());
    stored.put(key, new StoredTensor(tensor.storedKey(), info, tensor.position()));
    tensors.put(key, info);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public Architecture architecture() {
    return file.architecture();
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return Collections.unmodifiableSequencedMap(stored);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public List<Problem> notes() {
    return file.notes();
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    file.read(target, position);
  }

  @Override
  public void willNeed(long position, long length) {
    file.willNeed(position, length);
  }

  @Override
  public void close() {
    file.close();
  }
}
