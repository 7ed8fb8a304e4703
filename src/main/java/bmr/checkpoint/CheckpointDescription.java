package bmr.checkpoint;

import bmr.diagnostic.Visible;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.TensorRole;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a header says of a model file, for people.
 *
 * @param size of the whole file in bytes
 * @param types tensors and bytes of each element type, EMA copies and training leftovers left out
 * @param parts tensors and parameters of each part, the same left out
 * @param blocks tensors and parameters of each block, the same left out
 * @param inputChannels of the U-Net: 4, 9 for inpainting, 8 for instruct-pix2pix, 0 without U-Net
 * @param markers keys that tell of v-prediction and the like
 * @param emaTensors copies of the U-Net kept for training
 * @param trainingTensors other leftovers of training
 * @param positionIds types of the text encoders' position tables, by key
 * @param oldClipSpelling whether the text encoder's names lack {@code text_model}
 * @param reason what keys and shapes show of the architecture
 * @param files that make the model, where it is not one file
 */
public record CheckpointDescription(
    String name,
    Path path,
    long size,
    FileContent content,
    Architecture architecture,
    SortedMap<DType, TypeUse> types,
    SortedMap<Part, Count> parts,
    SortedMap<Block, Count> blocks,
    long inputChannels,
    List<String> markers,
    int emaTensors,
    int trainingTensors,
    SortedMap<String, DType> positionIds,
    boolean oldClipSpelling,
    Map<String, String> metadata,
    Optional<String> reason,
    List<ModelPart> files) {
  private static final String FIRST_CONVOLUTION = "input_blocks.0.0.weight";

  public CheckpointDescription {
    types = Collections.unmodifiableSortedMap(types);
    parts = Collections.unmodifiableSortedMap(parts);
    blocks = Collections.unmodifiableSortedMap(blocks);
    positionIds = Collections.unmodifiableSortedMap(positionIds);
    markers = List.copyOf(markers);
    files = List.copyOf(files);
    metadata = Collections.unmodifiableMap(metadata);
  }

  /** Tensors and the numbers in them. */
  public record Count(int tensors, long parameters) {
    private static final Count NONE = new Count(0, 0);

    private Count plus(TensorInfo tensor) {
      return new Count(tensors + 1, parameters + tensor.elements());
    }
  }

  /** Tensors of a type and their bytes. */
  public record TypeUse(int tensors, long bytes) {
    private static final TypeUse NONE = new TypeUse(0, 0);

    private TypeUse plus(TensorInfo tensor) {
      return new TypeUse(tensors + 1, bytes + tensor.bytes());
    }
  }

  /** Describes an open file by its header alone. */
  public static CheckpointDescription of(Checkpoint checkpoint) {
    return of(checkpoint, BlockMap.standard(), TensorRole::of);
  }

  static CheckpointDescription of(
      Checkpoint checkpoint, BlockMap map, Function<String, TensorRole> roles) {
    var tally = new Tally();
    Architecture architecture = checkpoint.architecture();
    for (var stored : checkpoint.stored().values()) {
      TensorInfo tensor = stored.info();
      tally.oldSpelling |= isOldSpelling(stored);
      switch (roles.apply(tensor.key())) {
        case EMA -> tally.ema++;
        case TRAINING -> tally.training++;
        case MARKER -> {
          tally.markers.add(tensor.key());
          tally.add(tensor, map.place(architecture, tensor.key()));
        }
        case BLENDED, POSITION_IDS, FIXED, SCHEDULE ->
            tally.add(tensor, map.place(architecture, tensor.key()));
      }
    }
    var tensors = checkpoint.tensors();
    return new CheckpointDescription(
        checkpoint.name(),
        checkpoint.path(),
        checkpoint.size(),
        FileContent.of(tensors),
        architecture,
        tally.types,
        tally.parts,
        tally.blocks,
        inputChannels(tensors),
        tally.markers,
        tally.ema,
        tally.training,
        tally.positionIds,
        tally.oldSpelling,
        checkpoint.metadata(),
        architecture.reason(checkpoint.tensors()),
        checkpoint.parts());
  }

  /** Other names of Diffusers are no old spelling. */
  private static boolean isOldSpelling(Checkpoint.StoredTensor stored) {
    String key = stored.info().key();
    return !stored.storedKey().equals(key) && KeyDialect.canonical(stored.storedKey()).equals(key);
  }

  /** Sums while a header is walked. */
  private static final class Tally {
    private final SortedMap<DType, TypeUse> types = new TreeMap<>();
    private final SortedMap<Part, Count> parts = new TreeMap<>();
    private final SortedMap<Block, Count> blocks = new TreeMap<>();
    private final SortedMap<String, DType> positionIds = new TreeMap<>();
    private final List<String> markers = new ArrayList<>();
    private int ema;
    private int training;
    private boolean oldSpelling;

    private void add(TensorInfo tensor, Place place) {
      types.merge(tensor.dtype(), TypeUse.NONE.plus(tensor), (before, one) -> before.plus(tensor));
      parts.merge(place.part(), Count.NONE.plus(tensor), (before, one) -> before.plus(tensor));
      blocks.merge(place.block(), Count.NONE.plus(tensor), (before, one) -> before.plus(tensor));
      if (PositionIds.isKey(tensor.key())) {
        positionIds.put(tensor.key(), tensor.dtype());
      }
    }
  }

  private static long inputChannels(Map<String, TensorInfo> tensors) {
    for (String prefix : List.of("model.diffusion_model.", "")) {
      TensorInfo first = tensors.get(prefix + FIRST_CONVOLUTION);
      if (first != null && first.shape().rank() == 4) {
        return first.shape().dimension(1);
      }
    }
    return 0;
  }

  public boolean isInpainting() {
    return inputChannels == 9;
  }

  public boolean isInstructPix2Pix() {
    return inputChannels == 8;
  }

  public boolean hasVae() {
    return parts.containsKey(Part.VAE);
  }

  public boolean hasTextEncoder() {
    return parts.keySet().stream().anyMatch(Part::isTextEncoder);
  }

  /**
   * The type that most bytes have, and that there are others: {@code F16}, {@code F32, some F16}.
   * Integers count only where there is nothing else.
   */
  public String typeLabel() {
    var floats = new EnumMap<DType, TypeUse>(DType.class);
    types.forEach((type, use) -> {
      if (!type.isInteger()) {
        floats.put(type, use);
      }
    });
    var counted = floats.isEmpty() ? types : floats;
    var ordered =
        counted.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<DType, TypeUse> entry) -> entry.getValue().bytes())
                    .reversed()
                    .thenComparing(Map.Entry::getKey))
            .map(entry -> entry.getKey().tag())
            .toList();
    if (ordered.isEmpty()) {
      return "empty";
    }
    var label = new StringBuilder(ordered.getFirst());
    ordered.stream().skip(1).forEach(tag -> label.append(", some ").append(tag));
    return label.toString();
  }

  /** What the header shows to be unusual, in a few words each. */
  public List<String> oddities() {
    var odd = new ArrayList<String>();
    if (isInpainting()) {
      odd.add("inpainting");
    }
    if (isInstructPix2Pix()) {
      odd.add("instruct-pix2pix");
    }
    if (!markers.isEmpty()) {
      odd.add("markers " + Visible.text(String.join(", ", markers)));
    }
    if (content == FileContent.MODEL && !hasVae()) {
      odd.add("no VAE");
    }
    if (content == FileContent.MODEL && !hasTextEncoder()) {
      odd.add("no text encoder");
    }
    if (emaTensors > 0) {
      odd.add(count(emaTensors, "EMA"));
    }
    if (trainingTensors > 0) {
      odd.add(count(trainingTensors, "training"));
    }
    positionIds.values().stream()
        .filter(type -> type != DType.I64)
        .distinct()
        .forEach(type -> odd.add("position_ids in " + type.tag()));
    if (oldClipSpelling) {
      odd.add("old CLIP names");
    }
    return List.copyOf(odd);
  }

  private static String count(int tensors, String kind) {
    return tensors + " " + kind + (tensors == 1 ? " tensor" : " tensors");
  }
}
