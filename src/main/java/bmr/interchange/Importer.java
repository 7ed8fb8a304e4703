package bmr.interchange;

import bmr.source.SourceText;
import java.util.Optional;

/** From published recipes to scripts. */
public final class Importer {
  private Importer() {}

  /**
   * Reads a published text; what is not understood stays as a comment.
   *
   * @param form how it was published; found out where absent
   * @return nothing where no step was understood
   */
  public static Optional<Imported> read(SourceText text, Optional<PublishedForm> form) {
    var draft = new ScriptDraft();
    PublishedForm asked = form.orElseGet(() -> recognised(text));
    switch (asked) {
      case MECHA -> MechaReader.read(text, draft);
      case MERGEKIT -> MergekitReader.read(text, draft);
      case HISTORY -> HistoryReader.read(text, draft);
      case SCRIPTER -> ScripterReader.read(text, draft);
      case POST, TABLE, SUPERMERGER, FILE_NAME, METADATA -> {
        if (DocumentReader.read(Line.of(text), draft) == 0) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(draft.finish());
  }

  private static PublishedForm recognised(SourceText text) {
    return MechaReader.recognises(text)
        ? PublishedForm.MECHA
        : MergekitReader.recognises(text)
            ? PublishedForm.MERGEKIT
            : HistoryReader.recognises(text)
                ? PublishedForm.HISTORY
                : ScripterReader.recognises(text) ? PublishedForm.SCRIPTER : PublishedForm.POST;
  }
}
