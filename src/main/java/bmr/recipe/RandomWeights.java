package bmr.recipe;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Random numbers of one definition. A number depends on the seed, the definition's name, the
 * parameter and its place there, and on nothing else: what stands in other lines changes nothing.
 *
 * <p>The number is the first 32 bits of the SHA-256 of the text {@code
 * seed/definition/parameter/group/index} in UTF-8, divided by 2^32 and cut to three digits.
 */
final class RandomWeights {
  private static final BigDecimal RANGE = BigDecimal.valueOf(1L << 32);

  private final Optional<BigInteger> seed;
  private final String definition;
  private final Map<String, Integer> groups = new HashMap<>();
  private String parameter = "";

  RandomWeights(Optional<BigInteger> seed, String definition) {
    this.seed = seed;
    this.definition = definition;
  }

  /** Counts the lists and calls of a parameter; draws that follow belong to this one. */
  int nextGroup(String ofParameter) {
    parameter = ofParameter;
    return groups.merge(ofParameter, 1, Integer::sum) - 1;
  }

  /** A number from 0 to 0.999; empty without a seed. */
  Optional<BigDecimal> draw(int group, int index) {
    return seed.map(
        number -> number(number + "/" + definition + "/" + parameter + "/" + group + "/" + index));
  }

  private static BigDecimal number(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      long bits = 0;
      for (int i = 0; i < 4; i++) {
        bits = bits << 8 | digest[i] & 0xFF;
      }
      return BigDecimal.valueOf(bits).divide(RANGE).setScale(3, RoundingMode.DOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
