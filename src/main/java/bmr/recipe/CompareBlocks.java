package bmr.recipe;

import bmr.diagnostic.WeightProblem.BackwardsRange;
import bmr.diagnostic.WeightProblem.UnknownBlock;
import bmr.model.Block;
import bmr.source.Span;
import bmr.syntax.tree.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what stands behind {@code on}: blocks, ranges of them, groups. */
final class CompareBlocks {
  private static final Pattern RANGE = Pattern.compile("([^-~.−–]+)(?:-|~|\\.\\.|−|–)([^-~.−–]+)");
  private static final List<String> GROUPS = List.of("IN", "MID", "OUT", "UNET", "ALL");

  private CompareBlocks() {}

  static void check(Statement.Compare compare, Findings findings) {
    int from = compare.right().span().end() - compare.span().start();
    for (String written : compare.blocks()) {
      String text = compare.span().text();
      int at = text.indexOf(written, from);
      Span place = compare.span();
      if (at >= 0) {
        int start = compare.span().start() + at;
        place = new Span(compare.span().source(), start, start + written.length());
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
