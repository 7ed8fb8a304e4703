package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Stands for a source that nothing wanted needs, so that indices hold. */
record UnopenedCheckpoint(String name, Path path) implements Checkpoint {
  @Override
  public long size() {
    return 0;
  }

  @Override
  public Architecture architecture() {
    return Architecture.UNKNOWN;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return new LinkedHashMap<>();
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return new LinkedHashMap<>();
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    throw new IOException(path + " is not open");
  }

  @Override
  public void close() {}
}
