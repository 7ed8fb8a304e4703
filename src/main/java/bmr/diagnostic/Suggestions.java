package bmr.diagnostic;

import java.util.Collection;
import java.util.List;

public final class Suggestions {
  private Suggestions() {}

  public static List<String> similar(String word, Collection<String> known) {
    return List.of();
  }
}
