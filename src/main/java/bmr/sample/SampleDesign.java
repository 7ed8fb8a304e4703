package bmr.sample;

import bmr.model.Block;
import bmr.sample.Mixture.Direction;
import bmr.sample.SampleModels.Scale;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one synthetic model is.
 *
 * @param mixture by the block that a tensor lies in
 */
record SampleDesign(String name, Function<Block, Mixture> mixture, Set<Oddity> oddities) {
  /** What real files have that surprises people, and what bmr prints of it. */
  enum Oddity {
    NO_VAE("no VAE"),
    TRAINING_LEFTOVERS("F32, with training leftovers (model_ema, betas)"),
    FLOAT_POSITION_IDS("position_ids damaged and in F32"),
    OLD_KEYS("text encoder keys in the old spelling"),
    BF16("BF16"),
    OTHER_VAE("a VAE of its own"),
    V_PREDICTION("v-prediction markers");

    final String text;

    Oddity(String text) {
      this.text = text;
    }
  }

  SampleDesign {
    oddities = Set.copyOf(oddities);
  }

  private static SampleDesign of(String name, Mixture everywhere, Oddity... oddities) {
    return new SampleDesign(name, _ -> everywhere, Set.of(oddities));
  }

  boolean has(Oddity oddity) {
    return oddities.contains(oddity);
  }

  /** What is special about the file, empty if nothing. */
  String oddityText(Scale scale) {
    return oddities.stream()
        .filter(oddity -> scale == Scale.TINY || oddity != Oddity.BF16)
        .sorted()
        .map(oddity -> oddity.text)
        .collect(Collectors.joining(", "));
  }

  /** The ten sources of the Blessing Mix and the model that it imitates. */
  static List<SampleDesign> blessingMix() {
    return List.of(
        of("OpenBra", BlessingMix.OPEN_BRA, Oddity.OTHER_VAE),
        of("Evt_V4_e04_ema", BlessingMix.EVT),
        of("v1-5-pruned-emaonly", BlessingMix.V15, Oddity.TRAINING_LEFTOVERS),
        of("diamondcoalmix_diamondcoalv2pruned", BlessingMix.COAL, Oddity.OLD_KEYS),
        of("epicrealism_newAge", BlessingMix.NEW_AGE, Oddity.FLOAT_POSITION_IDS),
        of("sxd_10Pruned", BlessingMix.SXD),
        of("OpenBra1.1", BlessingMix.OPEN_BRA_11, Oddity.OTHER_VAE),
        of("dreamshaper_6NoVae", BlessingMix.DREAM_6, Oddity.NO_VAE),
        of("epicrealism_newEra", BlessingMix.NEW_ERA, Oddity.BF16),
        of("dreamshaper_5PrunedNoVaeTrain", BlessingMix.DREAM_5, Oddity.NO_VAE),
        new SampleDesign("BracingEvoMix_v1", BlessingMix::target, Set.of()));
  }

  /** A base model of SDXL and two models tuned from it. */
  static List<SampleDesign> sdxl() {
    Mixture photo = Mixture.base().with(Direction.COMMON, 0.08).with(Direction.AGE, 0.25);
    Mixture drawn = Mixture.base().with(Direction.COMMON, 0.05).with(Direction.COAL, 0.35);
    return List.of(
        of("sd_xl_base_1.0", Mixture.base()),
        of("photo_xl_sample", photo, Oddity.OTHER_VAE),
        of("drawn_xl_vpred_sample", drawn, Oddity.V_PREDICTION));
  }
}
