package bmr.checkpoint;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a file with the ending of a model is, as far as its name and its folder tell. */
public enum ModelKind {
  /** May be meant by a name in a recipe. */
  MODEL("model"),
  VAE("VAE"),
  LORA("LoRA"),
  EMBEDDING("embedding"),
  CONTROL("ControlNet or adapter"),
  TEXT_ENCODER("text encoder"),
  OTHER("other");

  /** Folders of the usual web UIs, in lower case and without separators. */
  private static final Map<String, ModelKind> FOLDERS =
      Map.ofEntries(
          Map.entry("lora", LORA),
          Map.entry("loras", LORA),
          Map.entry("lycoris", LORA),
          Map.entry("lyco", LORA),
          Map.entry("locon", LORA),
          Map.entry("embedding", EMBEDDING),
          Map.entry("embeddings", EMBEDDING),
          Map.entry("textualinversion", EMBEDDING),
          Map.entry("vae", VAE),
          Map.entry("vaes", VAE),
          Map.entry("vaeapprox", VAE),
          Map.entry("controlnet", CONTROL),
          Map.entry("controlnets", CONTROL),
          Map.entry("t2iadapter", CONTROL),
          Map.entry("ipadapter", CONTROL),
          Map.entry("gligen", CONTROL),
          Map.entry("photomaker", CONTROL),
          Map.entry("clip", TEXT_ENCODER),
          Map.entry("clipvision", TEXT_ENCODER),
          Map.entry("textencoder", TEXT_ENCODER),
          Map.entry("textencoders", TEXT_ENCODER),
          Map.entry("clipembed", TEXT_ENCODER),
          Map.entry("t5encoder", TEXT_ENCODER),
          Map.entry("hypernetwork", OTHER),
          Map.entry("hypernetworks", OTHER),
          Map.entry("esrgan", OTHER),
          Map.entry("realesrgan", OTHER),
          Map.entry("bsrgan", OTHER),
          Map.entry("swinir", OTHER),
          Map.entry("scunet", OTHER),
          Map.entry("ldsr", OTHER),
          Map.entry("dat", OTHER),
          Map.entry("gfpgan", OTHER),
          Map.entry("codeformer", OTHER),
          Map.entry("upscalemodels", OTHER),
          Map.entry("upscalers", OTHER),
          Map.entry("deepbooru", OTHER),
          Map.entry("torchdeepdanbooru", OTHER),
          Map.entry("adetailer", OTHER),
          Map.entry("ultralytics", OTHER),
          Map.entry("facerestoremodels", OTHER),
          Map.entry("stylemodels", OTHER),
          Map.entry("animatediffmodels", OTHER));

  private final String label;

  ModelKind(String label) {
    this.label = label;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /** The kind of everything below a folder with this name, if the name says one. */
  static Optional<ModelKind> ofFolder(String name) {
    return Optional.ofNullable(FOLDERS.get(ModelSpelling.loose(name)));
  }

  /** The kind of a file by its name, if the name says one: {@code anything.vae.pt}. */
  static Optional<ModelKind> ofFile(Path file) {
    String stem = ModelExtension.stem(file).toLowerCase(Locale.ROOT);
    return stem.endsWith(".vae") ? Optional.of(VAE) : Optional.empty();
  }
}
