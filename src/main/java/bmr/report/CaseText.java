package bmr.report;

import bmr.graph.FoldedModel.SpecialCase;
import java.util.List;

/** Special cases of a merge in words; none of them happens silently. */
public final class CaseText {
  private CaseText() {}

  /** One sentence for each case. */
  public static List<String> of(List<SpecialCase> cases) {
    return cases.stream().map(CaseText::sentence).toList();
  }

  private static String sentence(SpecialCase special) {
    String what =
        special.part().label() + ": " + Quantities.count(special.tensors(), "tensor") + " ";
    boolean one = special.tensors() == 1;
    String from = names(special.sources());
    return what
        + switch (special.kind()) {
          case CARRIER_MISSING ->
              (one ? "is" : "are")
                  + " missing in some operands"
                  + (from.isEmpty() ? "" : " (" + from + ")")
                  + "; the first that holds "
                  + (one ? "it" : "them")
                  + " stands for all";
          case CHANGE_SKIPPED ->
              (one ? "stays as it is" : "stay as they are")
                  + " where a difference lacks a side"
                  + (from.isEmpty() ? "" : " (" + from + ")");
          case NEVER_BLENDED ->
              (one ? "is" : "are") + " never blended" + (from.isEmpty() ? "" : ", from " + from);
          case EMA_DROPPED ->
              (one ? "is an EMA copy" : "are EMA copies") + dropped(one, special.sources());
          case TRAINING_DROPPED ->
              (one ? "is left over" : "are left over")
                  + " from training"
                  + dropped(one, special.sources());
          case SECONDARY_DROPPED ->
              (one ? "is a marker or schedule" : "are markers or schedules")
                  + " of an operand that is not the first"
                  + dropped(one, special.sources());
          case CHANNELS ->
              (one ? "combines" : "combine")
                  + " a wide and a narrow first convolution on the channels they share"
                  + (from.isEmpty() ? "" : " (" + from + ")");
          case POSITION_IDS -> "of position ids, written anew";
          case SHAPE_SPELLING ->
              (one ? "has" : "have")
                  + " a shape that the operands spell differently; the first one's is kept";
          case PART_LEFT_OUT -> (one ? "is" : "are") + " left out because the recipe says so";
        };
  }

  private static String dropped(boolean one, List<String> sources) {
    return (sources.isEmpty() ? "" : " in " + names(sources))
        + " and "
        + (one ? "is" : "are")
        + " left out";
  }

  /** At most three names, and how many more there are. */
  private static String names(List<String> sources) {
    if (sources.size() <= 3) {
      return String.join(", ", sources);
    }
    return String.join(", ", sources.subList(0, 2)) + " and " + (sources.size() - 2) + " more";
  }
}
