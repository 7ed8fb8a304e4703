package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.LayoutProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.tensor.TensorInfo;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a Diffusers folder that are no tensors: those of another folder, or for SD 1.x and
 * SDXL bmr's own, which lack the vocabulary of the tokenizers.
 */
public final class DiffusersConfiguration {
  private static final String UNET = "unet/config.json";
  private static final String TRANSFORMER = "transformer/config.json";
  private static final String IN = "model.diffusion_model.input_blocks.0.0.weight";
  private static final Set<String> OTHERS =
      Set.of("scheduler", "tokenizer", "tokenizer_2", "tokenizer_3", "feature_extractor");
  private static final long LARGEST = 16 << 20;
  private static final int MOST = 100;

  private final Optional<Path> folder;

  private DiffusersConfiguration(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Of a folder in the layout of Diffusers, else bmr's own. */
  public static DiffusersConfiguration of(Optional<Path> folder) {
    return new DiffusersConfiguration(folder);
  }

  /** Whether the tokenizers' files are bmr's own, that is, missing. */
  public boolean lacksTokenizers() {
    return folder.isEmpty();
  }

  /**
   * Files by their names below the folder, with slashes.
   *
   * @param tensors of the model, under the keys of a single file
   * @param networks the folders that hold them
   * @throws ProblemException with a LayoutProblem where there are none for such a model
   */
  Map<String, byte[]> files(
      Architecture architecture, List<TensorInfo> tensors, List<String> networks) {
    Map<String, byte[]> files =
        folder.isPresent()
            ? copied(folder.get(), networks)
            : bundled(architecture, tensors, networks);
    byte[] index = files.get(DiffusersFolder.INDEX);
    String main = networks.contains("transformer") ? TRANSFORMER : UNET;
    byte[] unet = files.get(main);
    if (index == null || unet == null) {
      String missing = index == null ? DiffusersFolder.INDEX : main;
      throw unknown("`" + folder.orElse(Path.of("")) + "` has no `" + missing + "`");
    }
    if (main.equals(UNET)) {
      checkUnet(object(unet, UNET), tensors);
    } else {
      checkTransformer(object(unet, TRANSFORMER), tensors);
    }
    files.put(DiffusersFolder.INDEX, fitted(object(index, DiffusersFolder.INDEX), files, networks));
    return files;
  }

  private static ProblemException unknown(String reason) {
    return new ProblemException(new LayoutProblem.NoConfiguration(reason));
  }

  private static Map<String, byte[]> bundled(
      Architecture architecture, List<TensorInfo> tensors, List<String> networks) {
    boolean sdxl = architecture.equals(Architecture.SDXL);
    if (!sdxl && !architecture.equals(Architecture.SD1)) {
      throw unknown("bmr has its own for SD 1.x and SDXL only");
    }
    if (tensors.stream().anyMatch(tensor -> tensor.key().equals("v_pred"))) {
      throw unknown("bmr has none of its own for models of v-prediction");
    }
    var names = new ArrayList<>(List.of(DiffusersFolder.INDEX, "scheduler/scheduler_config.json"));
    networks.forEach(network -> names.add(network + "/config.json"));
    var files = new LinkedHashMap<String, byte[]>();
    for (String name : names) {
      String resource = "diffusers/" + (sdxl ? "sdxl/" : "sd1/") + name;
      try (InputStream in = DiffusersConfiguration.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("no resource " + resource);
        }
        files.put(name, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private static Map<String, byte[]> copied(Path folder, List<String> networks) {
    if (!Files.isRegularFile(folder.resolve(DiffusersFolder.INDEX))) {
      throw unknown("`" + folder + "` has no `" + DiffusersFolder.INDEX + "`");
    }
    var wanted = new HashSet<>(OTHERS);
    wanted.addAll(networks);
    var files = new LinkedHashMap<String, byte[]>();
    try {
      files.put(DiffusersFolder.INDEX, bytes(folder.resolve(DiffusersFolder.INDEX)));
      for (String name : wanted.stream().sorted().toList()) {
        Path below = folder.resolve(name);
        if (!Files.isDirectory(below)) {
          continue;
        }
        try (Stream<Path> entries = Files.list(below)) {
          for (Path file : entries.sorted().limit(MOST).toList()) {
            String own = String.valueOf(file.getFileName());
            if (isConfiguration(own) && Files.isRegularFile(file)) {
              files.put(name + "/" + own, bytes(file));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(folder, SafetensorsFile.reason(e)));
    }
    return files;
  }

  /** Neither weights nor the index of their shards. */
  private static boolean isConfiguration(String name) {
    return !name.contains(".index.")
        && !name.startsWith(".")
        && (name.endsWith(".json") || name.endsWith(".txt") || name.endsWith(".model"));
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw unknown("`" + file + "` has more than 16 MB");
      }
      return bytes;
    }
  }

  private static JsonObject object(byte[] json, String name) {
    try {
      JsonElement element = new Gson().fromJson(new String(json, UTF_8), JsonElement.class);
      if (element != null && element.isJsonObject()) {
        return element.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      // said below
    }
    throw unknown("`" + name + "` is no JSON object");
  }

  /** Channels of the first convolution and width of the text are the model's. */
  private static void checkUnet(JsonObject config, List<TensorInfo> tensors) {
    for (TensorInfo tensor : tensors) {
      if (tensor.key().equals(IN) && tensor.shape().rank() == 4) {
        check(config.get("in_channels"), tensor.shape().dimension(1), "in_channels");
        JsonElement widths = config.get("block_out_channels");
        boolean some = widths instanceof JsonArray array && !array.isEmpty();
        check(
            some ? widths.getAsJsonArray().get(0) : widths,
            tensor.shape().dimension(0),
            "block_out_channels");
      }
      if (tensor.key().endsWith(".transformer_blocks.0.attn2.to_k.weight")
          && tensor.key().startsWith(DiffusersFolder.UNET_BEGINNING)
          && tensor.shape().rank() == 2) {
        check(
            config.get("cross_attention_dim"), tensor.shape().dimension(1), "cross_attention_dim");
      }
    }
  }

  /** Width of the text and number of blocks are the model's; of Flux those of both kinds. */
  private static void checkTransformer(JsonObject config, List<TensorInfo> tensors) {
    String begin = DiffusersFolder.UNET_BEGINNING;
    for (TensorInfo tensor : tensors) {
      boolean text =
          tensor.key().equals(begin + "context_embedder.weight")
              || tensor.key().equals(begin + "txt_in.weight");
      if (text && tensor.shape().rank() == 2) {
        long width = tensor.shape().dimension(1);
        check(config.get("joint_attention_dim"), width, "joint_attention_dim", TRANSFORMER);
      }
    }
    long joint =
        blocks(tensors, begin + "joint_blocks.") + blocks(tensors, begin + "double_blocks.");
    check(config.get("num_layers"), joint, "num_layers", TRANSFORMER);
    long single = blocks(tensors, begin + "single_blocks.");
    if (single > 0) {
      check(config.get("num_single_layers"), single, "num_single_layers", TRANSFORMER);
    }
  }

  /** How many numbers follow a beginning. */
  private static long blocks(List<TensorInfo> tensors, String beginning) {
    return tensors.stream()
        .map(TensorInfo::key)
        .filter(key -> key.startsWith(beginning))
        .map(key -> key.substring(beginning.length()).replaceFirst("\\..*", ""))
        .distinct()
        .count();
  }

  private static void check(JsonElement said, long is, String name) {
    check(said, is, name, UNET);
  }

  private static void check(JsonElement said, long is, String name, String file) {
    boolean fits =
        said instanceof JsonPrimitive number && number.getAsString().equals(Long.toString(is));
    if (!fits) {
      throw unknown("`" + name + "` of `" + file + "` is " + said + ", the model's is " + is);
    }
  }

  /** Names no component whose folder is not there. */
  private static byte[] fitted(JsonObject index, Map<String, byte[]> files, List<String> networks) {
    for (String name : List.copyOf(index.keySet())) {
      boolean there =
          networks.contains(name)
              || files.keySet().stream().anyMatch(file -> file.startsWith(name + "/"));
      if (!there && index.get(name) instanceof JsonArray array && array.size() == 2) {
        var none = new JsonArray();
        none.add(JsonNull.INSTANCE);
        none.add(JsonNull.INSTANCE);
        index.add(name, none);
      }
    }
    if (index.has("requires_safety_checker")) {
      index.addProperty("requires_safety_checker", false);
    }
    return written(index);
  }

  private static byte[] written(JsonObject object) {
    var text = new StringWriter();
    try (var json = new JsonWriter(text)) {
      json.setIndent("  ");
      json.setSerializeNulls(true);
      new Gson().toJson(object, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (text + "\n").getBytes(UTF_8);
  }
}
