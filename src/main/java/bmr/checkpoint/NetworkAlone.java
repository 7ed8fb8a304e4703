package bmr.checkpoint;

import bmr.checkpoint.TranslatedCheckpoint.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Files that hold one network under names without the beginning that a single file has. */
final class NetworkAlone {
  /** What keys of a whole model begin with. */
  private static final List<String> WHOLE =
      List.of(
          "model.",
          "first_stage_model.",
          "vae.",
          "cond_stage_model.",
          "conditioner.",
          "text_encoders.");

  /** Marks of Flux, SD 3 and U-Nets under the names of their single files. */
  private static final List<String> BARE =
      List.of(
          "double_blocks.0.img_attn.qkv.weight",
          "joint_blocks.0.x_block.attn.qkv.weight",
          "input_blocks.0.0.weight");

  /** Marks of a ControlNet, which has half of a U-Net's keys. */
  private static final Set<String> CONTROL =
      Set.of(
          "input_hint_block.0.weight",
          "zero_convs.0.0.weight",
          "pos_embed_input.proj.weight",
          "controlnet_x_embedder.weight",
          "controlnet_blocks.0.weight",
          "controlnet_cond_embedding.conv_in.weight");

  private NetworkAlone() {}

  /**
   * A file with one network, under the names of Diffusers ({@code
   * diffusion_pytorch_model.safetensors}) or bare ({@code double_blocks.0.}, {@code
   * input_blocks.0.}), as the same part of a single file; any other file as it is. Text encoders
   * stay as they are: their names do not tell of which model they are.
   */
  static Checkpoint translated(Checkpoint file) {
    Predicate<String> has = file.tensors()::containsKey;
    if (CONTROL.stream().anyMatch(has)) {
      return file;
    }
    if (has.test("down_blocks.0.resnets.0.conv1.weight")
        || has.test("time_embedding.linear_1.weight")) {
      return alone(file, "unet", KeyTable.UNET, DiffusersFolder.UNET_BEGINNING);
    }
    boolean vae =
        has.test("decoder.up_blocks.0.resnets.0.conv1.weight")
            || has.test("encoder.down_blocks.0.resnets.0.conv1.weight");
    if (vae) {
      return alone(file, "vae", KeyTable.VAE, DiffusersFolder.VAE_BEGINNING);
    }
    Optional<KeyTable> transformer = transformer(has);
    if (transformer.isPresent()) {
      return alone(file, "transformer", transformer.get(), DiffusersFolder.UNET_BEGINNING);
    }
    boolean bare =
        BARE.stream().anyMatch(has)
            && file.tensors().keySet().stream().noneMatch(NetworkAlone::isOfWhole);
    return bare ? alone(file, "unet", KeyTable.PLAIN, DiffusersFolder.UNET_BEGINNING) : file;
  }

  /** The names of a transformer of Diffusers, if it is one of SD 3 or Flux. */
  static Optional<KeyTable> transformer(Predicate<String> has) {
    if (!has.test("context_embedder.weight")) {
      return Optional.empty();
    }
    if (has.test("x_embedder.weight") && has.test("transformer_blocks.0.norm1.linear.weight")
        || has.test("single_transformer_blocks.0.proj_mlp.weight")) {
      return Optional.of(KeyTable.FLUX);
    }
    return has.test("pos_embed.proj.weight") ? Optional.of(KeyTable.SD3) : Optional.empty();
  }

  private static boolean isOfWhole(String key) {
    return WHOLE.stream().anyMatch(key::startsWith);
  }

  private static Checkpoint alone(Checkpoint file, String name, KeyTable table, String beginning) {
    return TranslatedCheckpoint.of(
        file.path(), file.name(), List.of(new Network(name, List.of(file), table, beginning)));
  }
}
