package bmr.method;

import bmr.model.MethodSignature;

/**
 * A non-linear merge method. Values are double precision blocks; how a method must see its tensor
 * decides which of the two kinds it is. Instances are stateless: threads share them.
 *
 * <p>A third kind is left out until a method needs it: methods that must hold the whole tensor at
 * once, such as TIES (the largest values by rank), DARE and DELLA (drop, then rescale to the norm
 * of the whole) or smoothAdd (filters over neighbours, hence over the shape). It would come in as
 * {@code interface Whole extends MergeMethod} with {@code void apply(double[][] operands, Shape
 * shape, double[] parameters, double[] result)}, called once per tensor, and as one more case in
 * the engine: the planner would count the operands and the result of the largest such tensor as
 * needed memory. Random methods would take a seed among their parameters and the tensor's key
 * beside it.
 */
public sealed interface MergeMethod {
  MethodSignature signature();

  /** Each element depends on the operands' elements at the same place only. */
  non-sealed interface Pointwise extends MergeMethod {
    /**
     * Computes one block.
     *
     * @param operands a block of values for each operand of the signature
     * @param parameters in the order of the signature
     * @param n how many values of each block count
     * @param result where the values go; never one of the operands
     */
    void apply(double[][] operands, double[] parameters, int n, double[] result);
  }

  /**
   * Needs the inner products of all operands over the whole tensor first, then goes point by point.
   */
  non-sealed interface AfterProducts extends MergeMethod {
    /**
     * What is linear once the inner products are known: the coefficient of each operand. A
     * coefficient of 0 leaves its operand out, even where that is not finite.
     *
     * @param products ⟨operand i, operand j⟩ over the whole tensor, symmetric
     * @param parameters in the order of the signature
     */
    double[] coefficients(double[][] products, double[] parameters);
  }
}
