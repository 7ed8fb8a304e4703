package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A folded model as if it were a file: its tensors in F64, each value computed when it is read.
 * Tensors that are copied as bytes or whose channels have formulas of their own are absent. Safe
 * for use by many threads; a read holds a block of each source.
 */
public final class FoldedCheckpoint implements Checkpoint {
  private static final Limits LIMITS = new Limits(1, Limits.DEFAULT_MEMORY);

  private final FoldedModel model;
  private final Workshop workshop;
  private final SequencedMap<String, StoredTensor> stored = new LinkedHashMap<>();
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final TreeMap<Long, FoldedTensor> places = new TreeMap<>();
  private final Map<String, BlockProgram> programs = new ConcurrentHashMap<>();
  private final Queue<Registers> free = new ConcurrentLinkedQueue<>();
  private final long size;

  private FoldedCheckpoint(
      FoldedModel model, List<Checkpoint> sources, Predicate<FoldedTensor> wanted) {
    this.model = model;
    this.workshop = Workshop.over(sources);
    long position = 0;
    for (FoldedTensor tensor : model.tensors()) {
      if (tensor.formula() instanceof TensorFormula.Blend
          && tensor.shape().elements() > 0
          && wanted.test(tensor)) {
        TensorInfo info = new TensorInfo(tensor.key(), DType.F64, tensor.shape());
        places.put(position, tensor);
        tensors.put(info.key(), info);
        stored.put(info.key(), new StoredTensor(info.key(), info, position));
        position = Math.addExact(position, info.bytes());
      }
    }
    this.size = position;
  }

  /**
   * A model's tensors.
   *
   * @param sources open, by the indices that the formulas have; they stay the caller's
   * @param wanted which of the tensors are there
   */
  public static FoldedCheckpoint of(
      FoldedModel model, List<Checkpoint> sources, Predicate<FoldedTensor> wanted) {
    return new FoldedCheckpoint(model, sources, wanted);
  }

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public Path path() {
    return workshop.sources().get(model.primary()).path();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Architecture architecture() {
    return model.architecture();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public SequencedMap<String, StoredTensor> stored() {
    return java.util.Collections.unmodifiableSequencedMap(stored);
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return java.util.Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      Map.Entry<Long, FoldedTensor> place = places.floorEntry(at);
      if (place == null || at < 0 || at >= size) {
        throw new IOException("nothing is at this position");
      }
      at += fill(target, place.getValue(), at - place.getKey());
    }
  }

  /** Fills the buffer from some byte of a tensor with values of a block; returns how many bytes. */
  private int fill(ByteBuffer target, FoldedTensor tensor, long offset) {
    long element = offset / Double.BYTES;
    int skip = (int) (offset % Double.BYTES);
    long wanted = (target.remaining() + skip + Double.BYTES - 1L) / Double.BYTES;
    long left = tensor.shape().elements() - element;
    int n = (int) Math.min(Registers.BLOCK, Math.min(wanted, left));
    Registers registers =
        Objects.requireNonNullElseGet(free.poll(), () -> new Registers(workshop.kernel()));
    double[] values = values(tensor, registers, element, n);
    int count = Math.min(target.remaining(), n * Double.BYTES - skip);
    if (skip == 0 && count == n * Double.BYTES) {
      target.slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values, 0, n);
      target.position(target.position() + count);
    } else {
      byte[] bytes = new byte[n * Double.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values, 0, n);
      target.put(bytes, skip, count);
    }
    free.add(registers);
    return count;
  }

  private double[] values(FoldedTensor tensor, Registers registers, long element, int n) {
    BlockProgram program = programs.computeIfAbsent(tensor.key(), _ -> compiled(tensor));
    var spans = new ArrayList<Span>();
    long bytes = 0;
    for (Slot slot : program.slots()) {
      Span span =
          new Span(slot.source(), slot.positionOf(element), slot.spanBytes(element, element + n));
      spans.add(span);
      bytes += span.length;
    }
    MemorySegment buffer = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    new Loader(buffer, workshop.sources(), new AtomicLong()).load(spans);
    var input = new BlockInput(buffer, program.slots(), element, Writing.addresses(spans));
    program.run(registers, input, element, n);
    return registers.doubles(program.roots().getFirst());
  }

  /** The program of a tensor, with the coefficients that take a pass over it. */
  private BlockProgram compiled(FoldedTensor tensor) {
    List<AfterProducts.Call> calls = AfterProducts.calls(tensor, workshop);
    AfterProducts.Call call = calls.getFirst();
    Budget budget = Budget.of(LIMITS, AfterProducts.need(call, workshop), workshop.tuning());
    AfterProducts.resolve(calls, workshop, budget, new Crew(() -> false), new AtomicLong());
    return Compiler.compile(
        call.region, call.forms, workshop.sources(), workshop.methods(), call::coefficients);
  }

  /** Nothing is to be closed: the sources are the caller's. */
  @Override
  public void close() {}
}
