package bmr.checkpoint;

import bmr.checkpoint.TranslatedCheckpoint.Network;
import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models in the layout of Diffusers: a folder with {@code model_index.json} and a folder for each
 * network. Of several files of one network the one without a variant in its name is taken, then
 * {@code fp16}; of several formats safetensors.
 */
final class DiffusersFolder {
  /** Marks such a folder. */
  static final String INDEX = "model_index.json";

  static final String UNET_BEGINNING = "model.diffusion_model.";
  static final String VAE_BEGINNING = "first_stage_model.";

  static final String SD1_TEXT = "cond_stage_model.transformer.";
  static final String SD2_TEXT = "cond_stage_model.model.";
  static final String SDXL_TEXT = "conditioner.embedders.0.transformer.";
  static final String SDXL_SECOND_TEXT = "conditioner.embedders.1.model.";
  static final String REFINER_TEXT = "conditioner.embedders.0.model.";

  /** The text encoders of SD 3 and Flux, as single files have them. */
  static final String CLIP_L = "text_encoders.clip_l.transformer.";

  static final String CLIP_G = "text_encoders.clip_g.transformer.";
  static final String T5 = "text_encoders.t5xxl.transformer.";

  private static final long SD2_WIDTH = 1024;

  private static final List<String> STEMS =
      List.of("diffusion_pytorch_model", "model", "pytorch_model");
  private static final List<String> VARIANTS = List.of("", ".fp16", ".bf16");
  private static final List<String> ENDINGS = List.of(".safetensors", ".bin");
  private static final int MOST_SHARDS = 1000;

  private final Path folder;
  private final List<Network> networks = new ArrayList<>();

  private DiffusersFolder(Path folder) {
    this.folder = folder;
  }

  /** The folder that a path means: the folder itself, or that of a {@code model_index.json}. */
  static Optional<Path> meant(Path path) {
    boolean index = String.valueOf(path.getFileName()).equals(INDEX);
    Path folder = index ? path.toAbsolutePath().getParent() : path;
    return folder != null && Files.isRegularFile(folder.resolve(INDEX))
        ? Optional.of(folder)
        : Optional.empty();
  }

  /**
   * Opens the headers of the networks that a single file holds: the U-Net, the text encoders, the
   * VAE; a safety checker and the like are left.
   *
   * @throws ProblemException if there is none, or one of another architecture, or a file is at
   *     fault
   */
  static Checkpoint open(Path folder) {
    var opened = new DiffusersFolder(folder);
    boolean done = false;
    try {
      Checkpoint checkpoint = opened.open();
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        opened.networks.forEach(network -> network.files().forEach(Checkpoint::close));
      }
    }
  }

  private Checkpoint open() {
    if (Files.isDirectory(folder.resolve("transformer"))) {
      addTransformer();
    } else {
      addUnet();
    }
    add("vae", KeyTable.VAE, VAE_BEGINNING, files("vae"));
    if (networks.isEmpty()) {
      throw new ProblemException(
          new DialectProblem.NoNetwork(
              folder, "none of its folders holds the weights of a network"));
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return TranslatedCheckpoint.of(folder, String.valueOf(name), networks);
  }

  /** SD 3 and Flux. */
  private void addTransformer() {
    List<Checkpoint> transformer = files("transformer");
    Optional<KeyTable> table = NetworkAlone.transformer(key -> has(transformer, key));
    if (table.isEmpty()) {
      transformer.forEach(Checkpoint::close);
      throw new ProblemException(
          new DialectProblem.NoNetwork(
              folder, "its `transformer` is not that of SD 3 or Flux, or has no weights"));
    }
    add("transformer", table.get(), UNET_BEGINNING, transformer);
    add("text_encoder", KeyTable.PLAIN, CLIP_L, files("text_encoder"));
    if (table.get() == KeyTable.FLUX) {
      add("text_encoder_2", KeyTable.PLAIN, T5, files("text_encoder_2"));
    } else {
      add("text_encoder_2", KeyTable.PLAIN, CLIP_G, files("text_encoder_2"));
      add("text_encoder_3", KeyTable.PLAIN, T5, files("text_encoder_3"));
    }
  }

  private void addUnet() {
    List<Checkpoint> unet = files("unet");
    add("unet", KeyTable.UNET, UNET_BEGINNING, unet);
    List<Checkpoint> text = files("text_encoder");
    boolean xl =
        Files.isDirectory(folder.resolve("text_encoder_2"))
            || has(unet, "add_embedding.linear_1.weight");
    boolean refiner = xl && text.isEmpty() && has(unet, "down_blocks.3.resnets.0.conv1.weight");
    if (xl) {
      add("text_encoder", KeyTable.CLIP, SDXL_TEXT, text);
      String second = refiner ? REFINER_TEXT : SDXL_SECOND_TEXT;
      add("text_encoder_2", KeyTable.OPENCLIP, second, files("text_encoder_2"));
    } else if (isOpenClip(unet, text)) {
      add("text_encoder", KeyTable.OPENCLIP, SD2_TEXT, text);
    } else {
      add("text_encoder", KeyTable.CLIP, SD1_TEXT, text);
    }
  }

  private void add(String name, KeyTable table, String beginning, List<Checkpoint> files) {
    if (!files.isEmpty()) {
      networks.add(new Network(name, files, table, beginning));
    }
  }

  private static boolean has(List<Checkpoint> files, String key) {
    return files.stream().anyMatch(file -> file.tensors().containsKey(key));
  }

  /** SD 2.x: the text that the U-Net attends to is 1024 wide; without U-Net, its encoder. */
  private static boolean isOpenClip(List<Checkpoint> unet, List<Checkpoint> text) {
    Optional<TensorInfo> context =
        tensor(unet, "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight")
            .or(() -> tensor(text, "text_model.embeddings.token_embedding.weight"));
    return context
        .filter(info -> info.shape().rank() == 2 && info.shape().dimension(1) == SD2_WIDTH)
        .isPresent();
  }

  private static Optional<TensorInfo> tensor(List<Checkpoint> files, String key) {
    return files.stream()
        .flatMap(file -> Optional.ofNullable(file.tensors().get(key)).stream())
        .findFirst();
  }

  /** The open files of one network; none where it is not there. */
  private List<Checkpoint> files(String network) {
    Path place = folder.resolve(network);
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    var opened = new ArrayList<Checkpoint>();
    boolean done = false;
    try {
      for (Path file : choice(place)) {
        opened.add(Checkpoint.openFile(file));
      }
      done = true;
      return List.copyOf(opened);
    } finally {
      if (!done) {
        opened.forEach(Checkpoint::close);
      }
    }
  }

  /** The file, or all shards, that hold a network best. */
  private static List<Path> choice(Path place) {
    List<String> names = names(place);
    for (String ending : ENDINGS) {
      for (String variant : VARIANTS) {
        for (String stem : STEMS) {
          String whole = stem + variant + ending;
          if (names.contains(whole)) {
            return List.of(place.resolve(whole));
          }
          List<Path> shards = shards(place, names, stem, variant, ending);
          if (!shards.isEmpty()) {
            return shards;
          }
        }
      }
    }
    return List.of();
  }

  /**
   * {@code stem.fp16-00001-of-00003.safetensors} or {@code stem-00001-of-00003.fp16.safetensors}.
   */
  private static List<Path> shards(
      Path place, List<String> names, String stem, String variant, String ending) {
    for (String form : List.of(stem + variant + "-%s" + ending, stem + "-%s" + variant + ending)) {
      String[] halves = form.split("%s", -1);
      Pattern pattern =
          Pattern.compile(
              Pattern.quote(halves[0]) + "([0-9]{5})-of-([0-9]{5})" + Pattern.quote(halves[1]));
      for (String name : names) {
        Matcher shard = pattern.matcher(name);
        if (shard.matches()) {
          return all(place, halves, Integer.parseInt(shard.group(2)));
        }
      }
    }
    return List.of();
  }

  private static List<Path> all(Path place, String[] halves, int count) {
    if (count > MOST_SHARDS) {
      throw new ProblemException(
          new DialectProblem.NoNetwork(place, "it says that it has " + count + " shards"));
    }
    var numbered = new TreeMap<Integer, Path>();
    for (int number = 1; number <= count; number++) {
      String middle = String.format("%05d-of-%05d", number, count);
      Path shard = place.resolve(halves[0] + middle + halves[1]);
      if (!Files.exists(shard)) {
        throw new ProblemException(new FileProblem.FileMissing(shard));
      }
      numbered.put(number, shard);
    }
    return List.copyOf(numbered.values());
  }

  private static List<String> names(Path place) {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(place)) {
      stream.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (IOException | DirectoryIteratorException e) {
      throw new ProblemException(new FileProblem.Unreadable(place, "it cannot be listed"));
    }
    Collections.sort(names);
    return names;
  }
}
