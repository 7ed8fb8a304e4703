package bmr.checkpoint;

import bmr.diagnostic.ProblemException;
import java.nio.file.Path;

/** Opens whatever is a model. */
final class CheckpointOpening {
  private CheckpointOpening() {}

  /**
   * Opens a file by its name and content.
   *
   * @throws ProblemException with a FileProblem or a PickleProblem for whatever is no readable
   *     model
   */
  static Checkpoint open(Path path) {
    Checkpoint file =
        ShardNames.isIndex(String.valueOf(path.getFileName()))
            ? ShardedCheckpoint.open(path)
            : TorchFile.openIfTorch(path).orElseGet(() -> SafetensorsFile.open(path));
    boolean opened = false;
    try {
      PackedKinds.refuse(file);
      Checkpoint model = ScaledFloat8.over(file);
      opened = true;
      return model;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
