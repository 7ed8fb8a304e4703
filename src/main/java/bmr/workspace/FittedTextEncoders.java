package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.TextEncoderAlone;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.Severity;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import bmr.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Text encoders alone, as parts of the models that they stand with. */
final class FittedTextEncoders {
  private FittedTextEncoders() {}

  /**
   * The sources, with those that are text encoders alone under the keys of the first source that is
   * a model.
   *
   * @param diagnostics takes what does not fit
   */
  static List<Checkpoint> of(
      Recipe recipe, List<Checkpoint> sources, List<Diagnostic> diagnostics) {
    Architecture whole =
        IntStream.range(0, sources.size())
            .filter(i -> !recipe.sources().get(i).lora())
            .mapToObj(sources::get)
            .filter(file -> !TextEncoderAlone.isOne(file.tensors()))
            .map(Checkpoint::architecture)
            .filter(known -> !known.equals(Architecture.UNKNOWN))
            .findFirst()
            .orElse(Architecture.UNKNOWN);
    List<Checkpoint> fitted = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      Checkpoint file = sources.get(i);
      Span place = recipe.sources().get(i).place();
      try {
        Checkpoint same = TextEncoderAlone.fitted(file, whole);
        same.notes().stream()
            .filter(note -> note.severity() != Severity.NOTE && !file.notes().contains(note))
            .forEach(note -> diagnostics.add(Diagnostic.at(place, note)));
        fitted.add(same);
      } catch (ProblemException e) {
        e.diagnostics().forEach(d -> diagnostics.add(Diagnostic.at(place, d.problem())));
        fitted.add(file);
      }
    }
    return fitted;
  }
}
