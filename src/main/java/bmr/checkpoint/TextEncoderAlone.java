package bmr.checkpoint;

import bmr.checkpoint.TranslatedCheckpoint.Network;
import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Text encoders in files of their own under the names of Transformers ({@code text_model.}, {@code
 * encoder.block.}). Their names do not tell of which model they are; the models do that they are
 * merged with.
 */
public final class TextEncoderAlone {
  private static final String TOKENS = "text_model.embeddings.token_embedding.weight";
  private static final String CLIP_LAYER = "text_model.encoder.layers.0.layer_norm1.weight";
  private static final String T5_LAYER = "encoder.block.0.layer.0.SelfAttention.q.weight";

  private TextEncoderAlone() {}

  /** A text encoder that models have; the width is that of its tokens. */
  private enum Kind {
    L(768),
    H(1024),
    G(1280),
    T5(0);

    private final long width;

    Kind(long width) {
      this.width = width;
    }
  }

  private record Spot(KeyTable table, String beginning) {}

  /** Whether these are the keys of such a file. */
  public static boolean isOne(Map<String, TensorInfo> tensors) {
    return tensors.containsKey(TOKENS)
        || tensors.containsKey(CLIP_LAYER)
        || tensors.containsKey(T5_LAYER);
  }

  /**
   * The text encoder as the same part of a model, which is closed with it; any other file as it is,
   * and all files where the models are of no known architecture.
   *
   * @param architecture of the models that it is merged with
   * @throws ProblemException with a {@link DialectProblem.ForeignTextEncoder} if such models have
   *     none like it
   */
  public static Checkpoint fitted(Checkpoint file, Architecture architecture) {
    if (!isOne(file.tensors()) || !isKnown(architecture)) {
      return file;
    }
    Spot spot =
        kind(file.tensors())
            .flatMap(kind -> spot(kind, architecture))
            .orElseThrow(() ->
                new ProblemException(
                    new DialectProblem.ForeignTextEncoder(file.path(), architecture.label())));
    var network = new Network("text_encoder", List.of(file), spot.table(), spot.beginning());
    return TranslatedCheckpoint.of(file.path(), file.name(), List.of(network));
  }

  private static Optional<Kind> kind(Map<String, TensorInfo> tensors) {
    if (tensors.containsKey(T5_LAYER)) {
      return Optional.of(Kind.T5);
    }
    TensorInfo sized = tensors.getOrDefault(CLIP_LAYER, tensors.get(TOKENS));
    if (sized == null || sized.shape().rank() == 0) {
      return Optional.empty();
    }
    long width = sized.shape().dimension(sized.shape().rank() - 1);
    for (Kind kind : Kind.values()) {
      if (kind.width == width && kind != Kind.T5) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static boolean isKnown(Architecture architecture) {
    return architecture.isSdxl()
        || List.of(
                Architecture.SD1,
                Architecture.SD2,
                Architecture.SDXL_REFINER,
                Architecture.SD3,
                Architecture.FLUX)
            .contains(architecture);
  }

  /** Where models of an architecture have it; nothing where they have none such. */
  private static Optional<Spot> spot(Kind kind, Architecture architecture) {
    boolean sd3 = architecture.equals(Architecture.SD3);
    boolean both = sd3 || architecture.equals(Architecture.FLUX);
    return switch (kind) {
      case L -> {
        if (both) {
          yield Optional.of(new Spot(KeyTable.PLAIN, DiffusersFolder.CLIP_L));
        }
        if (architecture.isSdxl()) {
          yield Optional.of(new Spot(KeyTable.CLIP, DiffusersFolder.SDXL_TEXT));
        }
        yield architecture.equals(Architecture.SD1)
            ? Optional.of(new Spot(KeyTable.CLIP, DiffusersFolder.SD1_TEXT))
            : Optional.empty();
      }
      case H ->
          architecture.equals(Architecture.SD2)
              ? Optional.of(new Spot(KeyTable.OPENCLIP, DiffusersFolder.SD2_TEXT))
              : Optional.empty();
      case G -> {
        if (sd3) {
          yield Optional.of(new Spot(KeyTable.PLAIN, DiffusersFolder.CLIP_G));
        }
        if (architecture.equals(Architecture.SDXL_REFINER)) {
          yield Optional.of(new Spot(KeyTable.OPENCLIP, DiffusersFolder.REFINER_TEXT));
        }
        yield architecture.isSdxl()
            ? Optional.of(new Spot(KeyTable.OPENCLIP, DiffusersFolder.SDXL_SECOND_TEXT))
            : Optional.empty();
      }
      case T5 ->
          both ? Optional.of(new Spot(KeyTable.PLAIN, DiffusersFolder.T5)) : Optional.empty();
    };
  }
}
