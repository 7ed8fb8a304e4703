package bmr.checkpoint;

import bmr.checkpoint.KeyTable.Form;
import bmr.checkpoint.KeyTable.Name;
import bmr.diagnostic.LayoutProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.model.TensorRole;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where the tensors of a single file lie in a folder of Diffusers: the way back of {@link
 * DiffusersFolder}.
 */
final class DiffusersKeys {
  /**
   * SD 2.x: Diffusers ends at the layer before the last, whose output is used, and projects none.
   */
  private static final Pattern UNUSED =
      Pattern.compile("text_projection|transformer\\.resblocks\\.23\\..*");

  /** Such a matrix is held in memory. */
  private static final long LARGEST_TURNED = 128 << 20;

  private final List<Component> components;
  private final boolean second;
  private final NavigableSet<String> keys;

  /** A network: its folder, its table, and how its keys begin in a single file. */
  record Component(String folder, KeyTable table, String beginning) {
    /** The file's name, without an ending. */
    String stem() {
      return folder.startsWith("text_encoder") ? "model" : "diffusion_pytorch_model";
    }
  }

  /**
   * What one tensor becomes.
   *
   * @param parts that follow one another; their bytes are the tensor's, but for matrices that are
   *     transposed or swapped
   */
  record Place(Component component, List<TensorInfo> parts, Form form) {
    Place {
      parts = List.copyOf(parts);
    }

    /** Whether its bytes are the tensor's in another order. */
    boolean isTurned() {
      return form == Form.TRANSPOSED || form == Form.SWAPPED;
    }
  }

  private DiffusersKeys(List<Component> components, boolean second, NavigableSet<String> keys) {
    this.components = components;
    this.second = second;
    this.keys = keys;
  }

  /**
   * The places for an architecture.
   *
   * @throws ProblemException for one that is not known in this layout
   */
  static DiffusersKeys of(Architecture architecture, List<TensorInfo> tensors) {
    var all = new ArrayList<>(networks(architecture));
    all.add(new Component("vae", KeyTable.VAE, DiffusersFolder.VAE_BEGINNING));
    var keys = new TreeSet<String>();
    tensors.forEach(tensor -> keys.add(tensor.key()));
    return new DiffusersKeys(List.copyOf(all), architecture.equals(Architecture.SD2), keys);
  }

  /** All but the VAE. */
  private static List<Component> networks(Architecture architecture) {
    var unet = new Component("unet", KeyTable.UNET, DiffusersFolder.UNET_BEGINNING);
    if (architecture.equals(Architecture.SD1)) {
      return List.of(unet, text("", KeyTable.CLIP, DiffusersFolder.SD1_TEXT));
    }
    if (architecture.equals(Architecture.SD2)) {
      return List.of(unet, text("", KeyTable.OPENCLIP, DiffusersFolder.SD2_TEXT));
    }
    if (architecture.equals(Architecture.SDXL_REFINER)) {
      return List.of(unet, text("_2", KeyTable.OPENCLIP, DiffusersFolder.REFINER_TEXT));
    }
    if (architecture.isSdxl()) {
      return List.of(
          unet,
          text("", KeyTable.CLIP, DiffusersFolder.SDXL_TEXT),
          text("_2", KeyTable.OPENCLIP, DiffusersFolder.SDXL_SECOND_TEXT));
    }
    if (architecture.equals(Architecture.SD3)) {
      return List.of(
          new Component("transformer", KeyTable.SD3, DiffusersFolder.UNET_BEGINNING),
          text("", KeyTable.PLAIN, DiffusersFolder.CLIP_L),
          text("_2", KeyTable.PLAIN, DiffusersFolder.CLIP_G),
          text("_3", KeyTable.PLAIN, DiffusersFolder.T5));
    }
    if (architecture.equals(Architecture.FLUX)) {
      return List.of(
          new Component("transformer", KeyTable.FLUX, DiffusersFolder.UNET_BEGINNING),
          text("", KeyTable.PLAIN, DiffusersFolder.CLIP_L),
          text("_2", KeyTable.PLAIN, DiffusersFolder.T5));
    }
    throw new ProblemException(
        new LayoutProblem.NoDiffusersModel(architecture.label(), "its keys are not known there"));
  }

  private static Component text(String number, KeyTable table, String beginning) {
    return new Component("text_encoder" + number, table, beginning);
  }

  /** The networks that a folder has. */
  List<Component> components() {
    return components;
  }

  /**
   * The place of a tensor; empty for what Diffusers does not keep.
   *
   * @throws ProblemException for a tensor of no known name
   */
  Optional<Place> place(TensorInfo tensor) {
    boolean kept =
        switch (TensorRole.of(tensor.key())) {
          case BLENDED, POSITION_IDS -> true;
          case FIXED, SCHEDULE, MARKER, EMA, TRAINING -> false;
        };
    if (!kept) {
      return Optional.empty();
    }
    for (Component component : components) {
      if (tensor.key().startsWith(component.beginning())) {
        String own = tensor.key().substring(component.beginning().length());
        if (second && component.table() == KeyTable.OPENCLIP && UNUSED.matcher(own).matches()) {
          return Optional.empty();
        }
        return Optional.of(place(component, own, tensor));
      }
    }
    throw new ProblemException(new LayoutProblem.NoPlace(tensor.key()));
  }

  private Place place(Component component, String own, TensorInfo tensor) {
    List<Name> names =
        component.table().diffusers(own, begin -> hasFamily(component.beginning() + begin));
    if (names.isEmpty()) {
      throw new ProblemException(new LayoutProblem.NoPlace(tensor.key()));
    }
    var parts = new ArrayList<TensorInfo>();
    for (Name name : names) {
      Shape shape = shape(tensor, name.form(), names.size());
      parts.add(new TensorInfo(name.key(), tensor.dtype(), shape));
    }
    return new Place(component, parts, names.getFirst().form());
  }

  private boolean hasFamily(String beginning) {
    String first = keys.ceiling(beginning);
    return first != null && first.startsWith(beginning);
  }

  private static Shape shape(TensorInfo tensor, Form form, int parts) {
    Shape shape = tensor.shape();
    return switch (form) {
      case SAME -> shape;
      case CONVOLUTION -> {
        List<Long> all = shape.dimensions();
        boolean point = all.size() == 4 && all.get(2) == 1 && all.get(3) == 1;
        yield point ? Shape.of(all.get(0), all.get(1)) : shape;
      }
      case TRANSPOSED -> {
        require(
            shape.rank() == 2
                && tensor.dtype().bits() >= Byte.SIZE
                && tensor.bytes() <= LARGEST_TURNED,
            tensor);
        yield Shape.of(shape.dimension(1), shape.dimension(0));
      }
      case SWAPPED -> {
        require(
            shape.rank() > 0
                && shape.dimension(0) % 2 == 0
                && tensor.dtype().bits() >= Byte.SIZE
                && tensor.bytes() <= LARGEST_TURNED,
            tensor);
        yield shape;
      }
      case FIRST, SECOND, THIRD, FOURTH -> {
        // the fourth part is as high as four others: feed-forward networks are four times as wide
        int share = parts == 3 ? 3 : 7;
        require(
            shape.rank() > 0
                && shape.dimension(0) % share == 0
                && tensor.dtype().bits() >= Byte.SIZE,
            tensor);
        var rows = new ArrayList<>(shape.dimensions());
        rows.set(0, shape.dimension(0) / share * (form == Form.FOURTH ? 4 : 1));
        yield new Shape(rows);
      }
    };
  }

  private static void require(boolean fits, TensorInfo tensor) {
    if (!fits) {
      throw new ProblemException(new LayoutProblem.NoPlace(tensor.key()));
    }
  }
}
