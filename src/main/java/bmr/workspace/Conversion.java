package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.EmaWeights;
import bmr.checkpoint.FileContent;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.ProblemException;
import bmr.engine.Limits;
import bmr.engine.OutputType;
import bmr.engine.Plan;
import bmr.engine.Planner;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.TensorRole;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One file made into a safetensors file: the same tensors, or those of the model alone, copied or
 * rounded to another type by the engine that merges.
 */
public final class Conversion {
  private static final Shape POSITION_IDS_SHAPE = Shape.of(1, 77);

  /**
   * What to change.
   *
   * @param full whether EMA copies, leftovers of training and position_ids stay as they are
   * @param ema whether the EMA copies of the U-Net become its weights
   * @param dtype of all floating-point tensors; empty keeps each one's own
   */
  public record Choices(boolean full, boolean ema, Optional<DType> dtype) {}

  /** Tensors of one class share one formula object. */
  private record Group(int number, TensorFormula formula) {}

  private final Choices choices;
  private final boolean renamed;
  private final SelectedTensors own;
  private final List<Checkpoint> sources = new ArrayList<>();
  private final Architecture architecture;
  private final List<FoldedTensor> tensors = new ArrayList<>();
  private final List<SpecialCase> cases = new ArrayList<>();
  private final Map<TensorFormula, Group> groups = new HashMap<>();
  private final TensorFormula positionIds = new TensorFormula.PositionIds();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private int emaUsed;
  private int positionTables;

  private Conversion(Checkpoint file, Choices choices) {
    this.choices = choices;
    this.own = new SelectedTensors(file);
    this.architecture = file.architecture();
    this.renamed = CheckpointDescription.of(file).content() != FileContent.VAE;
    sources.add(own);
    metadata.put("format", "pt");
    metadata.putAll(file.metadata());
  }

  /**
   * Decides what becomes of every tensor.
   *
   * @param vae whose VAE replaces that of the file
   * @throws ProblemException with a PickleProblem where the file has no EMA copies, or the other
   *     one no VAE
   */
  public static Conversion of(Checkpoint file, Optional<Checkpoint> vae, Choices choices) {
    var conversion = new Conversion(file, choices);
    conversion.select(file);
    conversion.add(0, conversion.own, place -> vae.isEmpty() || place.part() != Part.VAE);
    vae.ifPresent(conversion::addVae);
    conversion.count(Kind.POSITION_IDS, conversion.positionTables);
    conversion.tensors.sort(Comparator.comparing(tensor -> tensor.place().block()));
    return conversion;
  }

  private static Place place(Architecture architecture, String key) {
    return BlockMap.standard().place(architecture, key);
  }

  /** Puts the wanted tensors of the file into {@link #own}. */
  private void select(Checkpoint file) {
    int ema = 0;
    int training = 0;
    for (StoredTensor tensor : file.stored().values()) {
      String key = tensor.info().key();
      TensorRole role = TensorRole.of(key);
      boolean dropped = role == TensorRole.EMA || role == TensorRole.TRAINING;
      if (dropped && !choices.full()) {
        ema += role == TensorRole.EMA ? 1 : 0;
        training += role == TensorRole.TRAINING ? 1 : 0;
      } else {
        // a VAE's file of its own keeps the short names that programs look for in it
        own.put(renamed ? key : tensor.storedKey(), tensor);
      }
    }
    if (choices.ema()) {
      takeEma(file);
    }
    count(Kind.EMA_DROPPED, ema - (choices.full() ? 0 : emaUsed));
    count(Kind.TRAINING_DROPPED, training);
  }

  private void count(Kind kind, int count) {
    if (count > 0) {
      cases.add(new SpecialCase(kind, Part.OTHER, count, List.of()));
    }
  }

  private void takeEma(Checkpoint file) {
    Map<String, StoredTensor> copies = EmaWeights.copies(file);
    copies.forEach(own::put);
    emaUsed = copies.size();
    if (emaUsed == 0) {
      throw new ProblemException(new PickleProblem.NoEmaWeights(file.path()));
    }
  }

  private void addVae(Checkpoint vae) {
    int before = tensors.size();
    sources.add(vae);
    add(1, vae, place -> place.part() == Part.VAE);
    if (tensors.size() == before) {
      throw new ProblemException(new PickleProblem.NoVae(vae.path()));
    }
  }

  private void add(int source, Checkpoint file, Predicate<Place> wanted) {
    for (TensorInfo tensor : file.tensors().values()) {
      Place place = place(architecture, tensor.key());
      TensorRole role = TensorRole.of(tensor.key());
      boolean dropped = role == TensorRole.EMA || role == TensorRole.TRAINING;
      if (wanted.test(place) && !(source > 0 && dropped)) {
        tensors.add(folded(source, tensor, place, role));
      }
    }
  }

  private FoldedTensor folded(int source, TensorInfo tensor, Place place, TensorRole role) {
    if (role == TensorRole.POSITION_IDS && !choices.full()) {
      positionTables++;
      return folded(tensor.key(), POSITION_IDS_SHAPE, DType.I64, place, positionIds);
    }
    boolean rounded =
        switch (role) {
          case BLENDED, FIXED, EMA, TRAINING -> choices.dtype().isPresent();
          case POSITION_IDS, SCHEDULE, MARKER -> false;
        };
    TensorFormula formula =
        rounded && tensor.dtype().isFloat()
            ? new TensorFormula.Blend(
                new LinearForm(
                    List.of(new LinearForm.Term(new Operand.Source(source), BigDecimal.ONE))))
            : new TensorFormula.Verbatim(source);
    return folded(tensor.key(), tensor.shape(), tensor.dtype(), place, formula);
  }

  private FoldedTensor folded(
      String key, Shape shape, DType dtype, Place place, TensorFormula formula) {
    Group group = groups.computeIfAbsent(formula, first -> new Group(groups.size(), first));
    return new FoldedTensor(key, shape, dtype, place, group.number(), group.formula());
  }

  /** What is read, in the order of the plan's sources; closing them is the caller's. */
  public List<Checkpoint> sources() {
    return List.copyOf(sources);
  }

  /** Those of the file, and {@code format}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Tensors of the U-Net that are EMA copies. */
  public int emaUsed() {
    return emaUsed;
  }

  /** The plan of the whole conversion. */
  public Plan plan(Limits limits) {
    var model =
        new FoldedModel(
            own.name(),
            architecture,
            sources.stream().map(Checkpoint::name).toList(),
            0,
            tensors,
            cases);
    OutputType type =
        choices.dtype().<OutputType>map(OutputType::of).orElseGet(OutputType.AsSource::new);
    return Planner.plan(model, sources, type, limits);
  }
}
