package bmr.checkpoint.pickle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import bmr.checkpoint.pickle.PickleValue.Constant;
import bmr.checkpoint.pickle.PickleValue.Inert;
import bmr.checkpoint.pickle.PickleValue.Mapping;
import bmr.checkpoint.pickle.PickleValue.Named;
import bmr.checkpoint.pickle.PickleValue.Sequence;
import bmr.checkpoint.pickle.PickleValue.Storage;
import bmr.checkpoint.pickle.PickleValue.Text;
import bmr.checkpoint.pickle.PickleValue.Tuple;
import bmr.checkpoint.pickle.PickleValue.Whole;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one pickle (protocols 0 to 5) into inert values. Nothing that a pickle asks for is done:
 * names outside the allow-list end the reading, and calls of those on it are data, see {@link
 * Calls}. Time and memory are bounded by the number of steps and the bytes read.
 *
 * <p>Opcodes: CPython's {@code pickletools}.
 */
final class PickleMachine {
  /** An SDXL checkpoint takes 150,000, one with its optimizer's state 600,000. */
  private static final int MOST_STEPS = 4_000_000;

  private static final int LONGEST_NUMBER = 255;

  private final PickleInput in;
  private final Calls calls;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();

  private PickleMachine(PickleInput in, Map<String, Storage> storages) {
    this.in = in;
    this.calls = new Calls(in, storages);
  }

  /**
   * Reads the pickle up to its STOP.
   *
   * @throws ProblemException with a PickleProblem for whatever is not allowed or damaged
   */
  static PickleValue read(PickleInput in) throws IOException {
    return read(in, new HashMap<>());
  }

  /** The same, and collects every storage that the pickle mentions by its key. */
  static PickleValue read(PickleInput in, Map<String, Storage> storages) throws IOException {
    return new PickleMachine(in, storages).run();
  }

  private PickleValue run() throws IOException {
    for (int step = 0; step < MOST_STEPS; step++) {
      int opcode = in.unsignedByte();
      if (opcode == '.') {
        if (!marks.isEmpty() || stack.size() != 1) {
          throw in.fault("it ends with " + stack.size() + " values");
        }
        return pop();
      }
      step(opcode);
    }
    throw new ProblemException(
        new PickleProblem.PickleTooLarge(in.file(), "instructions", MOST_STEPS));
  }

  private void step(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> protocol();
      case 0x95 -> frame();
      case '(' -> marks.add(stack.size());
      case '0' -> discard();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'N' -> push(Constant.NONE);
      case 0x88 -> push(Constant.TRUE);
      case 0x89 -> push(Constant.FALSE);
      case 'I', 'L' -> push(decimal(in.line()));
      case 'J' -> push(Whole.of(in.signed()));
      case 'K' -> push(Whole.of(in.unsigned(1)));
      case 'M' -> push(Whole.of(in.unsigned(2)));
      case 0x8a -> push(number(in.unsigned(1)));
      case 0x8b -> push(number(in.unsigned(4)));
      case 'F' -> inert(in.line().length());
      case 'G' -> inert(in.bytes(8).length);
      case 'S' -> push(quoted(in.line()));
      case 'T' -> push(new Text(new String(in.bytes(in.unsigned(4)), ISO_8859_1)));
      case 'U' -> push(new Text(new String(in.bytes(in.unsigned(1)), ISO_8859_1)));
      case 'V' -> push(new Text(in.line()));
      case 'X' -> push(new Text(in.text(in.unsigned(4))));
      case 0x8c -> push(new Text(in.text(in.unsigned(1))));
      case 0x8d -> push(new Text(in.text(in.unsigned(8))));
      case 'B' -> inert(in.bytes(in.unsigned(4)).length);
      case 'C' -> inert(in.bytes(in.unsigned(1)).length);
      case 0x8e, 0x96 -> inert(in.bytes(in.unsigned(8)).length);
      case 'g' -> get(index(in.line()));
      case 'h' -> get(in.unsigned(1));
      case 'j' -> get(in.unsigned(4));
      case 'p' -> put(index(in.line()));
      case 'q' -> put(in.unsigned(1));
      case 'r' -> put(in.unsigned(4));
      case 0x94 -> put(memo.size());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popToMark()));
      case 0x85 -> push(new Tuple(pop(1)));
      case 0x86 -> push(new Tuple(pop(2)));
      case 0x87 -> push(new Tuple(pop(3)));
      case ']' -> push(new Sequence());
      case 'l' -> list(popToMark());
      case '}' -> push(new Mapping(false));
      case 'd' -> dictionary(popToMark());
      case 0x8f -> push(Inert.INERT);
      case 0x91 -> frozenSet();
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case 0x90 -> addItems();
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popToMark());
      case 'c' -> push(named(in.line(), in.line()));
      case 0x93 -> push(stackNamed());
      case 'i' -> instance(named(in.line(), in.line()));
      case 'R', 0x81 -> call();
      case 0x92 -> callWithNames();
      case 'b' -> build();
      case 'Q' -> push(calls.storage(pop()));
      default ->
          throw in.fault("the instruction 0x%02x is unknown or not allowed".formatted(opcode));
    }
  }

  private void protocol() throws IOException {
    int version = in.unsignedByte();
    if (version > 5) {
      throw in.fault("protocol " + version + " is unknown");
    }
  }

  private void frame() throws IOException {
    if (in.unsigned(8) < 0) {
      throw in.fault("a frame is too long");
    }
  }

  /** The name, if it is allowed; its use is another matter. */
  private PickleValue named(String module, String name) {
    Optional<Global> global = Global.of(module, name);
    if (global.isPresent()) {
      return new Named(global.get());
    }
    Optional<String> kind = Global.unsupported(module, name);
    if (kind.isPresent()) {
      throw new ProblemException(new PickleProblem.UnsupportedTensors(in.file(), kind.get()));
    }
    throw new ProblemException(new PickleProblem.ForeignGlobal(in.file(), module, name));
  }

  private PickleValue stackNamed() {
    List<PickleValue> names = pop(2);
    if (names.get(0) instanceof Text(String module) && names.get(1) instanceof Text(String name)) {
      return named(module, name);
    }
    throw in.fault("a name is no text");
  }

  private void instance(PickleValue type) {
    List<PickleValue> arguments = popToMark();
    push(calls.call(type, new Tuple(arguments)));
  }

  private void call() {
    PickleValue arguments = pop();
    push(calls.call(pop(), arguments));
  }

  private void callWithNames() {
    pop();
    call();
  }

  private void build() {
    PickleValue state = pop();
    push(calls.build(pop(), state));
  }

  private void list(List<PickleValue> items) {
    var list = new Sequence();
    list.items.addAll(items);
    push(list);
  }

  private void dictionary(List<PickleValue> items) {
    push(new Mapping(false));
    setItems(items);
  }

  private void frozenSet() {
    popToMark();
    push(Inert.INERT);
  }

  private void addItems() {
    popToMark();
    if (top() != Inert.INERT) {
      throw in.fault("something is added to what is no set");
    }
  }

  private void append(List<PickleValue> items) {
    switch (top()) {
      case Sequence list -> list.items.addAll(items);
      case Inert inert -> {}
      default -> throw in.fault("something is appended to what is no list");
    }
  }

  private void setItems(List<PickleValue> items) {
    if (items.size() % 2 != 0) {
      throw in.fault("a key has no value");
    }
    switch (top()) {
      case Mapping map -> {
        for (int i = 0; i < items.size(); i += 2) {
          map.put(items.get(i), items.get(i + 1));
        }
      }
      case Inert inert -> {}
      default -> throw in.fault("an item is set in what is no dictionary");
    }
  }

  /** Reads a value whose bytes mean nothing to a model. */
  private void inert(int length) {
    if (length >= 0) {
      push(Inert.INERT);
    }
  }

  private PickleValue decimal(String line) {
    if (line.equals("01")) {
      return Constant.TRUE;
    }
    if (line.equals("00")) {
      return Constant.FALSE;
    }
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    if (digits.length() > LONGEST_NUMBER || !digits.matches("-?[0-9]+")) {
      throw in.fault("a number is misspelt");
    }
    return new Whole(new BigInteger(digits));
  }

  private PickleValue number(long length) throws IOException {
    if (length > LONGEST_NUMBER) {
      throw in.fault("a number has " + length + " bytes");
    }
    byte[] bytes = in.bytes(length);
    byte[] reversed = new byte[bytes.length + (bytes.length == 0 ? 1 : 0)];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new Whole(new BigInteger(reversed));
  }

  /** A string of protocol 0; escapes are left as they are. */
  private PickleValue quoted(String line) {
    boolean closed =
        line.length() >= 2
            && (line.charAt(0) == '\'' || line.charAt(0) == '"')
            && line.charAt(line.length() - 1) == line.charAt(0);
    if (!closed) {
      throw in.fault("a string has no quotes");
    }
    return new Text(line.substring(1, line.length() - 1));
  }

  private long index(String line) {
    if (!line.matches("[0-9]{1,10}")) {
      throw in.fault("a memo index is misspelt");
    }
    return Long.parseLong(line);
  }

  private void get(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw in.fault("nothing was remembered as " + index);
    }
    push(value);
  }

  private void put(long index) {
    memo.put(index, top());
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private PickleValue top() {
    if (stack.size() <= floor()) {
      throw in.fault("a value is missing");
    }
    return stack.getLast();
  }

  private PickleValue pop() {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  /** Pops a value, or the mark that lies on top. */
  private void discard() {
    if (!marks.isEmpty() && marks.getLast() == stack.size()) {
      marks.removeLast();
    } else {
      pop();
    }
  }

  private List<PickleValue> pop(int count) {
    var values = new PickleValue[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return Arrays.asList(values);
  }

  private List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw in.fault("a mark is missing");
    }
    List<PickleValue> above = stack.subList(marks.removeLast(), stack.size());
    var values = List.copyOf(above);
    above.clear();
    return values;
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }
}
