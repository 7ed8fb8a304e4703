package bmr.checkpoint.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.checkpoint.pickle.PickleValue.Storage;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.ZipException;

/**
 * The zip format of torch 1.6 and later: {@code ROOT/data.pkl}, {@code ROOT/data/KEY} for each
 * storage, {@code ROOT/byteorder}, {@code ROOT/version}.
 */
final class TorchArchive {
  private static final String PICKLE = "data.pkl";

  private final Path file;
  private final FileChannel channel;
  private final SequencedMap<String, ZipArchive.Entry> entries;
  private final String root;

  private TorchArchive(
      Path file, FileChannel channel, SequencedMap<String, ZipArchive.Entry> entries, String root) {
    this.file = file;
    this.channel = channel;
    this.entries = entries;
    this.root = root;
  }

  /**
   * Reads the pickle of an archive.
   *
   * @throws ProblemException with a PickleProblem for whatever is not a good archive of tensors
   */
  static TorchContents read(Path file, FileChannel channel, long size) throws IOException {
    var entries = ZipArchive.entries(file, channel, size);
    List<String> pickles =
        entries.keySet().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() > 1) {
      throw new ProblemException(new PickleProblem.TwoRoots(file, pickles.get(0), pickles.get(1)));
    }
    if (pickles.isEmpty()) {
      throw noPickle(file, channel, entries);
    }
    String pickle = pickles.getFirst();
    String root = pickle.substring(0, pickle.length() - PICKLE.length());
    return new TorchArchive(file, channel, entries, root).read();
  }

  /** Other programs would look into any pickle: what is dangerous there is named. */
  private static ProblemException noPickle(
      Path file, FileChannel channel, SequencedMap<String, ZipArchive.Entry> entries)
      throws IOException {
    for (ZipArchive.Entry entry : entries.values()) {
      if (entry.name().endsWith(".pkl")) {
        read(file, channel, entry, new LinkedHashMap<>());
        break;
      }
    }
    return new ProblemException(
        new PickleProblem.NoStateDict(file, "it is a zip archive without `data.pkl`"));
  }

  private TorchContents read() throws IOException {
    for (String name : entries.keySet()) {
      if (!name.startsWith(root)) {
        throw new ProblemException(new PickleProblem.TwoRoots(file, root, name));
      }
    }
    if (entries.containsKey(root + "constants.pkl")) {
      throw new ProblemException(new PickleProblem.TorchScript(file));
    }
    refuseByteOrder();
    var storages = new LinkedHashMap<String, Storage>();
    PickleValue value = read(file, channel, entry(root + PICKLE), storages);
    var places = new HashMap<String, ZipArchive.Entry>();
    for (Storage storage : storages.values()) {
      places.put(storage.key(), place(storage));
    }
    return new TorchContents(value, places);
  }

  private static PickleValue read(
      Path file, FileChannel channel, ZipArchive.Entry entry, Map<String, Storage> storages)
      throws IOException {
    if (entry.size() > PickleInput.LONGEST) {
      throw new ProblemException(
          new PickleProblem.PickleTooLarge(file, "bytes", PickleInput.LONGEST));
    }
    try (InputStream in = ZipArchive.open(file, channel, entry)) {
      var input = new PickleInput(file, in, entry.size());
      PickleValue value = PickleMachine.read(input, storages);
      if (input.position() != entry.size()) {
        throw input.fault("bytes follow its end");
      }
      return value;
    } catch (ZipException e) {
      throw new ProblemException(
          new PickleProblem.DamagedArchive(file, "`data.pkl` cannot be unpacked"));
    }
  }

  private ZipArchive.Entry entry(String name) {
    ZipArchive.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(name);
    }
    return entry;
  }

  private void refuseByteOrder() throws IOException {
    ZipArchive.Entry marker = entries.get(root + "byteorder");
    if (marker == null) {
      return;
    }
    try (InputStream in = ZipArchive.open(file, channel, marker)) {
      String order = new String(in.readNBytes(16), UTF_8);
      if (!order.equals("little")) {
        throw new ProblemException(new PickleProblem.ByteOrder(file, order));
      }
    } catch (ZipException e) {
      throw new ProblemException(
          new PickleProblem.DamagedArchive(file, "`byteorder` cannot be unpacked"));
    }
  }

  private ZipArchive.Entry place(Storage storage) {
    ZipArchive.Entry entry = entries.get(root + "data/" + storage.key());
    if (entry == null) {
      throw new ProblemException(
          new PickleProblem.BadStorage(file, storage.key(), "is not in the archive"));
    }
    long needed = storage.dtype().bytes(storage.elements());
    if (entry.size() < needed) {
      throw new ProblemException(
          new PickleProblem.BadStorage(
              file,
              storage.key(),
              "has " + entry.size() + " bytes, and its tensors need " + needed));
    }
    return entry;
  }
}
