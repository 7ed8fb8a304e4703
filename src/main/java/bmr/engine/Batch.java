package bmr.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Work that is read, computed and written in one go.
 *
 * @param position in the output file
 * @param length bytes that are written there
 * @param pieces in the order of their bytes
 */
record Batch(long position, int length, List<Piece> pieces) {
  Batch {
    pieces = List.copyOf(pieces);
  }

  /**
   * Some rows of a tensor.
   *
   * @param tensor index in the plan
   * @param offset where the bytes lie in the batch's output
   * @param spans what must be read: one of a copy, else one per slot of each part
   */
  record Piece(
      int tensor, TensorWork work, long from, long to, long offset, List<List<Span>> spans) {
    Piece {
      spans = List.copyOf(spans);
    }

    static Piece of(int tensor, TensorWork work, long from, long to, long offset) {
      return new Piece(tensor, work, from, to, offset, spans(work, from, to));
    }

    private static List<List<Span>> spans(TensorWork work, long from, long to) {
      return switch (work) {
        case TensorWork.Copy copy ->
            List.of(List.of(new Span(copy.source(), copy.position() + from, to - from)));
        case TensorWork.Count count -> List.of();
        case TensorWork.Compute compute -> {
          var all = new ArrayList<List<Span>>();
          for (TensorWork.Part part : compute.parts()) {
            long elements = part.region().rowElements();
            all.add(spans(part.program().slots(), from * elements, to * elements));
          }
          yield all;
        }
      };
    }

    /** The spans of slots between two elements of a region. */
    static List<Span> spans(List<Slot> slots, long from, long to) {
      var spans = new ArrayList<Span>();
      for (Slot slot : slots) {
        spans.add(new Span(slot.source(), slot.positionOf(from), slot.spanBytes(from, to)));
      }
      return spans;
    }
  }

  /** All spans of all pieces. */
  List<Span> spans() {
    return pieces.stream().flatMap(piece -> piece.spans().stream()).flatMap(List::stream).toList();
  }
}
