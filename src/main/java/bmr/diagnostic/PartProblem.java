package bmr.diagnostic;

import java.util.Optional;

/** Components of models: VAEs put in, EMA weights, types of their own. */
public sealed interface PartProblem extends Problem {
  /** A VAE of another kind of model. */
  record LatentsDiffer(String name, String vae, long vaeChannels, long modelChannels)
      implements PartProblem {
    @Override
    public String code() {
      return "BMR0180";
    }

    @Override
    public String message() {
      return "the VAE of `"
          + vae
          + "` has "
          + vaeChannels
          + " latent channels, and the U-Net of `"
          + name
          + "` has "
          + modelChannels;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "SD 1.x, SD 2.x and SDXL have 4, SD 3 and Flux 16: the VAE is one of another family");
    }
  }

  /** A {@code vae:} that names a model without one. */
  record NoVaeThere(String source) implements PartProblem {
    @Override
    public String code() {
      return "BMR0181";
    }

    @Override
    public String message() {
      return "`" + source + "` has no VAE";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`vae: none` saves a model without one");
    }
  }

  /** {@code ema(A)} of a file without EMA copies. */
  record NoEmaThere(String source) implements PartProblem {
    @Override
    public String code() {
      return "BMR0182";
    }

    @Override
    public String message() {
      return "`" + source + "` has no EMA copies of its U-Net";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "leave out `ema(...)`: such files often hold the averaged weights already");
    }
  }

  /** How much of a U-Net is EMA weights. */
  record EmaUsed(String source, int used, int unet) implements PartProblem {
    @Override
    public String code() {
      return "BMR0183";
    }

    @Override
    public Severity severity() {
      return used == unet ? Severity.NOTE : Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + source + "`: " + used + " of " + unet + " tensors of the U-Net are EMA weights";
    }
  }

  /** {@code ema} of something that is no file. */
  record NoFileForEma(String operand) implements PartProblem {
    @Override
    public String code() {
      return "BMR0184";
    }

    @Override
    public String message() {
      return "`ema` takes the name of a file, and `" + operand + "` is none";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "write `ema(...)` around the files in the formula; models that bmr writes have no EMA"
              + " copies");
    }
  }

  /** {@code unet: OpenBra}. */
  record NoType(String component, String word) implements PartProblem {
    @Override
    public String code() {
      return "BMR0185";
    }

    @Override
    public String message() {
      return "`" + component + ":` takes a type, and `" + word + "` is none";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "the types are `f16`, `bf16`, `f32`, `f64`; to take a component from another model, write"
              + " `unet(A) | clip(B)`");
    }
  }
}
