package bmr.interchange;

import bmr.source.Span;
import java.util.Map;
import java.util.SortedMap;

/** Reads what a model file's metadata tells of its making. Not built yet: it recognises nothing. */
final class MetadataReader {
  private MetadataReader() {}

  /** Whether the metadata holds a recipe. */
  static boolean recognises(Map<String, String> metadata) {
    return false;
  }

  /** Adds what the metadata says to the draft; problems are placed at the given span. */
  static void read(SortedMap<String, String> metadata, Span place, ScriptDraft draft) {
    throw new IllegalStateException("recognises nothing, so there is nothing to read");
  }
}
