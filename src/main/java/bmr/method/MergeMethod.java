package bmr.method;

import bmr.model.MethodSignature;

/**
 * A non-linear merge method. Values are double precision blocks; how a method must see its tensor
 * decides which of the two kinds it is.
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
     * What is linear once the inner products are known: the coefficient of each operand.
     *
     * @param products ⟨operand i, operand j⟩ over the whole tensor, symmetric
     * @param parameters in the order of the signature
     */
    double[] coefficients(double[][] products, double[] parameters);
  }
}
