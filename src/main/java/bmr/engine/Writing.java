package bmr.engine;

import bmr.checkpoint.OutputFile;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Batch.Piece;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The work of one thread that makes output: read a batch, compute it, write it. */
final class Writing implements Crew.Worker {
  private final Shared shared;
  private final Arena arena = Arena.ofConfined();
  private final Loader loader;
  private final MemorySegment output;
  private final Registers registers;
  private @Nullable Batch ahead;

  /**
   * What all workers of a pass use.
   *
   * @param nonFinite per tensor of the plan, how many values were NaN or infinite
   * @param stopAtNonFinite whether such a value ends the run
   */
  record Shared(
      Workshop workshop,
      Budget budget,
      Cutter cutter,
      OutputFile file,
      WriteBehind writeBehind,
      Path target,
      AtomicLong readBytes,
      AtomicLongArray nonFinite,
      boolean stopAtNonFinite,
      ThrottledProgress progress) {}

  Writing(Shared shared) {
    this.shared = shared;
    this.output = arena.allocate(Math.max(1, shared.budget().output()));
    MemorySegment input = arena.allocate(Math.max(1, shared.budget().input()));
    this.loader = new Loader(input, shared.workshop().sources(), shared.readBytes());
    this.registers = new Registers(shared.workshop().kernel());
  }

  @Override
  public boolean step() {
    Batch batch = ahead != null ? ahead : announced();
    if (batch == null) {
      return false;
    }
    // the disk fetches the next batch while this one is read and computed
    ahead = announced();
    loader.load(batch.spans());
    for (Piece piece : batch.pieces()) {
      long bad = make(piece);
      if (bad > 0) {
        shared.nonFinite().addAndGet(piece.tensor(), bad);
        if (shared.stopAtNonFinite()) {
          shared.cutter().stopBehind(piece.tensor());
        }
      }
    }
    try {
      shared.file().write(output.asSlice(0, batch.length()).asByteBuffer(), batch.position());
    } catch (IOException e) {
      throw new ProblemException(new RunProblem.WriteFailed(shared.target(), Loader.reason(e)));
    }
    shared.writeBehind().add(batch.length());
    shared.progress().add(batch.length());
    return true;
  }

  private @Nullable Batch announced() {
    Batch batch = shared.cutter().next();
    if (batch != null) {
      loader.announce(batch.spans());
    }
    return batch;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Puts a piece's bytes into the output buffer; returns how many values are not finite. */
  private long make(Piece piece) {
    return switch (piece.work()) {
      case TensorWork.Copy copy -> copy(copy, piece);
      case TensorWork.Count count -> {
        for (long i = piece.from(); i < piece.to(); i++) {
          long at = piece.offset() + (i - piece.from()) * Long.BYTES;
          output.set(Encoder.LONG, at, i);
        }
        yield 0;
      }
      case TensorWork.Compute compute -> {
        long bad = 0;
        for (int i = 0; i < compute.parts().size(); i++) {
          bad += compute(compute, compute.parts().get(i), piece, piece.spans().get(i));
        }
        yield bad;
      }
    };
  }

  private long copy(TensorWork.Copy work, Piece piece) {
    long length = piece.to() - piece.from();
    long address = piece.spans().getFirst().getFirst().address;
    MemorySegment.copy(loader.buffer, address, output, piece.offset(), length);
    return Encoder.countNonFinite(registers, work.dtype(), output, piece.offset(), length);
  }

  private long compute(
      TensorWork.Compute work, TensorWork.Part part, Piece piece, List<Span> spans) {
    long elements = part.region().rowElements();
    long from = piece.from() * elements;
    long to = piece.to() * elements;
    BlockProgram program = part.program();
    var input = new BlockInput(loader.buffer, program.slots(), from, addresses(spans));
    var encoder = new Encoder(registers, work.dtype(), output);
    View view = part.output();
    long rowStart = piece.from() * work.rowElements();
    long bad = 0;
    for (long at = from; at < to; at += Registers.BLOCK) {
      int n = (int) Math.min(Registers.BLOCK, to - at);
      program.run(registers, input, at, n);
      bad += encoder.encode(registers.doubles(program.roots().getFirst()), n);
      for (int done = 0; done < n; ) {
        int length = BlockInput.run(view, at + done, n - done);
        long place = view.at(at + done) - rowStart;
        encoder.put(done, length, piece.offset() + place * (work.dtype().bits() / 8));
        done += length;
      }
    }
    return bad;
  }

  static long[] addresses(List<Span> spans) {
    return spans.stream().mapToLong(span -> span.address).toArray();
  }

  /** Makes workers. */
  static Crew.Hiring hiring(Shared shared) {
    return () -> new Writing(shared);
  }
}
