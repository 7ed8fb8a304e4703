package bmr.model;

/**
 * Where a block map puts a tensor.
 *
 * @param blended false where the profile keeps the first operand's tensor whatever the weights say
 */
public record Place(Block block, Part part, boolean blended) {}
