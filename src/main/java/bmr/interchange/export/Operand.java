package bmr.interchange.export;

/**
 * A model that steps name.
 *
 * @param made whether a step makes it; otherwise it is a file of the recipe
 * @param index in the recipe's sources where it is a file; a step's number is no part of it
 */
record Operand(String name, boolean made, int index) {
  static Operand made(String name) {
    return new Operand(name, true, -1);
  }
}
