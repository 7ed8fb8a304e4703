package bmr.graph;

import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts special treatment by kind and part. */
final class CaseCounter {
  private record Case(Kind kind, Part part) implements Comparable<Case> {
    @Override
    public int compareTo(Case other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0 ? byKind : part.compareTo(other.part);
    }
  }

  private final Map<Case, Integer> counts = new TreeMap<>();
  private final Map<Case, Set<String>> sources = new TreeMap<>();

  void count(Kind kind, Part part, List<String> names) {
    Case one = new Case(kind, part);
    counts.merge(one, 1, Integer::sum);
    sources.computeIfAbsent(one, _ -> new TreeSet<>()).addAll(names);
  }

  List<SpecialCase> cases() {
    List<SpecialCase> cases = new ArrayList<>();
    counts.forEach((one, count) ->
        cases.add(
            new SpecialCase(
                one.kind(), one.part(), count, List.copyOf(sources.getOrDefault(one, Set.of())))));
    return cases;
  }
}
