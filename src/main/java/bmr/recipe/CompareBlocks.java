package bmr.recipe;

import bmr.diagnostic.WeightProblem.BackwardsRange;
import bmr.diagnostic.WeightProblem.UnknownBlock;
import bmr.model.Block;
import bmr.source.Span;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what stands behind {@code on}: blocks, ranges of them, groups. */
final class CompareBlocks {
  private static final Pattern RANGE = Pattern.compile("([^-~.−–]+)(?:-|~|\\.\\.|−|–)([^-~.−–]+)");
  private static final List<String> GROUPS = List.of("IN", "MID", "OUT", "UNET", "ALL");

  private CompareBlocks() {}

  /**
   * Reports what is no block and no range of them.
   *
   * @param behind where in the source the blocks begin
   */
  static void check(List<String> blocks, Span statement, int behind, Findings findings) {
    int from = behind - statement.start();
    for (String written : blocks) {
      String text = statement.text();
      int at = text.indexOf(written, from);
      Span place = statement;
      if (at >= 0) {
        int start = statement.start() + at;
        place = new Span(statement.source(), start, start + written.length());
        from = at + written.length();
      }
      check(written, place, findings);
    }
  }

  private static void check(String written, Span place, Findings findings) {
    if (GROUPS.contains(written)) {
      return;
    }
    Matcher range = RANGE.matcher(written);
    boolean two = range.matches();
    String low = two ? range.group(1) : written;
    String high = two ? range.group(2) : written;
    Optional<Block> first = Block.parse(low);
    Optional<Block> last = Block.parse(high);
    if (first.isEmpty() || last.isEmpty()) {
      String wrong = first.isEmpty() ? low : high;
      findings.report(place, new UnknownBlock(wrong, WeightBinder.similarBlocks(wrong)));
    } else if (first.get().compareTo(last.get()) > 0) {
      findings.report(place, new BackwardsRange(written, last.get() + "~" + first.get()));
    }
  }
}
