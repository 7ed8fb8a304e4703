package bmr.interchange.export;

import java.util.Arrays;
import java.util.Optional;

/** A tool that recipes are exported to. */
public enum ExportTarget {
  MECHA("mecha", "sd-mecha"),
  MERGEKIT("mergekit", "mergekit"),
  SUPERMERGER("supermerger", "SuperMerger"),
  A1111("a1111", "the web UI's own merger");

  private final String word;
  private final String label;

  ExportTarget(String word, String label) {
    this.word = word;
    this.label = label;
  }

  /** As it is typed. */
  public String word() {
    return word;
  }

  /** As it stands in a sentence. */
  public String label() {
    return label;
  }

  /** The target with a word. */
  public static Optional<ExportTarget> named(String word) {
    return Arrays.stream(values()).filter(target -> target.word.equals(word)).findFirst();
  }
}
