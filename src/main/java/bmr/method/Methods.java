package bmr.method;

import bmr.model.MethodSignature;
import java.util.List;
import java.util.Optional;

/** The registry of merge methods. */
public final class Methods {
  /** Sorted by name. */
  private static final List<MergeMethod> ALL = List.of(new Slerp(), new TrainDifference());

  private Methods() {}

  /** The method with exactly this name. */
  public static Optional<MergeMethod> named(String name) {
    return ALL.stream().filter(method -> method.signature().name().equals(name)).findFirst();
  }

  /** All signatures, sorted by name. */
  public static List<MethodSignature> signatures() {
    return ALL.stream().map(MergeMethod::signature).toList();
  }
}
