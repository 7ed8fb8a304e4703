package bmr.interchange.export;

import java.util.SequencedMap;

/** A definition as a sum of files and of definitions that are models themselves. */
record Combination(String name, SequencedMap<Operand, Shares> terms) {}
