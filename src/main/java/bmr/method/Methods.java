package bmr.method;

import bmr.model.MethodSignature;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The registry of merge methods. */
public final class Methods {
  /** Sorted by name. */
  private static final List<MergeMethod> ALL = List.of(new Slerp(), new TrainDifference());

  /** What other constructs of the language are carried out by; not for scripts. */
  private static final List<MergeMethod> INTERNAL = List.of(new ChannelShift());

  private Methods() {}

  /** The method with exactly this name. */
  public static Optional<MergeMethod> named(String name) {
    return Stream.concat(ALL.stream(), INTERNAL.stream())
        .filter(method -> method.signature().name().equals(name))
        .findFirst();
  }

  /** All signatures, sorted by name. */
  public static List<MethodSignature> signatures() {
    return ALL.stream().map(MergeMethod::signature).toList();
  }
}
