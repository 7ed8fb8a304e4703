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
import java.util.Optional;
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
  private static final long LARGEST_TURNED = 64 << 20;

  private final List<Component> components;
  private final boolean second;

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
   * @param parts that follow one another; their bytes are the tensor's, but for
   * @param transposed matrices
   */
  record Place(Component component, List<TensorInfo> parts, boolean transposed) {
    Place {
      parts = List.copyOf(parts);
    }
  }

  private DiffusersKeys(List<Component> components, boolean second) {
    this.components = components;
    this.second = second;
  }

  /**
   * The places for an architecture.
   *
   * @throws ProblemException for one that is not known in this layout
   */
  static DiffusersKeys of(Architecture architecture) {
    var all = new ArrayList<Component>();
    all.add(new Component("unet", KeyTable.UNET, DiffusersFolder.UNET_BEGINNING));
    if (architecture.equals(Architecture.SD1)) {
      all.add(new Component("text_encoder", KeyTable.CLIP, DiffusersFolder.SD1_TEXT));
    } else if (architecture.equals(Architecture.SD2)) {
      all.add(new Component("text_encoder", KeyTable.OPENCLIP, DiffusersFolder.SD2_TEXT));
    } else if (architecture.equals(Architecture.SDXL_REFINER)) {
      all.add(new Component("text_encoder_2", KeyTable.OPENCLIP, "conditioner.embedders.0.model."));
    } else if (architecture.isSdxl()) {
      all.add(new Component("text_encoder", KeyTable.CLIP, "conditioner.embedders.0.transformer."));
      all.add(new Component("text_encoder_2", KeyTable.OPENCLIP, "conditioner.embedders.1.model."));
    } else {
      throw new ProblemException(
          new LayoutProblem.NoDiffusersModel(architecture.label(), "its keys are not known there"));
    }
    all.add(new Component("vae", KeyTable.VAE, DiffusersFolder.VAE_BEGINNING));
    return new DiffusersKeys(List.copyOf(all), architecture.equals(Architecture.SD2));
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

  private static Place place(Component component, String own, TensorInfo tensor) {
    List<Name> names = component.table().diffusers(own);
    if (names.isEmpty()) {
      throw new ProblemException(new LayoutProblem.NoPlace(tensor.key()));
    }
    var parts = new ArrayList<TensorInfo>();
    for (Name name : names) {
      parts.add(new TensorInfo(name.key(), tensor.dtype(), shape(tensor, name.form())));
    }
    return new Place(component, parts, names.getFirst().form() == Form.TRANSPOSED);
  }

  private static Shape shape(TensorInfo tensor, Form form) {
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
      case FIRST, SECOND, THIRD -> {
        require(
            shape.rank() > 0 && shape.dimension(0) % 3 == 0 && tensor.dtype().bits() >= Byte.SIZE,
            tensor);
        var rows = new ArrayList<>(shape.dimensions());
        rows.set(0, shape.dimension(0) / 3);
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
