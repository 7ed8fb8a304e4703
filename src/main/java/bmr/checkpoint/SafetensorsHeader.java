package bmr.checkpoint;

import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What the header of a safetensors file says, checked: every byte of the data belongs to exactly
 * one tensor. Rules of the format: the reference implementation, huggingface/safetensors,
 * tensor.rs.
 *
 * @param entries in the order of their bytes; empty tensors at one place in the header's order
 * @param dataSize bytes of all tensors
 * @param notes what is odd about it
 */
record SafetensorsHeader(
    List<Entry> entries, Map<String, String> metadata, long dataSize, List<Problem> notes) {
  /** Bytes that a header may have. */
  static final long LONGEST = 100_000_000;

  SafetensorsHeader {
    entries = List.copyOf(entries);
    metadata = Collections.unmodifiableMap(metadata);
    notes = List.copyOf(notes);
  }

  /** A tensor; its offsets count from the first byte of the data. */
  record Entry(String key, DType dtype, Shape shape, long begin, long end) {}

  /**
   * The header of these entries, given in any order.
   *
   * @throws ProblemException where they overlap, leave holes, or have other sizes than their types
   *     and shapes
   */
  static SafetensorsHeader of(
      Path file, List<Entry> given, Map<String, String> metadata, List<Problem> notes) {
    var entries = new ArrayList<>(given);
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    String before = "";
    for (Entry entry : entries) {
      if (entry.begin() > end) {
        throw new ProblemException(new HeaderProblem.Hole(file, entry.key(), entry.begin() - end));
      }
      if (entry.begin() < end) {
        throw new ProblemException(new HeaderProblem.Overlap(file, before, entry.key()));
      }
      checkSize(file, entry);
      end = entry.end();
      before = entry.key();
    }
    return new SafetensorsHeader(entries, metadata, end, notes);
  }

  private static void checkSize(Path file, Entry entry) {
    long needed;
    try {
      needed = entry.dtype().bytes(entry.shape().elements());
    } catch (ArithmeticException e) {
      throw new ProblemException(
          new HeaderProblem.BadEntry(
              file,
              entry.key(),
              "its shape and type give no whole number of bytes below 2 to the 63rd"));
    }
    long given = entry.end() - entry.begin();
    if (needed != given) {
      String shape = entry.shape().toString();
      String shown = shape.length() > 80 ? "[" + entry.shape().rank() + " dimensions]" : shape;
      throw new ProblemException(
          new HeaderProblem.SizeMismatch(
              file, entry.key(), entry.dtype().tag() + " " + shown, needed, given));
    }
  }
}
