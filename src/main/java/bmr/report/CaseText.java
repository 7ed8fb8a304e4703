package bmr.report;

import bmr.graph.FoldedModel.SpecialCase;
import java.util.List;

/** Special cases of a merge in words; none of them happens silently. */
public final class CaseText {
  private CaseText() {}

  /** One sentence for each case, wrapped at the width. */
  public static List<String> lines(List<SpecialCase> cases, int width) {
    return of(cases).stream().flatMap(text -> Wrap.lines(text, width, "    ").stream()).toList();
  }

  static List<String> of(List<SpecialCase> cases) {
    return cases.stream().map(CaseText::sentence).toList();
  }

  private static String sentence(SpecialCase special) {
    String tensors = Quantities.count(special.tensors(), "tensor");
    String part = special.part().label() + ": " + tensors;
    String names = names(special.sources());
    String in = names.isEmpty() ? "" : " in " + names;
    String of = names.isEmpty() ? "" : ", of " + names;
    return switch (special.kind()) {
      case CARRIER_MISSING -> part + " missing" + in + "; the first model that has them stands in";
      case CHANGE_SKIPPED -> part + " left alone by a difference that lacks one side" + in;
      case NEVER_BLENDED ->
          part + " not blended, taken whole" + (names.isEmpty() ? "" : " from " + names);
      case EMA_DROPPED -> "EMA copies: " + tensors + " left out" + of;
      case TRAINING_DROPPED -> "leftovers of training: " + tensors + " left out" + of;
      case SECONDARY_DROPPED ->
          "markers and schedules: " + tensors + " left out" + of + "; the first model's stay";
      case CHANNELS -> part + " combined on the channels that wide and narrow models share" + of;
      case POSITION_IDS -> "position ids: " + tensors + " written anew";
      case SHAPE_SPELLING -> part + " with one shape spelled in two ways" + in;
      case PART_LEFT_OUT -> part + " left out, as the recipe says";
    };
  }

  /** At most three names, and how many more there are. */
  private static String names(List<String> sources) {
    if (sources.size() <= 3) {
      return String.join(", ", sources);
    }
    return String.join(", ", sources.subList(0, 2)) + " and " + (sources.size() - 2) + " more";
  }
}
