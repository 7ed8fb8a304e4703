package bmr.interchange;

import bmr.source.SourceText;

/** Reads plans of Universal-Model-Merge-Scripter. Not built yet: it recognises nothing. */
final class ScripterReader {
  private ScripterReader() {}

  /** Whether the text is of this kind. */
  static boolean recognises(SourceText text) {
    return false;
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    throw new IllegalStateException("recognises nothing, so there is nothing to read");
  }
}
