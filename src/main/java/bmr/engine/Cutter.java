package bmr.engine;

import bmr.engine.Batch.Piece;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts tensors into batches that fit a worker's buffers, in the order of the output file: small
 * neighbours together, large tensors in several. Safe for use by many threads.
 */
final class Cutter {
  private final List<TensorWork> works;
  private final List<Long> positions;
  private final int firstTensor;
  private final Budget budget;
  private int tensor;
  private long row;
  private int end;

  /**
   * @param works consecutive tensors
   * @param firstTensor index of the first of them in the plan
   * @param positions of all tensors of the plan in the output file
   */
  Cutter(List<TensorWork> works, int firstTensor, List<Long> positions, Budget budget) {
    this.works = works;
    this.positions = positions;
    this.firstTensor = firstTensor;
    this.budget = budget;
    this.end = works.size();
  }

  /** No tensor behind this one (by its index in the plan) is worth making any more. */
  synchronized void stopBehind(int index) {
    end = Math.min(end, index - firstTensor + 1);
  }

  /** The next batch, or null when all are given out. */
  synchronized @Nullable Batch next() {
    var pieces = new ArrayList<Piece>();
    long input = 0;
    long output = 0;
    long start = 0;
    while (tensor < end) {
      TensorWork work = works.get(tensor);
      if (row == work.rows()) {
        tensor++;
        row = 0;
        continue;
      }
      long position = positions.get(firstTensor + tensor) + row * work.rowOutput();
      if (pieces.isEmpty()) {
        start = position;
      } else if (position != start + output) {
        break;
      }
      long rows = fitting(work, budget.input() - input, budget.output() - output);
      if (rows == 0) {
        break;
      }
      pieces.add(Piece.of(firstTensor + tensor, work, row, row + rows, output));
      input += rows * work.rowInput();
      output += rows * work.rowOutput();
      row += rows;
    }
    return pieces.isEmpty() ? null : new Batch(start, Math.toIntExact(output), pieces);
  }

  /** Rows of what is left of the tensor that fit, whole grains unless all of it fits. */
  private long fitting(TensorWork work, long input, long output) {
    long left = work.rows() - row;
    long byInput = work.rowInput() == 0 ? left : input / work.rowInput();
    long byOutput = work.rowOutput() == 0 ? left : output / work.rowOutput();
    long rows = Math.min(byInput, byOutput);
    return rows >= left ? left : rows / work.grain() * work.grain();
  }
}
