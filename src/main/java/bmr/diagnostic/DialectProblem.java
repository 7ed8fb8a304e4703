package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Models in other layouts, and files that describe architectures. */
public sealed interface DialectProblem extends FileProblem {
  /** A folder in the layout of Diffusers without a network that bmr knows. */
  record NoNetwork(Path folder, String reason) implements DialectProblem {
    @Override
    public String code() {
      return "BMR0490";
    }

    @Override
    public String message() {
      return "the folder " + quoted(folder) + " is no model that bmr can read: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "a Diffusers folder holds `model_index.json` and"
              + " `unet/diffusion_pytorch_model.safetensors`");
    }
  }

  /** Query, key and value that cannot become one tensor. */
  record FusedTensor(Path model, String key, String reason) implements DialectProblem {
    @Override
    public String code() {
      return "BMR0491";
    }

    @Override
    public String message() {
      return quoted(key) + " cannot be put together from " + quoted(model) + ": " + reason;
    }
  }

  /** Keys that no table of names knows. */
  record StrangeKeys(Path model, String first, int count) implements DialectProblem {
    @Override
    public String code() {
      return "BMR0492";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return quoted(model)
          + " has names that Diffusers' usual networks do not have: "
          + quoted(first)
          + (count > 1 ? " and " + (count - 1) + " more" : "");
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("they are kept under these names, so they match no single-file model");
    }
  }

  /** A line of an architecture file that cannot be read. */
  record ArchitectureLine(Path file, int line, String reason) implements DialectProblem {
    @Override
    public String code() {
      return "BMR0493";
    }

    @Override
    public String message() {
      return "line " + line + " of the architecture file " + quoted(file) + ": " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("docs/architectures.md has the form of these files and an example");
    }
  }

  /** A text encoder alone beside models that have none like it. */
  record ForeignTextEncoder(Path file, String architecture) implements DialectProblem {
    @Override
    public String code() {
      return "BMR0660";
    }

    @Override
    public String message() {
      return quoted(file) + " is a text encoder that " + architecture + " models do not have";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "its width tells which it is: CLIP-L 768, OpenCLIP-H 1024, OpenCLIP-G 1280");
    }
  }
}
