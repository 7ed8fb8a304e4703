package bmr.checkpoint;

import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/** Where the tensors of an output lie, in one file or in several that are addressed as one. */
public interface OutputLayout {
  /**
   * Lays tensors out in the order given. With a limit, a file ends before the tensor that would
   * exceed it (a larger tensor has a file of its own), files are called {@code
   * x-00001-of-00003.safetensors}, each with all the metadata, and the index {@code
   * x.safetensors.index.json}; what fits one file is one, with the target's name.
   *
   * @param target {@code x.safetensors}
   * @param shardBytes most bytes of tensors in one file
   * @throws bmr.diagnostic.ProblemException with a ShardProblem where the files would be too many
   * @throws IllegalArgumentException as {@link SafetensorsLayout#of}
   */
  static OutputLayout of(
      Path target,
      List<TensorInfo> tensors,
      Map<String, String> metadata,
      OptionalLong shardBytes) {
    return FileLayout.of(target, tensors, metadata, shardBytes);
  }

  /**
   * Lays tensors out as a folder of Diffusers: one file for each network, in the order given.
   *
   * @param target the folder
   * @param tensors under the keys of a single file; what Diffusers has no place for is not written
   * @throws bmr.diagnostic.ProblemException with a {@link bmr.diagnostic.LayoutProblem} where the
   *     model is none that such a folder can hold
   */
  static OutputLayout diffusers(
      Path target,
      Architecture architecture,
      List<TensorInfo> tensors,
      Map<String, String> metadata,
      DiffusersConfiguration configuration) {
    return FolderLayout.of(target, architecture, tensors, metadata, configuration);
  }

  /** The file that is the model: the one file, the index, or the folder. */
  Path target();

  /** All files, but for a folder the {@link #target} last. */
  List<Path> files();

  /** Addresses of the tensors, in the order given. */
  List<Long> positions();

  /** Bytes of all files. */
  long size();

  /** Tensors that have no place in this layout and are not written. */
  default int leftOut() {
    return 0;
  }

  /**
   * Creates what is to be written.
   *
   * @param files makes one file of a name and a size
   */
  OutputFile create(BiFunction<Path, Long, OutputFile> files);

  /** Writes what stands before the tensors, the index and the configuration. */
  void writeHeaders(OutputFile output) throws IOException;
}
