package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Files of packed or scaled values that bmr does not decode. */
public sealed interface QuantizationProblem extends FileProblem {
  /**
   * Values of several weights in one number.
   *
   * @param kind as people call it, such as {@code GPTQ or AWQ}
   * @param tensor whose name tells it
   */
  record PackedValues(Path file, String kind, String tensor) implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0460";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is quantized ("
          + kind
          + ") and cannot be merged: it holds "
          + quoted(tensor);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("use the model's F16 or BF16 safetensors file");
    }
  }

  /** Scales for parts of rows. */
  record BlockScale(Path file, String scale, String shape, String weightShape)
      implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0461";
    }

    @Override
    public String message() {
      return "the scale "
          + quoted(scale)
          + " in "
          + quoted(file)
          + " is "
          + shape
          + " for a tensor of "
          + weightShape
          + ": only one scale for all, or one for each row, is read";
    }
  }

  /** A scale of nothing. */
  record LonelyScale(Path file, String scale, String tensor) implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0462";
    }

    @Override
    public String message() {
      return "the scale " + quoted(scale) + " in " + quoted(file) + " has no " + quoted(tensor);
    }
  }

  /** A scale, or what it scales, has a type of another kind. */
  record ScaleType(Path file, String tensor, String dtype, String expected)
      implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0463";
    }

    @Override
    public String message() {
      return "the tensor "
          + quoted(tensor)
          + " in "
          + quoted(file)
          + " is "
          + dtype
          + ", and beside its scale only "
          + expected
          + " is read";
    }
  }

  /** Two tensors say the scale of one. */
  record TwoScales(Path file, String one, String other) implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0464";
    }

    @Override
    public String message() {
      return quoted(file)
          + " has two scales for one tensor, "
          + quoted(one)
          + " and "
          + quoted(other);
    }
  }

  /** Metadata that tell of a quantization. */
  record QuantizedByMetadata(Path file, String field) implements QuantizationProblem {
    @Override
    public String code() {
      return "BMR0465";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is quantized in a way that bmr does not know: its metadata have "
          + quoted(field);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("use the model's F16 or BF16 safetensors file");
    }
  }
}
