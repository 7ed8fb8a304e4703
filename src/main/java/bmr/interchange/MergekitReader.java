package bmr.interchange;

import bmr.source.SourceText;

/** To be replaced: recipes of another tool. */
final class MergekitReader {
  private MergekitReader() {}

  static boolean recognises(SourceText text) {
    return false;
  }

  static void read(SourceText text, ScriptDraft draft) {}
}
