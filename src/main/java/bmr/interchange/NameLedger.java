package bmr.interchange;

import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which definition a name means at this place of a publication. Publications write a name in
 * several ways and give it to several models one after the other; a later step then means the
 * latest.
 */
final class NameLedger {
  /** Steps of a search for cycles in one publication; beyond it names are made distinct. */
  private static final int MOST_STEPS = 200_000;

  private final ScriptDraft draft;
  private final Map<String, String> exact = new HashMap<>();
  private final Map<String, String> loose = new HashMap<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final Map<String, List<String>> inputs = new HashMap<>();
  private final Set<String> usedAsFiles = new HashSet<>();
  private final Set<String> remarked = new HashSet<>();
  private int steps;

  NameLedger(ScriptDraft draft) {
    this.draft = draft;
  }

  /** The definition that the name means here, or the name itself: then it is a file's. */
  String use(String published) {
    String name = normal(published);
    String same = exact.get(name);
    if (same != null) {
      return same;
    }
    String similar = loose.get(key(name));
    if (similar == null) {
      usedAsFiles.add(name);
      return name;
    }
    if (remarked.add(name)) {
      draft.comment("\"" + name + "\" is taken for " + ScriptDraft.spelled(similar) + " above");
    }
    return similar;
  }

  /**
   * The name that a definition gets: the published one, or one with a number behind it where the
   * published one is taken or would define itself.
   *
   * @param operands what {@link #use} gave for the models in it
   */
  String define(String published, Collection<String> operands) {
    String name = normal(published);
    boolean taken = exact.containsKey(name) || draft.defines(name);
    String given = name;
    if (taken || operands.contains(name) || usedAsFiles.contains(name) && reaches(operands, name)) {
      int number = times.merge(name, 1, Integer::sum) + 1;
      given = name + "-" + number;
      while (draft.defines(given) || usedAsFiles.contains(given)) {
        number++;
        given = name + "-" + number;
      }
      times.put(name, number - 1);
      draft.comment(
          taken
              ? "\"" + name + "\" is defined again: later steps mean " + ScriptDraft.spelled(given)
              : "the result has the name of the model it is made of: later steps mean "
                  + ScriptDraft.spelled(given));
    }
    exact.put(name, given);
    loose.put(key(name), given);
    inputs.put(given, List.copyOf(operands));
    return given;
  }

  private boolean reaches(Collection<String> from, String target) {
    Deque<String> open = new ArrayDeque<>(from);
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String name = open.pop();
      steps++;
      if (name.equals(target) || steps > MOST_STEPS) {
        return true;
      }
      if (seen.add(name)) {
        open.addAll(inputs.getOrDefault(name, List.of()));
      }
    }
    return false;
  }

  private static String normal(String published) {
    return Normalizer.normalize(published.strip(), Normalizer.Form.NFC);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "");
  }
}
