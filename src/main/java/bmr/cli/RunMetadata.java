package bmr.cli;

import java.util.Map;
import java.util.TreeMap;

/** How much a file tells about its making. */
enum RunMetadata {
  NONE,
  MINIMAL,
  FULL;

  /** What of the whole metadata is written. */
  Map<String, String> of(Map<String, String> full) {
    return switch (this) {
      case NONE -> Map.of();
      case FULL -> full;
      case MINIMAL -> {
        var kept = new TreeMap<>(full);
        kept.keySet().removeIf(key -> !key.equals("format") && !key.startsWith("modelspec."));
        yield kept;
      }
    };
  }
}
