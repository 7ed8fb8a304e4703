package bmr.model;

import bmr.model.Weight.Constant;
import bmr.model.Weight.Entry;
import bmr.model.Weight.Overridden;
import bmr.model.Weight.PerBlock;
import bmr.model.Weight.Plus;
import bmr.model.Weight.Preset;
import bmr.model.Weight.Quotient;
import bmr.model.Weight.Selected;
import bmr.model.Weight.Selector;
import bmr.model.Weight.Site;
import bmr.model.Weight.Times;
import bmr.model.Weight.Unknown;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The value of a weight for one tensor. */
final class WeightEvaluation {
  /**
   * Rounds only what is longer than 60 digits. Given to the operation itself, it also keeps {@code
   * 1e999999999 + 1} from becoming a number of a billion digits.
   */
  static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

  private WeightEvaluation() {}

  static BigDecimal at(Weight weight, Site site) {
    return switch (weight) {
      case Constant constant -> constant.value();
      case Unknown unknown -> odd(unknown.name());
      case PerBlock _, Selected _, Overridden _ -> at(chosen(weight, site), site);
      case Preset preset ->
          Presets.value(preset.name(), site.architecture(), site.place().block())
              .orElseThrow(() -> misfit(weight, site));
      case Plus plus -> {
        BigDecimal sum = BigDecimal.ZERO;
        for (Weight summand : plus.summands()) {
          sum = sum.add(at(summand, site), DIGITS);
        }
        yield sum;
      }
      case Times times -> {
        BigDecimal product = BigDecimal.ONE;
        for (Weight factor : times.factors()) {
          product = product.multiply(at(factor, site), DIGITS);
        }
        yield product;
      }
      case Quotient quotient ->
          at(quotient.dividend(), site).divide(at(quotient.divisor(), site), DIGITS);
    };
  }

  static Weight chosen(Weight weight, Site site) {
    return switch (weight) {
      case PerBlock list -> {
        int index =
            BlockLists.index(list.values().size(), site.architecture(), site.place().block());
        yield list.values().get(fitting(weight, site, index));
      }
      case Selected map -> chosen(map.entries(), map.otherwise(), site);
      case Overridden over -> chosen(over.entries(), over.base(), site);
      case Constant _, Preset _, Plus _, Times _, Quotient _, Unknown _ -> weight;
    };
  }

  /** Between 0.4 and 0.83, and not a number that people write. */
  private static BigDecimal odd(String name) {
    var checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    return BigDecimal.valueOf(4_000_000_000L + checksum.getValue(), 10);
  }

  private static int fitting(Weight weight, Site site, int index) {
    if (index < 0) {
      throw misfit(weight, site);
    }
    return index;
  }

  private static IllegalStateException misfit(Weight weight, Site site) {
    return new IllegalStateException(
        weight.misfit(site.architecture()).orElse("no value for " + site.place().block()));
  }

  private static Weight chosen(List<Entry> entries, Weight otherwise, Site site) {
    @Nullable Entry winner = null;
    int rank = 0;
    for (Entry entry : entries) {
      int entryRank = matchesKey(entry, site.key()) ? rank(entry, site) : 0;
      if (entryRank > 0 && entryRank >= rank) {
        winner = entry;
        rank = entryRank;
      }
    }
    return winner == null ? otherwise : winner.weight();
  }

  private static boolean matchesKey(Entry entry, String key) {
    if (entry.elements().isEmpty()) {
      return true;
    }
    for (String element : entry.elements()) {
      if (key.contains(element)) {
        return !entry.negated();
      }
    }
    return entry.negated();
  }

  /** 0 where no selector matches; else the higher, the more special the best one is. */
  private static int rank(Entry entry, Site site) {
    if (entry.selectors().isEmpty()) {
      return 1;
    }
    int rank = 0;
    for (Selector selector : entry.selectors()) {
      rank = Math.max(rank, rank(selector, site));
    }
    return rank;
  }

  private static int rank(Selector selector, Site site) {
    return switch (selector) {
      case Selector.Blocks blocks -> {
        Block block = site.place().block();
        yield matched(
            blocks.first().compareTo(block) <= 0 && block.compareTo(blocks.last()) <= 0, 1);
      }
      case Selector.Named named -> rank(named, site.place());
    };
  }

  private static int rank(Selector.Named named, Place place) {
    Block.Group group = place.block().group();
    Part part = place.part();
    return switch (named.name()) {
      case ALL -> 1;
      case IN -> matched(group == Block.Group.IN, 1);
      case MID -> matched(group == Block.Group.MID, 1);
      case OUT -> matched(group == Block.Group.OUT, 1);
      case UNET -> matched(part.isUnet() || group != Block.Group.BASE, 1);
      case CLIP -> matched(part.isTextEncoder(), 2);
      case CLIPL -> matched(part == Part.CLIP_L, 3);
      case CLIPG -> matched(part == Part.CLIP_G, 3);
      case VAE -> matched(part == Part.VAE, 2);
      case TIME -> matched(part == Part.TIME, 2);
      case LABEL -> matched(part == Part.LABEL, 2);
      case HEAD -> matched(part == Part.HEAD, 2);
    };
  }

  private static int matched(boolean matches, int rank) {
    return matches ? rank : 0;
  }
}
