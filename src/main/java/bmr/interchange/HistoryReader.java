package bmr.interchange;

import bmr.source.SourceText;

/** Reads SuperMerger's mergehistory.csv. Not built yet: it recognises nothing. */
final class HistoryReader {
  private HistoryReader() {}

  /** Whether the text is of this kind. */
  static boolean recognises(SourceText text) {
    return false;
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    throw new IllegalStateException("recognises nothing, so there is nothing to read");
  }
}
