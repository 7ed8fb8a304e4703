package bmr.checkpoint;

import bmr.diagnostic.Problem;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** An open file that a user's description says the architecture of. */
record DescribedCheckpoint(Checkpoint file, Architecture architecture) implements Checkpoint {
  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return file.stored();
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return file.tensors();
  }

  @Override
  public List<ModelPart> parts() {
    return file.parts();
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
