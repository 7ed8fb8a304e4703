package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Models that cannot be written in the layout of Diffusers. */
public sealed interface LayoutProblem extends Problem {
  /** An architecture or a model that such a folder cannot hold. */
  record NoDiffusersModel(String architecture, String reason) implements LayoutProblem {
    @Override
    public String code() {
      return "BMR0650";
    }

    @Override
    public String message() {
      return "this " + architecture + " model cannot be a Diffusers folder: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write one file, or add what is missing, as `--vae FILE` does");
    }
  }

  /** A tensor that Diffusers has no name for. */
  record NoPlace(String key) implements LayoutProblem {
    @Override
    public String code() {
      return "BMR0651";
    }

    @Override
    public String message() {
      return "a Diffusers folder has no place for the tensor " + quoted(key);
    }
  }

  /** No configuration files are known for a model. */
  record NoConfiguration(String reason) implements LayoutProblem {
    @Override
    public String code() {
      return "BMR0652";
    }

    @Override
    public String message() {
      return "the configuration files of the Diffusers folder are not known: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("name a folder of a model of the same kind: `--config FOLDER`");
    }
  }

  /** Something else than a model's folder stands at the target. */
  record NotReplaced(Path target) implements LayoutProblem {
    @Override
    public String code() {
      return "BMR0653";
    }

    @Override
    public String message() {
      return quoted(target) + " is no folder of a Diffusers model, and is not replaced";
    }
  }
}
