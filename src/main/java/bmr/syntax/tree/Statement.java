package bmr.syntax.tree;

import bmr.source.Span;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** One statement of a script. */
public sealed interface Statement {
  /** All of it, clauses included. */
  Span span();

  /**
   * {@code NAME = e}, {@code e = NAME}, {@code e -> NAME}, {@code e => NAME}. Sides are decided:
   * {@code name} is the bound one.
   *
   * @param resultOnRight how it was written
   * @param clauses {@code alpha = (...)} behind a comma or on the lines below
   * @param sumAllowed where {@code allow sum} stands, if it does: in the line or on one below
   */
  record Definition(
      Name name,
      Expression value,
      List<Clause> clauses,
      boolean resultOnRight,
      Optional<Span> sumAllowed,
      Span span)
      implements Statement {
    public Definition {
      clauses = List.copyOf(clauses);
    }

    /** A definition whose coefficients must add up to 1 or 0. */
    public Definition(
        Name name, Expression value, List<Clause> clauses, boolean resultOnRight, Span span) {
      this(name, value, clauses, resultOnRight, Optional.empty(), span);
    }
  }

  /** {@code let w = 0.08}. */
  record Let(Name name, Expression value, Span span) implements Statement {}

  /** {@code models "folder"}. */
  record ModelsFolder(String folder, Span span) implements Statement {}

  /**
   * {@code model Evt = "Evt.ckpt" license "..." sha256 "..."}.
   *
   * @param file empty for {@code = ?}: which file it is, is not known yet
   */
  record ModelFile(
      Name name,
      Optional<String> file,
      Optional<String> license,
      Optional<String> sha256,
      Span span)
      implements Statement {}

  /** {@code save FINAL as "final.safetensors" f16 vae: OpenBra}. */
  record Save(Name model, Optional<String> file, List<SaveOption> options, Span span)
      implements Statement {
    public Save {
      options = List.copyOf(options);
    }
  }

  /** {@code compare X with Y on OUT}. */
  record Compare(Name left, Name right, List<String> blocks, Span span) implements Statement {
    public Compare {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * {@code expect cosine(X, Y, OUT) relative to B >= 98.5%}; the same with another word in front
   * where nothing may be written if it does not hold.
   *
   * @param required whether nothing is written where it does not hold
   * @param blocks what is compared, as it is written: blocks, ranges, components, patterns of keys
   * @param limit with its sign; a percentage is divided by 100
   * @param percentage whether the limit is written as one
   */
  record Expectation(
      boolean required,
      Name measure,
      Name left,
      Name right,
      List<String> blocks,
      Optional<Name> base,
      Comparison comparison,
      BigDecimal limit,
      boolean percentage,
      Span span)
      implements Statement {
    public Expectation {
      blocks = List.copyOf(blocks);
    }
  }

  /** {@code block_map "supermerger-2023-06"}. */
  record BlockMapChoice(String map, Span mapSpan, Span span) implements Statement {}

  /** {@code precision stepwise f16}. */
  record Precision(String kind, Optional<String> dtype, Span span) implements Statement {}

  /** {@code seed 7}. */
  record Seed(BigInteger value, Span span) implements Statement {}

  /** {@code keep ema} or {@code drop ema}: whether EMA copies are merged or left out. */
  record EmaChoice(boolean keep, Span span) implements Statement {}

  /** {@code include "other.bmr"}. */
  record Include(String file, Span fileSpan, Span span) implements Statement {}

  /**
   * {@code alpha = w} that belongs to a definition.
   *
   * @param parameter the weight name it binds
   */
  record Clause(Name parameter, Expression weight, Span span) {}

  /** What a {@code save} says behind the name. */
  sealed interface SaveOption {
    Span span();

    /** {@code f16}, {@code bf16}, {@code f32}, {@code f64}, {@code f8_e4m3} and its kin. */
    record AsType(String dtype, Span span) implements SaveOption {}

    /** {@code as source}: each tensor in the type of its primary operand. */
    record AsSource(Span span) implements SaveOption {}

    /** {@code as difference}: a coefficient sum of 0 is meant. */
    record AsDifference(Span span) implements SaveOption {}

    /** {@code unet}: the U-Net alone. */
    record UnetOnly(Span span) implements SaveOption {}

    /**
     * {@code shards 5GB}: several files and an index.
     *
     * @param size as it is written
     */
    record Shards(String size, Span span) implements SaveOption {}

    /**
     * {@code vae: OpenBra}, {@code vae: none}, {@code vae: f32}, {@code vae: "x.vae.pt" as f32}.
     *
     * @param dtype behind {@code as}
     */
    record Vae(Name value, Optional<String> dtype, Span span) implements SaveOption {}

    /** {@code unet: f16}, {@code clip: f32}: a component's type. */
    record Typed(String component, Name dtype, Span span) implements SaveOption {}
  }
}
