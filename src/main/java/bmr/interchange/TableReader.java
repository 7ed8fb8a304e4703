package bmr.interchange;

import java.util.List;

/** Reads tables of merge steps. Not built yet: it finds none. */
final class TableReader {
  private TableReader() {}

  /** Whether a table of merge steps begins at this line. */
  static boolean begins(List<Line> lines, int at) {
    return false;
  }

  /** Adds the steps of a table to the draft; the index of the first line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    throw new IllegalStateException("finds no table, so there is nothing to read");
  }
}
