package bmr.model;

import bmr.tensor.TensorInfo;
import java.util.SequencedMap;

/** What a source's header says, without its bytes. */
public interface TensorCatalog {
  /** The name that plans print. */
  String name();

  Architecture architecture();

  /**
   * Tensors by key in the canonical spelling (new CLIP keys), in the order of their bytes in the
   * file. Everything the file holds, EMA copies and markers included.
   */
  SequencedMap<String, TensorInfo> tensors();
}
