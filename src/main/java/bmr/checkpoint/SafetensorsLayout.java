package bmr.checkpoint;

import bmr.tensor.TensorInfo;
import java.util.List;
import java.util.Map;

/**
 * The bytes in front of an output's tensors and where each tensor lies.
 *
 * @param header length, JSON and padding: the file's first bytes
 * @param positions of the tensors in the file, in the order given
 * @param size of the whole file
 */
public record SafetensorsLayout(byte[] header, List<Long> positions, long size) {
  public SafetensorsLayout {
    positions = List.copyOf(positions);
  }

  /**
   * Lays tensors out one behind the other in the order given. The header begins with exactly <code>
   * {"</code> and is padded with blanks to a multiple of 8 bytes; keys of the metadata are sorted,
   * so the same input gives the same bytes.
   */
  public static SafetensorsLayout of(List<TensorInfo> tensors, Map<String, String> metadata) {
    throw new UnsupportedOperationException();
  }
}
