package bmr.interchange;

import bmr.source.SourceText;
import bmr.source.Span;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    if (form.isEmpty() && OwnScript.recognises(text)) {
      return Optional.of(OwnScript.handedOn(text));
    }
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

  /**
   * Reads the recipe that a model file carries in its metadata.
   *
   * @param name the file, as messages show it
   * @return nothing where the metadata tell none
   */
  public static Optional<Imported> read(String name, Map<String, String> metadata) {
    if (!MetadataReader.recognises(metadata)) {
      return Optional.empty();
    }
    var draft = new ScriptDraft();
    SourceText place = SourceText.of(name, "");
    MetadataReader.read(new TreeMap<>(metadata), new Span(place, 0, 0), draft);
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
