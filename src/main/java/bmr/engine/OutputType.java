package bmr.engine;

import bmr.model.Component;
import bmr.tensor.DType;
import java.util.Map;
import java.util.Optional;

/** Which type tensors are written in. Tensors that are never blended keep theirs. */
public sealed interface OutputType {
  /** Types of components that have their own. */
  Map<Component, DType> own();

  /** One type for all (F16, BF16, F32, F64 or an 8-bit one); components may have their own. */
  record Uniform(DType dtype, Map<Component, DType> own) implements OutputType {
    public Uniform {
      own = Map.copyOf(own);
    }

    /** The VAE in a type of its own. */
    public Uniform(DType dtype, DType vae) {
      this(dtype, vae == dtype ? Map.of() : Map.of(Component.VAE, vae));
    }
  }

  /** Each tensor in the type of the first operand that holds it; components may have their own. */
  record AsSource(Map<Component, DType> own) implements OutputType {
    public AsSource {
      own = Map.copyOf(own);
    }

    /** Without exceptions. */
    public AsSource() {
      this(Map.of());
    }
  }

  static OutputType of(DType dtype) {
    return new Uniform(dtype, Map.of());
  }

  /** The type of a component's tensors whose first operand has another one. */
  default DType of(Optional<Component> component, DType source) {
    DType all =
        switch (this) {
          case Uniform(DType dtype, var types) -> dtype;
          case AsSource as -> source;
        };
    return component.map(one -> own().getOrDefault(one, all)).orElse(all);
  }
}
