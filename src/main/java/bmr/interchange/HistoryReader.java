package bmr.interchange;

import bmr.source.SourceText;

/** To be replaced: recipes of another tool. */
final class HistoryReader {
  private HistoryReader() {}

  static boolean recognises(SourceText text) {
    return false;
  }

  static void read(SourceText text, ScriptDraft draft) {}
}
