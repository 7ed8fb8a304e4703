package bmr.report;

import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The element types of a file in a few characters. */
final class TypeList {
  private TypeList() {}

  /** The types of float tensors, the one with most bytes first: {@code F16, F32}. */
  static String of(Collection<TensorInfo> tensors) {
    var bytes = new EnumMap<DType, Long>(DType.class);
    for (TensorInfo tensor : tensors) {
      if (!tensor.dtype().isInteger()) {
        bytes.merge(tensor.dtype(), tensor.bytes(), Long::sum);
      }
    }
    String text =
        bytes.entrySet().stream()
            .sorted(Map.Entry.<DType, Long>comparingByValue(Comparator.reverseOrder()))
            .map(entry -> entry.getKey().tag())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "no floats" : text;
  }
}
