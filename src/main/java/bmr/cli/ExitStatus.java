package bmr.cli;

/** What the program's exit status means. */
final class ExitStatus {
  static final int DONE = 0;

  /** The recipe or the files are at fault; the message says which. */
  static final int FAULT = 1;

  /** {@code bmr diff} found a difference, as diff(1) says it. */
  static final int DIFFERENT = 1;

  /** {@code bmr diff} could not compare, as diff(1) says it. */
  static final int TROUBLE = 2;

  /** The command line is wrong. */
  static final int USAGE = 2;

  /** Stopped by the person, as shells count it: 128 and the number of the signal. */
  static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
