package bmr.interchange;

import bmr.source.Span;
import java.util.Map;
import java.util.SortedMap;

/** To be replaced: metadata of merged files. */
final class MetadataReader {
  private MetadataReader() {}

  static boolean recognises(Map<String, String> metadata) {
    return false;
  }

  static void read(SortedMap<String, String> metadata, Span place, ScriptDraft draft) {}
}
