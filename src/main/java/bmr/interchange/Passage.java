package bmr.interchange;

import java.util.List;
import java.util.Optional;

/**
 * Lines of a document that one reader understands: a table, the fields of one step, a running mix,
 * pasted metadata, a line in the notation of one tool.
 *
 * @param begin the first line
 * @param end the first line behind them
 */
record Passage(Kind kind, int begin, int end) {
  /** Who reads them. */
  enum Kind {
    METADATA,
    INFO_TEXT,
    TABLE,
    FIELDS,
    RUNNING_MIX,
    FILE_NAME,
    MODEL_MIXER,
    ONE_LINER,
    LORA
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
      case METADATA -> PastedJson.begins(lines, at);
      case INFO_TEXT -> InfoText.begins(lines, at);
      case TABLE -> TableReader.begins(lines, at);
      case FIELDS -> SlotReader.begins(lines, at);
      case RUNNING_MIX -> RunningMix.begins(lines, at);
      case FILE_NAME -> WebUiName.begins(lines, at);
      case MODEL_MIXER -> ModelMixerLine.begins(lines, at);
      case ONE_LINER -> OneLiner.begins(lines, at);
      case LORA -> LoraStep.begins(lines, at);
    };
  }

  private static int read(Kind kind, List<Line> lines, int at, ScriptDraft draft) {
    return switch (kind) {
      case METADATA -> PastedJson.read(lines, at, draft);
      case INFO_TEXT -> InfoText.read(lines, at, draft);
      case TABLE -> TableReader.read(lines, at, draft);
      case FIELDS -> SlotReader.read(lines, at, draft);
      case RUNNING_MIX -> RunningMix.read(lines, at, draft);
      case FILE_NAME -> WebUiName.read(lines, at, draft);
      case MODEL_MIXER -> ModelMixerLine.read(lines, at, draft);
      case ONE_LINER -> OneLiner.read(lines, at, draft);
      case LORA -> LoraStep.read(lines, at, draft);
    };
  }
}
