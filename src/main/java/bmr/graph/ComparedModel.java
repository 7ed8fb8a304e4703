package bmr.graph;

import java.util.OptionalInt;

/**
 * A model of a recipe that is compared with one of another.
 *
 * @param node in the recipe's graph
 * @param vaeNode whose VAE it gets, where that is another model's
 * @param vae whether it has a VAE
 * @param unetOnly whether all but the U-Net is left out
 * @param type of the file's elements, in words
 */
public record ComparedModel(
    String name,
    boolean output,
    int node,
    OptionalInt vaeNode,
    boolean vae,
    boolean unetOnly,
    String type) {}
