package bmr.checkpoint;

import bmr.diagnostic.LibraryProblem;
import bmr.diagnostic.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where web UIs keep their models: A1111 and Forge in {@code models/Stable-diffusion}, {@code
 * models/VAE}, {@code models/Lora} and {@code embeddings}; ComfyUI in {@code models/checkpoints},
 * {@code models/vae}, {@code models/loras} and so on; InvokeAI below {@code models} by base model
 * and kind. Whatever else is in the folder (programs, pictures, caches) is left alone.
 */
public final class WebUiFolders {
  /** What a folder's name begins with where it must be one of a web UI. */
  public static final String PREFIX = "webui:";

  private static final List<String> MODELS =
      List.of("models/Stable-diffusion", "models/checkpoints", "models/diffusion_models");
  private static final List<String> PROGRAMS =
      List.of(
          "webui.py",
          "webui.sh",
          "webui-user.sh",
          "webui-user.bat",
          "launch.py",
          "extensions",
          "comfy",
          "custom_nodes",
          "extra_model_paths.yaml.example");
  private static final String INVOKE = "invokeai.yaml";

  private WebUiFolders() {}

  /** A folder to search, and the kind of what lies in it where its own name does not count. */
  record Part(Path folder, ModelKind kind) {}

  /** The folders of models in a folder that is a web UI's; empty if it is none. */
  static Optional<List<Part>> of(Path root) {
    boolean program = PROGRAMS.stream().anyMatch(name -> Files.exists(root.resolve(name)));
    return program && hasModels(root) || isInvoke(root)
        ? Optional.of(parts(root))
        : Optional.empty();
  }

  private static boolean hasModels(Path root) {
    return MODELS.stream().anyMatch(name -> Files.isDirectory(root.resolve(name)));
  }

  private static boolean isInvoke(Path root) {
    return Files.isRegularFile(root.resolve(INVOKE)) && Files.isDirectory(root.resolve("models"));
  }

  private static List<Part> parts(Path root) {
    var parts = new ArrayList<Part>();
    parts.add(new Part(root.resolve("models"), ModelKind.MODEL));
    Path embeddings = root.resolve("embeddings");
    if (Files.isDirectory(embeddings)) {
      parts.add(new Part(embeddings, ModelKind.EMBEDDING));
    }
    return parts;
  }

  /**
   * The folder of a web UI that was named as one.
   *
   * @throws ProblemException if there are no models where web UIs have them
   */
  public static Path checked(Path root) {
    if (!hasModels(root) && !isInvoke(root)) {
      throw new ProblemException(new LibraryProblem.NoWebUi(root));
    }
    return root;
  }
}
