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

/** Another view of an open model, which answers as the model does where it says nothing else. */
public interface WrappedCheckpoint extends Checkpoint {
  /** What is looked at; closed with the view. */
  Checkpoint file();

  @Override
  default String name() {
    return file().name();
  }

  @Override
  default Path path() {
    return file().path();
  }

  @Override
  default long size() {
    return file().size();
  }

  @Override
  default Architecture architecture() {
    return file().architecture();
  }

  @Override
  default Map<String, String> metadata() {
    return file().metadata();
  }

  @Override
  default SequencedMap<String, StoredTensor> stored() {
    return file().stored();
  }

  @Override
  default SequencedMap<String, TensorInfo> tensors() {
    return file().tensors();
  }

  @Override
  default List<ModelPart> parts() {
    return file().parts();
  }

  @Override
  default List<Problem> notes() {
    return file().notes();
  }

  @Override
  default void read(ByteBuffer target, long position) throws IOException {
    file().read(target, position);
  }

  @Override
  default void willNeed(long position, long length) {
    file().willNeed(position, length);
  }

  @Override
  default void close() {
    file().close();
  }
}
