package bmr.graph;

import bmr.model.Adjustment;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.TensorRole;
import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Places in which two recipes are compared: a site of each for the same tensors. */
final class SharedSites {
  /** One tensor of a group, as the old and as the new recipe see it. */
  record SharedSite(TensorGroup group, Site left, Site right) {}

  private SharedSites() {}

  /**
   * The groups, in the order of the blocks; blocks are those of the right recipe.
   *
   * @param fragments pieces of keys that decide something in one of the recipes
   * @param keys keys of the architecture's tensors; where none are known, one place stands for each
   *     block and part
   */
  static List<SharedSite> of(
      Architecture architecture,
      BlockMap left,
      BlockMap right,
      Set<String> fragments,
      Iterable<String> keys) {
    Map<List<Object>, SharedSite> found = new LinkedHashMap<>();
    for (String key : keys) {
      if (Part.of(key) != Part.OTHER && TensorRole.of(key) == TensorRole.BLENDED) {
        add(found, architecture, left, right, fragments, key);
      }
    }
    List<SharedSite> sites = new ArrayList<>(found.values());
    if (sites.isEmpty()) {
      for (var one : MeaningSites.of(architecture, right, Set.of(), List.of())) {
        Place place = one.site().place();
        if (place.part() == Part.OTHER) {
          continue;
        }
        sites.add(
            new SharedSite(
                new TensorGroup(place.block(), place.part(), List.of(), 0),
                one.site(),
                one.site()));
      }
      for (String key : new TreeSet<>(Adjustment.KEYS)) {
        if (fragments.contains(key)) {
          add(found, architecture, left, right, fragments, key);
        }
      }
      sites.addAll(found.values());
    }
    sites.sort(
        Comparator.<SharedSite, Block>comparing(site -> site.group().block())
            .thenComparing(site -> site.group().part())
            .thenComparing(site -> String.join(" ", site.group().having())));
    return sites;
  }

  private static void add(
      Map<List<Object>, SharedSite> found,
      Architecture architecture,
      BlockMap left,
      BlockMap right,
      Set<String> fragments,
      String key) {
    List<String> having = new TreeSet<>(fragments).stream().filter(key::contains).toList();
    Place old = left.place(architecture, key);
    Place place = right.place(architecture, key);
    var one =
        new SharedSite(
            new TensorGroup(place.block(), place.part(), having, 1),
            new Site(architecture, old, key),
            new Site(architecture, place, key));
    found.merge(
        List.of(old, place, having),
        one,
        (before, more) ->
            new SharedSite(
                new TensorGroup(place.block(), place.part(), having, before.group().tensors() + 1),
                before.left(),
                before.right()));
  }
}
