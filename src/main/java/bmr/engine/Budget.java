package bmr.engine;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;

/**
 * How a run's memory is divided.
 *
 * @param workers threads; more than compute at a time, so that some read while others compute
 * @param input bytes of each worker's buffer for what is read
 * @param output bytes of each worker's buffer for what is written
 * @param registers bytes of each worker's arrays
 */
record Budget(int workers, long input, long output, long registers) {
  /**
   * The least that a worker must hold.
   *
   * @param input bytes of the largest unit that is read at once
   * @param output bytes of the largest unit that is written at once
   * @param registers bytes of arrays
   */
  record Need(long input, long output, long registers) {
    /** Of a worker that has nothing to do. */
    static final Need LEAST = new Need(0, 0, Registers.bytes(0));

    Need max(Need other) {
      return new Need(
          Math.max(input, other.input),
          Math.max(output, other.output),
          Math.max(registers, other.registers));
    }

    long total() {
      return Math.addExact(Math.addExact(input, output), registers);
    }
  }

  /**
   * Divides the limits' memory.
   *
   * @param best how much a worker profits from
   * @throws ProblemException with a RunProblem where not even one worker fits
   */
  static Budget of(Limits limits, Need need, Tuning best) {
    if (need.total() > limits.memory()) {
      throw new ProblemException(new RunProblem.MemoryTooSmall(limits.memory(), need.total()));
    }
    long most = Math.min(limits.memory() / need.total(), Integer.MAX_VALUE);
    int workers = (int) Math.min(most, (long) limits.threads() * best.workersPerThread());
    long each = limits.memory() / workers - need.registers();
    long output =
        need.output() == 0 ? 0 : Math.max(need.output(), Math.min(best.output(), each / 4));
    if (each - output < need.input()) {
      output = need.output();
    }
    long input = Math.max(need.input(), Math.min(best.input(), each - output));
    return new Budget(workers, input, output, need.registers());
  }

  /** Bytes of all workers' buffers. */
  long total() {
    return workers * (input + output + registers);
  }
}
