package bmr.sample;

import bmr.model.Block;
import bmr.sample.Mixture.Direction;

/**
 * The models of the Blessing Mix as mixtures, and the model that its author was after. The samples'
 * target is what the recipe makes of the samples and a little more, so that every step of the
 * recipe comes nearer to it, as in the published figures.
 */
final class BlessingMix {
  static final Mixture V15 = Mixture.base();
  static final Mixture OPEN_BRA = model(0.06).with(Direction.BRA, 0.24);
  static final Mixture OPEN_BRA_11 =
      model(0.05).with(Direction.BRA, 0.14).with(Direction.BRA11, 0.32);
  static final Mixture EVT = model(0.03).with(Direction.EVT, 0.32);
  static final Mixture COAL = model(0.02).with(Direction.COAL, 0.34);
  static final Mixture NEW_AGE = model(0.08).with(Direction.AGE, 0.26);
  static final Mixture NEW_ERA = model(0.06).with(Direction.AGE, 0.08).with(Direction.ERA, 0.28);
  static final Mixture SXD = model(0.04).with(Direction.SXD, 0.30);
  static final Mixture DREAM_6 =
      model(0.06).with(Direction.DREAM, 0.24).with(Direction.DREAM6, 0.12);
  static final Mixture DREAM_5 =
      model(0.06).with(Direction.DREAM, 0.24).with(Direction.DREAM5, 0.12);

  private BlessingMix() {}

  private static Mixture model(double common) {
    return Mixture.base().with(Direction.COMMON, common);
  }

  /** The target in a block. */
  static Mixture target(Block block) {
    Mixture mix =
        switch (block.group()) {
          case BASE -> encoder();
          case IN, MID -> inputs(block);
          case OUT -> outputs(block.number());
          case L, D, S -> throw new IllegalArgumentException("no block of a U-Net: " + block);
        };
    return mix.with(Direction.TARGET, 0.06);
  }

  private static Mixture outputs(int number) {
    Mixture mix =
        OPEN_BRA
            .addDifference(EVT, 0.08)
            .addDifference(COAL, 0.1)
            .weightSum(COAL, 0.05)
            .weightSum(NEW_AGE, 0.1)
            .addDifference(SXD, 0.18)
            .addDifference(OPEN_BRA_11, 0.06);
    if (number >= 6) {
      return mix.weightSum(DREAM_6, 0.15);
    }
    return number == 3 || number == 4 ? mix.addDifference(OPEN_BRA_11, 0.08) : mix;
  }

  private static Mixture inputs(Block block) {
    boolean middle = block.group() == Block.Group.MID;
    int number = block.number();
    Mixture mix = OPEN_BRA.weightSum(V15, 0.5).addDifference(DREAM_6, middle ? 1 : dream(number));
    if (middle) {
      return mix.weightSum(EVT, 0.28);
    }
    return switch (number) {
      case 5 -> mix.addDifference(NEW_ERA, 0.08).weightSum(NEW_ERA, 0.05).weightSum(EVT, 0.3);
      case 6, 7 -> mix.addDifference(NEW_ERA, 0.1).weightSum(NEW_ERA, 0.05).weightSum(EVT, 0.24);
      case 8 -> mix.addDifference(NEW_ERA, 0.08).weightSum(EVT, 0.3);
      default -> mix;
    };
  }

  private static double dream(int number) {
    if (number < 2) {
      return 0.95;
    }
    if (number < 5) {
      return 0.55;
    }
    return number < 7 ? 0.85 : 1;
  }

  private static Mixture encoder() {
    return DREAM_5.weightSum(NEW_AGE, 0.5).weightSum(OPEN_BRA, 0.5).weightSum(EVT, 0.15);
  }
}
