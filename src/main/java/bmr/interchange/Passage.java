package bmr.interchange;

import java.util.List;
import java.util.Optional;

/**
 * Lines of a document that belong together: a table, the fields of one step, a running mix.
 *
 * @param begin the first line
 * @param end the first line behind them
 */
record Passage(Kind kind, int begin, int end) {
  /** Who reads them. */
  enum Kind {
    TABLE,
    FIELDS,
    RUNNING_MIX
  }

  /** The passage that begins at a line. */
  static Optional<Passage> at(List<Line> lines, int at) {
    for (Kind kind : Kind.values()) {
      if (begins(kind, lines, at)) {
        int end = read(kind, lines, at, new ScriptDraft());
        if (end > at) {
          return Optional.of(new Passage(kind, at, end));
        }
      }
    }
    return Optional.empty();
  }

  /** Adds it to a draft. */
  void read(List<Line> lines, ScriptDraft draft) {
    read(kind, lines, begin, draft);
  }

  private static boolean begins(Kind kind, List<Line> lines, int at) {
    return switch (kind) {
      case TABLE -> TableReader.begins(lines, at);
      case FIELDS -> SlotReader.begins(lines, at);
      case RUNNING_MIX -> RunningMix.begins(lines, at);
    };
  }

  private static int read(Kind kind, List<Line> lines, int at, ScriptDraft draft) {
    return switch (kind) {
      case TABLE -> TableReader.read(lines, at, draft);
      case FIELDS -> SlotReader.read(lines, at, draft);
      case RUNNING_MIX -> RunningMix.read(lines, at, draft);
    };
  }
}
