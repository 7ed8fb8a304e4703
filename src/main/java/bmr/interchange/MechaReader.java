package bmr.interchange;

import bmr.source.SourceText;

/** To be replaced: recipes of another tool. */
final class MechaReader {
  private MechaReader() {}

  static boolean recognises(SourceText text) {
    return false;
  }

  static void read(SourceText text, ScriptDraft draft) {}
}
