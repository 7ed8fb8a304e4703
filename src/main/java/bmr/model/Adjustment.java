package bmr.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * SuperMerger's "adjust": seven or eight numbers for detail, contrast and colours, which scale or
 * shift the first convolution and the output head of a U-Net. Eight are IN, OUT, OUT2, CONT, BRI,
 * COL1, COL2, COL3; seven are the form of before October 2023, whose last four shift the channels
 * of the output one by one.
 */
public record Adjustment(List<BigDecimal> numbers) {
  private static final String FIRST = "model.diffusion_model.input_blocks.0.0.";
  private static final String NORM = "model.diffusion_model.out.0.";
  private static final String LAST = "model.diffusion_model.out.2.";

  /** Keys of the tensors that are changed. */
  public static final Set<String> KEYS =
      Set.of(
          FIRST + "weight",
          FIRST + "bias",
          NORM + "weight",
          NORM + "bias",
          LAST + "weight",
          LAST + "bias");

  /** How a plan says that the last bias is shifted: a number for each of its four channels. */
  public static final MethodSignature SHIFT =
      new MethodSignature(
          "shift",
          List.of("A"),
          List.of(channel(0), channel(1), channel(2), channel(3)),
          MethodSignature.MissingOperand.FIRST_OPERAND,
          "adds a number to each channel of the last bias; what `adjust` makes of it");

  private static final BigDecimal HUNDREDTH = new BigDecimal("0.01");
  private static final BigDecimal FIFTIETH = new BigDecimal("0.02");
  private static final BigDecimal THREE = BigDecimal.valueOf(3);

  /** Thirds of what BRI, COL1, COL2 and COL3 do to the channels 1, 2 and 3. */
  private static final int[][] COLOURS_SD1 = {{-3, 1, 2}, {3, 3, 0}, {0, -3, -3}, {3, 0, 3}};

  private static final int[][] COLOURS_SDXL = {{0, 0, 3}, {3, 0, 0}, {-3, -3, 0}, {-3, 3, 0}};

  public Adjustment {
    numbers = List.copyOf(numbers);
    if (!isLength(numbers.size())) {
      throw new IllegalArgumentException(numbers.size() + " numbers");
    }
  }

  /** Whether so many numbers are an adjustment. */
  public static boolean isLength(int count) {
    return count == 7 || count == 8;
  }

  private static MethodSignature.Parameter channel(int index) {
    return new MethodSignature.Parameter("c" + index, java.util.Optional.empty());
  }

  /** What happens to a tensor. */
  public sealed interface Effect {
    /** Nothing. */
    record None() implements Effect {}

    /** It is multiplied by a number. */
    record Scaled(Weight.Constant factor) implements Effect {}

    /** A number is added to each of its four elements. */
    record Shifted(List<BigDecimal> channels) implements Effect {
      public Shifted {
        channels = List.copyOf(channels);
      }
    }
  }

  /** The effect on a tensor, by its key in the canonical spelling. */
  public Effect effect(Architecture architecture, String key) {
    return switch (key) {
      case FIRST + "weight" -> scaled(HUNDREDTH.negate(), 0);
      case FIRST + "bias" -> scaled(FIFTIETH, 0);
      case NORM + "weight" -> scaled(HUNDREDTH.negate(), 1);
      case NORM + "bias" -> scaled(FIFTIETH, 1);
      case LAST + "weight" -> scaled(HUNDREDTH.negate(), 2);
      case LAST + "bias" -> shifted(architecture);
      default -> new Effect.None();
    };
  }

  private Effect scaled(BigDecimal step, int index) {
    BigDecimal number = numbers.get(index);
    return number.signum() == 0
        ? new Effect.None()
        : new Effect.Scaled(
            new Weight.Constant(BigDecimal.ONE.add(step.multiply(number)).stripTrailingZeros()));
  }

  private Effect shifted(Architecture architecture) {
    if (numbers.subList(3, numbers.size()).stream().allMatch(n -> n.signum() == 0)) {
      return new Effect.None();
    }
    List<BigDecimal> channels = new ArrayList<>();
    channels.add(FIFTIETH.multiply(numbers.get(3)));
    for (int channel = 1; channel < 4; channel++) {
      channels.add(
          numbers.size() == 7
              ? FIFTIETH.multiply(numbers.get(3 + channel))
              : colour(architecture, channel - 1));
    }
    return new Effect.Shifted(channels);
  }

  private BigDecimal colour(Architecture architecture, int channel) {
    int[][] table = architecture.isSdxl() ? COLOURS_SDXL : COLOURS_SD1;
    BigDecimal thirds = BigDecimal.ZERO;
    for (int i = 0; i < table.length; i++) {
      thirds = thirds.add(numbers.get(4 + i).multiply(BigDecimal.valueOf(table[i][channel])));
    }
    return FIFTIETH.multiply(thirds).divide(THREE, WeightEvaluation.DIGITS);
  }
}
