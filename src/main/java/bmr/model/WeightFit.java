package bmr.model;

import bmr.model.Weight.Constant;
import bmr.model.Weight.Entry;
import bmr.model.Weight.Overridden;
import bmr.model.Weight.PerBlock;
import bmr.model.Weight.Plus;
import bmr.model.Weight.Preset;
import bmr.model.Weight.Quotient;
import bmr.model.Weight.Selected;
import bmr.model.Weight.Times;
import bmr.model.Weight.Unknown;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What can be said of a weight without a tensor. */
final class WeightFit {
  private WeightFit() {}

  static Optional<String> misfit(Weight weight, Architecture architecture) {
    Optional<String> own =
        switch (weight) {
          case PerBlock list -> BlockLists.misfit(list.values().size(), architecture);
          case Preset preset -> Presets.misfit(preset.name(), architecture);
          case Constant _, Selected _, Overridden _, Plus _, Times _, Quotient _, Unknown _ ->
              Optional.empty();
        };
    return own.or(() ->
        parts(weight).stream().flatMap(part -> misfit(part, architecture).stream()).findFirst());
  }

  static boolean isConstant(Weight weight) {
    return switch (weight) {
      case Constant _, Unknown _ -> true;
      case PerBlock _, Preset _ -> false;
      case Selected map -> map.entries().isEmpty() && isConstant(map.otherwise());
      case Overridden over -> over.entries().isEmpty() && isConstant(over.base());
      case Plus _, Times _, Quotient _ -> parts(weight).stream().allMatch(WeightFit::isConstant);
    };
  }

  static Set<String> elements(Weight weight) {
    var elements = new TreeSet<String>();
    collect(weight, elements);
    return elements;
  }

  private static void collect(Weight weight, Set<String> elements) {
    entries(weight).forEach(entry -> elements.addAll(entry.elements()));
    parts(weight).forEach(part -> collect(part, elements));
  }

  static Set<Unknown> unknowns(Weight weight) {
    var unknowns = new LinkedHashSet<Unknown>();
    collectUnknowns(weight, unknowns);
    return unknowns;
  }

  private static void collectUnknowns(Weight weight, Set<Unknown> unknowns) {
    if (weight instanceof Unknown unknown) {
      unknowns.add(unknown);
    }
    parts(weight).forEach(part -> collectUnknowns(part, unknowns));
  }

  private static List<Entry> entries(Weight weight) {
    return switch (weight) {
      case Selected map -> map.entries();
      case Overridden over -> over.entries();
      case Constant _, PerBlock _, Preset _, Plus _, Times _, Quotient _, Unknown _ -> List.of();
    };
  }

  /** The weights directly inside a weight. */
  private static List<Weight> parts(Weight weight) {
    return switch (weight) {
      case Constant _, Preset _, Unknown _ -> List.of();
      case PerBlock list -> list.values();
      case Selected map -> with(map.otherwise(), map.entries());
      case Overridden over -> with(over.base(), over.entries());
      case Plus plus -> plus.summands();
      case Times times -> times.factors();
      case Quotient quotient -> List.of(quotient.dividend(), quotient.divisor());
    };
  }

  private static List<Weight> with(Weight first, List<Entry> entries) {
    var parts = new ArrayList<Weight>();
    parts.add(first);
    entries.forEach(entry -> parts.add(entry.weight()));
    return parts;
  }
}
