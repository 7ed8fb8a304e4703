package bmr.model;

import java.util.Optional;

/**
 * A file or a whole repository of the Hugging Face hub: what stands behind {@code hf:}.
 *
 * @param file with its folders, by {@code /}; empty for the whole repository
 */
public record HubReference(
    String owner, String repository, String revision, Optional<String> file) {
  /** The revision that is meant where none is written. */
  public static final String MAIN = "main";

  private static final int LONGEST = 1000;

  /** The parts of {@code owner/repo}, {@code owner/repo@revision/file}; empty if it is neither. */
  public static Optional<HubReference> of(String reference) {
    if (fault(reference).isPresent()) {
      return Optional.empty();
    }
    String[] parts = reference.split("/", 3);
    int at = parts[1].indexOf('@');
    return Optional.of(
        new HubReference(
            parts[0],
            at < 0 ? parts[1] : parts[1].substring(0, at),
            at < 0 ? MAIN : parts[1].substring(at + 1),
            parts.length < 3 ? Optional.empty() : Optional.of(parts[2])));
  }

  /** Why something names no file of the hub; names that would lead out of its folder do not. */
  public static Optional<String> fault(String reference) {
    String[] parts = reference.split("/", -1);
    if (parts.length < 2) {
      return Optional.of("an owner and a repository belong to it");
    }
    if (reference.length() > LONGEST) {
      return Optional.of("it is longer than " + LONGEST + " characters");
    }
    if (reference.chars().anyMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))) {
      return Optional.of("it has a character that no name there has");
    }
    String repository = parts[1];
    int at = repository.indexOf('@');
    if (at >= 0) {
      parts[1] = repository.substring(0, at);
    }
    for (String part : parts) {
      if (part.isEmpty()) {
        return Optional.of("a part of it is empty");
      }
      if (part.equals(".") || part.equals("..")) {
        return Optional.of("it leads out of the repository");
      }
    }
    if (at >= 0 && !isRevision(repository.substring(at + 1))) {
      return Optional.of("behind `@` stands the name of a revision");
    }
    return Optional.empty();
  }

  /** Whether this can be the name of a revision: a branch, a tag, or a commit. */
  public static boolean isRevision(String text) {
    return text.matches("[\\p{L}\\p{N}_.-]{1,200}") && !text.matches("\\.+");
  }
}
