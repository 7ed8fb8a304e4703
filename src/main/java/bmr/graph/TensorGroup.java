package bmr.graph;

import bmr.model.Block;
import bmr.model.Part;
import java.util.List;

/**
 * Tensors that none of two recipes tells apart.
 *
 * @param part of the checkpoint, inside the block
 * @param having pieces of tensor names that a recipe mentions and these tensors have
 * @param tensors how many; 0 where the names of the architecture's tensors are not known
 */
public record TensorGroup(Block block, Part part, List<String> having, int tensors) {
  public TensorGroup {
    having = List.copyOf(having);
  }
}
