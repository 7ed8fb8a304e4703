package bmr.checkpoint.pickle;

import bmr.checkpoint.pickle.PickleValue.Constant;
import bmr.checkpoint.pickle.PickleValue.Mapping;
import bmr.checkpoint.pickle.PickleValue.Sequence;
import bmr.checkpoint.pickle.PickleValue.Storage;
import bmr.checkpoint.pickle.PickleValue.Text;
import bmr.checkpoint.pickle.PickleValue.Whole;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format before torch 1.6: five pickles (a magic number, the protocol, the writing system, the
 * object, the keys of the storages), then for each storage its number of elements in 8 bytes and
 * its elements.
 */
final class LegacyFile {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final BigInteger PROTOCOL = BigInteger.valueOf(1001);

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final PickleInput in;

  private LegacyFile(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
    this.in = new PickleInput(file, FileBytes.stream(channel, 0, size, file), size);
  }

  /**
   * Reads the pickles of a file.
   *
   * @throws ProblemException with a PickleProblem for whatever is not a good file of tensors
   */
  static TorchContents read(Path file, FileChannel channel, long size) throws IOException {
    return new LegacyFile(file, channel, size).read();
  }

  private TorchContents read() throws IOException {
    if (!(PickleMachine.read(in) instanceof Whole(BigInteger magic)) || !magic.equals(MAGIC)) {
      refuseForeignNames(in);
      throw new ProblemException(
          new PickleProblem.NoStateDict(file, "it is a pickle without PyTorch's magic number"));
    }
    if (!(PickleMachine.read(in) instanceof Whole(BigInteger protocol))
        || !protocol.equals(PROTOCOL)) {
      throw in.fault("its protocol of PyTorch's is not 1001");
    }
    if (!(PickleMachine.read(in) instanceof Mapping system)) {
      throw in.fault("it does not tell which system wrote it");
    }
    if (system.items.get("little_endian") != Constant.TRUE) {
      throw new ProblemException(new PickleProblem.ByteOrder(file, "big"));
    }
    var storages = new LinkedHashMap<String, Storage>();
    PickleValue root = PickleMachine.read(in, storages);
    List<String> keys = keys(PickleMachine.read(in));
    return new TorchContents(root, entries(storages, keys));
  }

  /**
   * Looks through pickles of something else, as far as they can be read, for names that no model
   * needs.
   *
   * @throws ProblemException with a ForeignGlobal for the first one
   */
  static void refuseForeignNames(PickleInput in) throws IOException {
    try {
      for (int pickles = 0; pickles < 16; pickles++) {
        PickleMachine.read(in);
      }
    } catch (ProblemException e) {
      if (e.diagnostics().getFirst().problem() instanceof PickleProblem.ForeignGlobal) {
        throw e;
      }
    }
  }

  private List<String> keys(PickleValue value) {
    if (!(value instanceof Sequence list)) {
      throw in.fault("the keys of its storages are no list");
    }
    var keys = new ArrayList<String>();
    for (PickleValue item : list.items) {
      if (!(item instanceof Text(String key))) {
        throw in.fault("the key of a storage is no text");
      }
      keys.add(key);
    }
    return keys;
  }

  /** The storages behind the pickles: where one lies is known once those before it are. */
  private Map<String, ZipArchive.Entry> entries(Map<String, Storage> storages, List<String> keys)
      throws IOException {
    var entries = new HashMap<String, ZipArchive.Entry>();
    long at = in.position();
    for (String key : keys) {
      Storage storage = storages.get(key);
      if (storage == null || entries.containsKey(key)) {
        throw bad(key, storage == null ? "belongs to no tensor" : "is there twice");
      }
      long elements = size - at < Long.BYTES ? -1 : elements(at);
      if (elements != storage.elements()) {
        throw bad(key, elements < 0 ? "is cut off" : "has another length than its tensors say");
      }
      at += Long.BYTES;
      long bytes = storage.dtype().bytes(elements);
      if (bytes > size - at) {
        throw bad(key, "is cut off: " + (bytes - (size - at)) + " bytes are missing");
      }
      entries.put(key, new ZipArchive.Entry(key, false, at, bytes, bytes));
      at += bytes;
    }
    for (String key : storages.keySet()) {
      if (!entries.containsKey(key)) {
        throw bad(key, "is not in the file");
      }
    }
    if (at != size) {
      throw bad(keys.isEmpty() ? "" : keys.getLast(), "is followed by " + (size - at) + " bytes");
    }
    return entries;
  }

  private long elements(long at) throws IOException {
    ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FileBytes.read(channel, count, at, file);
    return count.getLong(0);
  }

  private ProblemException bad(String key, String fault) {
    return new ProblemException(new PickleProblem.BadStorage(file, key, fault));
  }
}
