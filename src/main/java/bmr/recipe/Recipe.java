package bmr.recipe;

import bmr.model.Adjustment;
import bmr.model.BlockMap;
import bmr.model.Component;
import bmr.model.MethodSignature;
import bmr.model.ModelNames.ModelFile;
import bmr.model.Weight;
import bmr.source.Span;
import bmr.syntax.tree.Comparison;
import bmr.syntax.tree.Name;
import bmr.tensor.DType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The meaning of a script. Immutable; weights stay as written, because blocks are known only with
 * headers.
 *
 * @param sources the files that definitions refer to, each once, in order of first appearance
 * @param models the definitions, in the order of the script
 * @param keepsEma whether EMA copies are merged like other tensors instead of left out
 */
public record Recipe(
    List<SourceModel> sources,
    List<NamedModel> models,
    List<SaveRequest> saves,
    List<CompareRequest> compares,
    BlockMap blockMap,
    Optional<DType> stepwise,
    boolean keepsEma,
    List<ExpectationRequest> expectations) {
  public Recipe {
    sources = List.copyOf(sources);
    models = List.copyOf(models);
    saves = List.copyOf(saves);
    compares = List.copyOf(compares);
    expectations = List.copyOf(expectations);
  }

  /** A recipe that leaves EMA copies out. */
  public Recipe(
      List<SourceModel> sources,
      List<NamedModel> models,
      List<SaveRequest> saves,
      List<CompareRequest> compares,
      BlockMap blockMap,
      Optional<DType> stepwise) {
    this(sources, models, saves, compares, blockMap, stepwise, false, List.of());
  }

  /**
   * A file under the name the script uses.
   *
   * @param pins hashes that the script gives for it
   * @param lora whether the file is a LoRA, and so the difference that it makes of a model
   * @param ema whether its EMA weights stand in place of the others
   */
  public record SourceModel(
      String name,
      ModelFile file,
      Optional<String> license,
      List<Pin> pins,
      boolean lora,
      boolean ema,
      Span place) {
    public SourceModel {
      pins = List.copyOf(pins);
    }

    /** A file with the weights that are its model. */
    public SourceModel(
        String name,
        ModelFile file,
        Optional<String> license,
        List<Pin> pins,
        boolean lora,
        Span place) {
      this(name, file, license, pins, lora, false, place);
    }

    /** A file without a hash. */
    public SourceModel(String name, ModelFile file, Optional<String> license, Span place) {
      this(name, file, license, List.of(), false, place);
    }
  }

  /**
   * A hash that a file must have.
   *
   * @param hash hexadecimal, lower case: 64 digits or the first 10 of SHA-256, or the 8 digits that
   *     web UIs printed before
   */
  public record Pin(String hash, Span place) {}

  /**
   * A definition.
   *
   * @param sumAllowed whether its coefficients may add up to something else than 1 or 0
   * @param loraRank the rank of the LoRA that is made of it, if one is
   */
  public record NamedModel(
      String name,
      Formula formula,
      Span place,
      boolean used,
      boolean sumAllowed,
      OptionalInt loraRank) {
    /** A definition whose coefficients must add up to 1 or 0. */
    public NamedModel(String name, Formula formula, Span place, boolean used) {
      this(name, formula, place, used, false, OptionalInt.empty());
    }
  }

  /** A formula over models: what a definition's right side means. */
  public sealed interface Formula {
    Span place();

    /** A source, by index. */
    record OfSource(int source, Span place) implements Formula {}

    /** Another definition, by index. */
    record OfModel(int model, Span place) implements Formula {}

    /** A sum as written; brackets make sums of their own. */
    record Sum(List<Term> terms, Span place) implements Formula {
      public Sum {
        terms = List.copyOf(terms);
      }
    }

    /** The first of some models that holds a tensor. */
    record Fallback(List<Formula> alternatives, Span place) implements Formula {
      public Fallback {
        alternatives = List.copyOf(alternatives);
      }
    }

    /** SuperMerger's numbers for detail, contrast and colours, applied to a model. */
    record Adjusted(Formula operand, Adjustment adjustment, Span place) implements Formula {}

    /** {@code clip(A)}: a model that holds nothing but one of its components. */
    record OfComponent(Component component, Formula operand, Span place) implements Formula {}

    /** A method call. */
    record Call(MethodSignature method, List<Formula> operands, List<Weight> parameters, Span place)
        implements Formula {
      public Call {
        operands = List.copyOf(operands);
        parameters = List.copyOf(parameters);
      }
    }
  }

  /** A weighted operand. */
  public record Term(Weight weight, Formula operand) {}

  /**
   * What a {@code save} statement asks for.
   *
   * @param types of components that have one of their own
   * @param shardBytes most bytes of tensors in one file, where it is to be several
   */
  public record SaveRequest(
      int model,
      Optional<String> file,
      Optional<DType> dtype,
      boolean asSource,
      boolean asDifference,
      boolean unetOnly,
      VaeChoice vae,
      Map<Component, DType> types,
      OptionalLong shardBytes,
      Span place) {
    public SaveRequest {
      types = Map.copyOf(types);
    }
  }

  /** Which VAE a saved model gets. */
  public sealed interface VaeChoice {
    /** What the formula says. */
    record FromFormula() implements VaeChoice {}

    record None() implements VaeChoice {}

    record FromSource(int source) implements VaeChoice {}

    record FromModel(int model) implements VaeChoice {}
  }

  /**
   * What a statement asks for that holds a measure against a limit.
   *
   * @param required whether nothing is written where it does not hold
   * @param measure as it is written
   * @param text the statement in one line, without its first word
   */
  public record ExpectationRequest(
      boolean required,
      Name measure,
      Formula left,
      Formula right,
      List<String> blocks,
      Optional<Formula> base,
      Comparison comparison,
      BigDecimal limit,
      boolean percentage,
      String text,
      Span place) {
    public ExpectationRequest {
      blocks = List.copyOf(blocks);
    }

    /** The models that must be there to find out. */
    public List<Formula> models() {
      return Stream.concat(Stream.of(left, right), base.stream()).toList();
    }

    /** The statement in one line, with its first word. */
    public String statement() {
      return (required ? "require " : "expect ") + text;
    }
  }

  /** What a {@code compare} statement asks for. */
  public record CompareRequest(Formula left, Formula right, List<String> blocks, Span place) {}
}
