package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.WrappedCheckpoint;
import bmr.tensor.TensorInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Some tensors of an open file, under names of the caller's choice. */
final class SelectedTensors implements WrappedCheckpoint {
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
  public Checkpoint file() {
    return file;
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return Collections.unmodifiableSequencedMap(stored);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }
}
