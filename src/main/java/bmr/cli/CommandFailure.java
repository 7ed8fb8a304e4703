package bmr.cli;

import java.util.Optional;

/** Ends a command with exit status 1 and one message, where no text of a recipe is to blame. */
final class CommandFailure extends RuntimeException {
  private final String message;
  private final transient Optional<String> hint;

  CommandFailure(String message, Optional<String> hint) {
    super(message, null, false, false);
    this.message = message;
    this.hint = hint;
  }

  String message() {
    return message;
  }

  Optional<String> hint() {
    return hint;
  }
}
