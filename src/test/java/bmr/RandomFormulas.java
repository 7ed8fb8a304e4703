package bmr;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Formulas: models (coefficients that add up to 1) and differences (to 0). */
final class RandomFormulas {
  private static final List<String> FILES =
      List.of(
          "OpenBra",
          "OpenBra1.1",
          "v1-5-pruned-emaonly",
          "Evt_V4_e04_ema",
          "ごちゃまぜ",
          "Протоген",
          "Protogen 5.3",
          "Kenshi (v2) + more",
          "a#b//c",
          "7",
          "1-berry",
          "sd1.4",
          "x",
          "été",
          "e\u0301te\u0301",
          "save",
          "alphabet",
          "😀 model");

  private final RandomSpelling spelling;
  private final RandomGenerator random;
  private final RandomWeights weights;
  private final List<String> models = new ArrayList<>(FILES);
  private final List<String> differences = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();

  RandomFormulas(RandomSpelling spelling, RandomWeights weights) {
    this.spelling = spelling;
    this.random = spelling.random();
    this.weights = weights;
  }

  void defineModel(String name) {
    models.add(name);
  }

  void defineDifference(String name) {
    differences.add(name);
  }

  /** The name of any model, as written. */
  String modelName() {
    String name = spelling.pick(models);
    if (spelling.chance(25) && FILES.contains(name)) {
      return spelling.name(name) + spelling.pick("[1a2b3c4d5e]", " [12345678]");
    }
    // words of statements are quoted where they could begin one
    return name.equals("save") ? "\"save\"" : spelling.name(name);
  }

  /** Weights that the formula made last uses and that need values. */
  List<String> parameters() {
    return List.copyOf(parameters);
  }

  /** A formula for a whole definition. */
  String formula(boolean difference) {
    parameters.clear();
    return difference ? difference(2) : spelling.chance(12) ? fallback() : model(2);
  }

  private String fallback() {
    StringBuilder text = new StringBuilder(modelName());
    do {
      text.append(" | ").append(modelName());
    } while (spelling.chance(3));
    return text.toString();
  }

  /** An operand: a name, or a formula in brackets. */
  private String modelOperand(int depth) {
    if (depth == 0 || !spelling.chance(6)) {
      return spelling.chance(40) ? "hf:owner/repo/file.safetensors" : modelName();
    }
    return spelling.chance(5) ? "(" + fallback() + ")" : bracket(model(depth - 1));
  }

  private String differenceOperand(int depth) {
    return !differences.isEmpty() && spelling.chance(3)
        ? spelling.name(spelling.pick(differences))
        : bracket(difference(depth - 1));
  }

  private String bracket(String inner) {
    return spelling.pick("(", "(", "( ", "(\n    ")
        + inner
        + spelling.pick(")", ")", " )", "\n    )");
  }

  private String model(int depth) {
    return switch (random.nextInt(14)) {
      case 0 -> modelName();
      case 1, 2, 3 -> shares(depth);
      case 4, 5, 6 -> crossed(depth);
      case 7 -> three(depth);
      case 8, 9 -> addDifference(depth);
      case 10 -> call(depth);
      case 11 -> random.nextBoolean() ? adjusted(depth) : part(depth);
      case 12 -> depth < 2 ? shares(depth) : at(depth);
      default -> crossedByWeight(depth);
    };
  }

  private String shares(int depth) {
    int count = 1 + random.nextInt(4);
    int left = 100;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int share = i == count - 1 ? left : random.nextInt(left + 1);
      left -= share;
      text.append(i == 0 ? "" : spelling.plus()).append(product(modelOperand(depth), share));
    }
    return text.toString();
  }

  private String product(String operand, int hundredths) {
    return switch (random.nextInt(12)) {
      case 0 -> spelling.hundredths(hundredths) + spelling.times() + operand;
      case 1 -> operand + spelling.times() + spelling.hundredths(2 * hundredths) + " / 2";
      case 2 ->
          operand.endsWith(")")
              ? operand + "x" + spelling.hundredths(hundredths)
              : operand + spelling.times() + spelling.hundredths(hundredths);
      case 3 -> operand + spelling.times() + "(" + spelling.hundredths(hundredths) + ")";
      default -> operand + spelling.times() + spelling.hundredths(hundredths);
    };
  }

  private String parameter(String name) {
    if (!parameters.contains(name)) {
      parameters.add(name);
    }
    return name;
  }

  private String crossed(int depth) {
    String alpha = parameter(spelling.pick("alpha", "alpha", "w", "α"));
    return modelOperand(depth)
        + spelling.times()
        + spelling.pick("(1-" + alpha + ")", "(1 - " + alpha + ")", "( 1 -" + alpha + " )")
        + spelling.plus()
        + modelOperand(depth)
        + spelling.times()
        + alpha;
  }

  private String crossedByWeight(int depth) {
    String weight = weights.operand();
    return modelOperand(depth)
        + spelling.times()
        + "(1 - "
        + weight
        + ")"
        + spelling.plus()
        + modelOperand(depth)
        + spelling.times()
        + weight;
  }

  private String three(int depth) {
    String alpha = parameter("alpha");
    String beta = parameter("beta");
    return modelOperand(depth)
        + " x (1-alpha-beta)"
        + spelling.plus()
        + modelOperand(depth)
        + spelling.times()
        + alpha
        + spelling.plus()
        + modelOperand(depth)
        + spelling.times()
        + beta;
  }

  private String addDifference(int depth) {
    StringBuilder text = new StringBuilder(modelOperand(depth));
    do {
      text.append(spelling.chance(4) ? spelling.minus() : spelling.plus());
      text.append(product(differenceOperand(depth), random.nextInt(-20, 101)));
    } while (spelling.chance(3));
    return text.toString();
  }

  private String at(int depth) {
    return modelOperand(depth)
        + spelling.plus()
        + "("
        + modelName()
        + " - "
        + modelName()
        + ")"
        + spelling.pick(" @ ", "@")
        + spelling.hundredths(random.nextInt(101));
  }

  private String call(int depth) {
    boolean named = spelling.chance(4);
    String first = modelOperand(depth);
    String second = modelOperand(depth);
    if (spelling.chance(12)) {
      // a method of the future
      return "ties(base: " + first + ", [" + second + spelling.comma() + "C], density: 0.2)";
    }
    if (spelling.chance(2)) {
      return spelling.pick("slerp(", "slerp( ", "slerp (")
          + first
          + spelling.comma()
          + second
          + spelling.comma()
          + (named ? spelling.pick("t: ", "t = ", "t:") : "")
          + spelling.hundredths(random.nextInt(101))
          + ")";
    }
    return "trainDifference("
        + first
        + spelling.comma()
        + second
        + spelling.comma()
        + modelOperand(depth)
        + spelling.comma()
        + (spelling.chance(8) ? parameter("alpha") : spelling.hundredths(random.nextInt(101)))
        + spelling.pick(")", ")", ",)", " )");
  }

  private String adjusted(int depth) {
    String numbers = spelling.pick("1, 1, 1, 0, 0, 0, 0, 0", "1,-2,0,.5,0,0,0", "0,0,0,1,2,3,4,5");
    return "adjust("
        + modelOperand(depth)
        + ", "
        + (spelling.chance(4) ? "(" + numbers + ")" : numbers)
        + ")";
  }

  private String part(int depth) {
    return spelling.pick("clip", "unet", "vae")
        + spelling.pick("(", "( ")
        + modelOperand(depth)
        + ")";
  }

  private String difference(int depth) {
    return switch (depth <= 0 ? 0 : random.nextInt(5)) {
      case 0, 1, 2 -> modelName() + spelling.minus() + modelName();
      case 3 -> product(bracket(difference(depth - 1)), random.nextInt(101));
      default -> modelOperand(depth - 1) + spelling.minus() + bracket(model(depth - 1));
    };
  }
}
