package bmr.interchange;

import java.util.Locale;

/** How a recipe was published. */
public enum PublishedForm {
  /** Prose, lists and one-liners of posts and model cards, tables among them. */
  POST,
  /** A table of steps. */
  TABLE,
  /** What SuperMerger, Model Mixer and other web UIs print. */
  SUPERMERGER,
  /** A history that a web UI keeps: {@code mergehistory.csv}, {@code history.tsv}. */
  HISTORY,
  /** A file name that tells the merge: {@code 0.7(A) + 0.3(B).safetensors}. */
  FILE_NAME,
  /** The metadata of a {@code .safetensors} file. */
  METADATA,
  /** A recipe of sd-mecha. */
  MECHA,
  /** A configuration of mergekit. */
  MERGEKIT,
  /** Lines for Universal-Model-Merge-Scripter. */
  SCRIPTER;

  /** The form as it is typed: {@code file-name}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
