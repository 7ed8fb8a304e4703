package bmr.analysis.ancestry;

import java.util.stream.IntStream;

/** Stepwise selection: candidates leave while chance explains them, and come where it does not. */
final class Selection {
  /** With more candidates than this the search begins with one and not with all. */
  private static final int MOST_AT_ONCE = 40;

  private final Search search;
  private final int candidates;

  Selection(Search search) {
    this.search = search;
    this.candidates = search.target();
  }

  int[] select() {
    int[] chosen =
        candidates <= MOST_AT_ONCE
            ? IntStream.range(0, candidates).toArray()
            : forward(new int[] {nearest()});
    chosen = backward(chosen);
    for (int round = 0; round < candidates; round++) {
      int[] more = forward(chosen);
      if (more.length == chosen.length) {
        break;
      }
      int[] fewer = backward(more);
      if (fewer.length <= chosen.length) {
        chosen = fewer;
        break;
      }
      chosen = fewer;
    }
    return chosen;
  }

  /** Drops the weakest while one is not significant. */
  private int[] backward(int[] from) {
    int[] chosen = from;
    while (chosen.length > 1) {
      int weakest = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int member : chosen) {
        Evidence evidence = search.within(chosen, member, candidates);
        if (!evidence.significant() && evidence.cosine() < least) {
          least = evidence.cosine();
          weakest = member;
        }
      }
      if (weakest < 0) {
        break;
      }
      int gone = weakest;
      chosen = IntStream.of(chosen).filter(i -> i != gone).toArray();
    }
    return chosen;
  }

  /** Adds the strongest while one is significant. */
  private int[] forward(int[] from) {
    int[] chosen = from;
    while (chosen.length < candidates) {
      int[] present = chosen;
      int[] absent =
          IntStream.range(0, candidates)
              .filter(i -> IntStream.of(present).noneMatch(j -> i == j))
              .toArray();
      Evidence[] evidence = search.evidence(chosen, absent, candidates);
      int strongest = -1;
      for (int i = 0; i < absent.length; i++) {
        if (evidence[i].significant()
            && (strongest < 0 || evidence[i].cosine() > evidence[strongest].cosine())) {
          strongest = i;
        }
      }
      if (strongest < 0) {
        break;
      }
      chosen =
          IntStream.concat(IntStream.of(chosen), IntStream.of(absent[strongest]))
              .sorted()
              .toArray();
    }
    return chosen;
  }

  private int nearest() {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates; i++) {
      double distance = 0;
      for (int b = 0; b < search.blocks().size(); b++) {
        distance += AffineFit.distance(search.sum(b), i, search.target());
      }
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    return nearest;
  }
}
