package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.diagnostic.LibraryProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebUiFoldersTest {
  @TempDir private Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path path = folder.resolve(name);
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[0]);
    }
  }

  private List<String> found() {
    return ModelLibrary.of(List.of(folder)).entries().stream()
        .map(entry -> entry.file().name() + " " + entry.kind())
        .sorted()
        .toList();
  }

  @Test
  void stableDiffusionWebUi() throws IOException {
    files(
        "webui.py",
        "models/Stable-diffusion/sub/m.safetensors",
        "models/Stable-diffusion/m.vae.pt",
        "models/VAE/v.safetensors",
        "models/Lora/l.safetensors",
        "models/VAE-approx/model.pt",
        "models/ESRGAN/e.pth",
        "embeddings/bad.pt",
        "outputs/x.safetensors",
        "venv/lib/torch/test.pt",
        "repositories/a/model.ckpt");
    assertEquals(
        List.of("bad EMBEDDING", "e OTHER", "l LORA", "m MODEL", "m.vae VAE", "model VAE", "v VAE"),
        found());
  }

  @Test
  void comfyUi() throws IOException {
    files(
        "comfy/sd.py",
        "models/checkpoints/m.safetensors",
        "models/diffusion_models/d.safetensors",
        "models/unet/u.safetensors",
        "models/clip/c.safetensors",
        "models/text_encoders/t.safetensors",
        "models/vae/v.safetensors",
        "models/loras/l.safetensors",
        "models/embeddings/e.pt",
        "custom_nodes/n/weights.pth",
        "input/i.safetensors");
    assertEquals(
        List.of(
            "c TEXT_ENCODER",
            "d MODEL",
            "e EMBEDDING",
            "l LORA",
            "m MODEL",
            "t TEXT_ENCODER",
            "u MODEL",
            "v VAE"),
        found());
  }

  @Test
  void invokeAi() throws IOException {
    files(
        "invokeai.yaml",
        "models/sd-1/main/m/model_index.json",
        "models/sd-1/lora/l.safetensors",
        "models/sdxl/vae/v.safetensors",
        "models/any/clip_embed/c.safetensors",
        "outputs/o.safetensors");
    assertEquals(List.of("c TEXT_ENCODER", "l LORA", "m MODEL", "v VAE"), found());
  }

  @Test
  void otherFoldersAreSearchedWhole() throws IOException {
    files("models/checkpoints/m.safetensors", "more/n.safetensors");
    assertEquals(List.of("m MODEL", "n MODEL"), found());
    assertEquals(folder, WebUiFolders.checked(folder));
    Path none = folder.resolve("more");
    assertEquals(
        new LibraryProblem.NoWebUi(none), SampleFiles.problem(() -> WebUiFolders.checked(none)));
  }
}
