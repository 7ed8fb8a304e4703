package bmr;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Weights in all their forms. */
final class RandomWeights {
  private static final List<String> BLOCKS = new ArrayList<>();

  static {
    BLOCKS.add("BASE");
    for (int i = 0; i < 12; i++) {
      BLOCKS.add("IN%02d".formatted(i));
    }
    BLOCKS.add("M00");
    for (int i = 0; i < 12; i++) {
      BLOCKS.add("OUT%02d".formatted(i));
    }
  }

  private static final String[] WORDS = {"CLIP", "VAE", "TIME", "HEAD", "IN", "MID", "OUT", "UNET"};
  private static final String[] ELEMENTS = {
    "attn1", "attn2", "ff.net", "attn1.to_k.weight", "\".bias\"", "0.proj", "norm1", "proj_in"
  };
  private static final String[] PRESETS = {
    "GRAD_V",
    "GRAD_A",
    "FLAT_25",
    "WRAP08",
    "RING08_5",
    "SMOOTHSTEP",
    "SMOOTHSTEP*2",
    "SMOOTHSTEP/2",
    "R_SMOOTHSTEP*3",
    "REVERSE-SMOOTHSTEP",
    "MID12_50"
  };

  private final RandomSpelling spelling;
  private final RandomGenerator random;
  private final List<String> shared = new ArrayList<>();
  private final boolean seeded;

  /**
   * @param seeded whether the script has a seed, so that random weights are allowed
   */
  RandomWeights(RandomSpelling spelling, boolean seeded) {
    this.spelling = spelling;
    this.random = spelling.random();
    this.seeded = seeded;
  }

  /** Makes a {@code let} known. */
  void share(String name) {
    shared.add(name);
  }

  /** A weight as it stands behind {@code W =}. */
  String value() {
    return switch (random.nextInt(15)) {
      case 0, 1 -> list("(", ")");
      case 2 -> list("", "");
      case 3, 4, 5 -> map();
      case 6, 7 -> spelling.pick(PRESETS);
      case 8 -> spelling.pick(PRESETS) + overrides();
      case 9 -> number() + overrides();
      case 10 -> sum();
      case 11 ->
          "lerp(" + operand() + spelling.comma() + operand() + spelling.comma() + number() + ")";
      default -> operand();
    };
  }

  /** A weight that can stand behind a multiplication sign. */
  String operand() {
    return switch (random.nextInt(12)) {
      case 0 -> spelling.pick(PRESETS);
      case 1 -> map();
      case 2 -> "(" + sum() + ")";
      case 3 -> shared.isEmpty() ? number() : spelling.pick(shared);
      case 4 -> seeded ? "random(0.2, " + number() + ")" : number();
      case 5 -> spelling.chance(3) ? "(" + number() + ",)" : number();
      case 6 -> spelling.chance(8) ? spelling.pick("?", "?v", "?v[0,1]", "?[0,1]~0.5") : number();
      default -> number();
    };
  }

  private String number() {
    return spelling.hundredths(random.nextInt(101));
  }

  private String sum() {
    return switch (random.nextInt(4)) {
      case 0 -> "1" + spelling.minus() + operand();
      case 1 -> operand() + " / " + (1 + random.nextInt(5));
      case 2 -> number() + spelling.times() + spelling.pick(PRESETS);
      default -> number() + spelling.plus() + number() + spelling.times() + number();
    };
  }

  private String list(String open, String close) {
    StringBuilder list = new StringBuilder(open);
    for (int i = 0; i < 26; i++) {
      list.append(i == 0 ? "" : spelling.comma());
      list.append(seeded && spelling.chance(8) ? spelling.pick("R", "U") : number());
    }
    boolean trailing = !open.isEmpty() && spelling.chance(8);
    return list.append(trailing ? "," : "").append(close).toString();
  }

  private String overrides() {
    return spelling.blank() + "with" + spelling.blank() + map();
  }

  /** {@code {IN00-IN05: 0.3, OUT04:attn2: 0.5, else 0}}. */
  String map() {
    StringBuilder map = new StringBuilder("{").append(spelling.pick("", "", " "));
    int entries = 1 + random.nextInt(3);
    for (int i = 0; i < entries; i++) {
      map.append(i == 0 ? "" : spelling.comma()).append(entry());
    }
    if (spelling.chance(5)) {
      map.append(spelling.comma()).append(spelling.pick("else ", "else: ")).append(number());
    }
    return map.append(spelling.chance(10) ? "," : "").append("}").toString();
  }

  private String entry() {
    StringBuilder entry = new StringBuilder(selector());
    while (spelling.chance(4)) {
      entry.append(spelling.blank()).append(selector());
    }
    entry.append(spelling.colon());
    if (spelling.chance(5)) {
      entry.append(spelling.chance(3) ? "NOT " : "").append(spelling.pick(ELEMENTS));
      while (spelling.chance(3)) {
        entry.append(" ").append(spelling.pick(ELEMENTS));
      }
      entry.append(spelling.colon());
    } else if (spelling.chance(15)) {
      entry.append(":");
    }
    return entry.append(spelling.chance(10) ? operand() : number()).toString();
  }

  /** A block, a range, a part or a group. */
  String selector() {
    if (spelling.chance(4)) {
      return spelling.pick(WORDS);
    }
    int first = random.nextInt(BLOCKS.size());
    int last = first + random.nextInt(BLOCKS.size() - first);
    boolean oneGroup = BLOCKS.get(first).charAt(0) == BLOCKS.get(last).charAt(0);
    return first == last || !oneGroup
        ? BLOCKS.get(first)
        : BLOCKS.get(first) + spelling.pick("~", "-", "..", " ~ ") + BLOCKS.get(last);
  }
}
