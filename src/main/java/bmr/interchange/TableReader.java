package bmr.interchange;

import java.util.List;

/** To be replaced: tables of steps. */
final class TableReader {
  private TableReader() {}

  static boolean begins(List<Line> lines, int at) {
    return false;
  }

  static int read(List<Line> lines, int at, ScriptDraft draft) {
    return at;
  }
}
