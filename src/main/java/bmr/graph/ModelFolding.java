package bmr.graph;

import bmr.diagnostic.MergeProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.FoldedModel.Kind;
import bmr.model.Adjustment;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Component;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.TensorCatalog;
import bmr.model.TensorRole;
import bmr.model.Weight.Site;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Folds a whole model: every key that any of its sources holds, grouped into classes of tensors
 * that share a site and the set of sources that hold them.
 */
public final class ModelFolding {
  private static final int MANY_NODES = 10_000;
  private static final Shape POSITION_IDS_SHAPE = Shape.of(1, 77);

  private final ModelGraph graph;
  private final List<? extends TensorCatalog> catalogs;
  private final BlockMap blockMap;
  private final Coefficients<BigDecimal> arithmetic = new ExactDecimals();
  private final String name;
  private final int root;
  private final int[] order;
  private final List<Integer> sources;
  private final Architecture architecture;
  private final int primary;
  private final boolean primaryTells;
  private final Set<String> elements = new TreeSet<>();
  private final Map<SiteKey, SiteWeights<BigDecimal>> sites = new HashMap<>();
  private final Map<ClassKey, ClassFolding.Result> classes = new HashMap<>();
  private final Map<ClassKey, Integer> holders = new HashMap<>();
  private final boolean same;
  private final Map<TensorFormula, Integer> classNumbers = new HashMap<>();
  private final CaseCounter cases = new CaseCounter();

  /** Tensors that agree on this have the same weights. */
  private record SiteKey(Place place, Set<String> matches) {}

  private static final SiteKey ANYWHERE =
      new SiteKey(new Place(Block.BASE, Part.CLIP, true), Set.of());

  private record ClassKey(SiteKey site, BitSet present) {}

  private ModelFolding(
      String name,
      ModelGraph graph,
      int root,
      List<? extends TensorCatalog> catalogs,
      BlockMap blockMap) {
    this.name = name;
    this.graph = graph;
    this.root = root;
    this.catalogs = catalogs;
    this.blockMap = blockMap;
    this.order = graph.below(root);
    this.sources = graph.sourcesBelow(root);
    this.architecture = architecture();
    graph.weightsBelow(root).forEach(weight -> elements.addAll(weight.elements()));
    boolean byKey = false;
    for (int id : order) {
      if (graph.node(id) instanceof Node.Adjusted) {
        elements.addAll(Adjustment.KEYS);
        byKey = true;
      }
      if (graph.node(id) instanceof Node.Masked) {
        elements.addAll(Component.PIECES);
        byKey = true;
      }
    }
    this.same = !byKey && graph.weightsBelow(root).stream().allMatch(weight -> weight.isConstant());
    var leftmost = new PrimarySource(graph, architecture, arithmetic);
    this.primary = leftmost.of(root, order);
    this.primaryTells = leftmost.tells(root, order);
  }

  /**
   * Folds a node of the graph.
   *
   * @param name what messages call the model
   * @param catalogs headers by the recipe's source indices; those of sources below the node are
   *     used
   * @throws ProblemException with a MergeProblem where models do not go together
   */
  public static FoldedModel fold(
      String name,
      ModelGraph graph,
      int root,
      List<? extends TensorCatalog> catalogs,
      BlockMap blockMap) {
    return new ModelFolding(name, graph, root, catalogs, blockMap).fold(key -> true);
  }

  /**
   * Folds only some tensors of a node, by their keys.
   *
   * @throws ProblemException as {@link #fold}
   */
  public static FoldedModel foldSome(
      String name,
      ModelGraph graph,
      int root,
      List<? extends TensorCatalog> catalogs,
      BlockMap blockMap,
      Predicate<String> keys) {
    return new ModelFolding(name, graph, root, catalogs, blockMap).fold(keys);
  }

  private Architecture architecture() {
    Architecture found = Architecture.UNKNOWN;
    Set<Architecture> known = new LinkedHashSet<>();
    for (int source : sources) {
      Architecture own = catalogs.get(source).architecture();
      if (!own.equals(Architecture.UNKNOWN)) {
        known.add(own);
        found = found.equals(Architecture.UNKNOWN) ? own : found;
      }
    }
    if (known.size() > 1) {
      List<String> described =
          sources.stream()
              .map(catalogs::get)
              .map(catalog -> catalog.name() + " is " + catalog.architecture().label())
              .toList();
      throw new ProblemException(new MergeProblem.MixedArchitectures(name, described));
    }
    return found;
  }

  private FoldedModel fold(Predicate<String> wanted) {
    List<FoldedTensor> tensors = new ArrayList<>();
    for (String key : keys()) {
      if (!wanted.test(key)) {
        continue;
      }
      @Nullable FoldedTensor tensor = tensor(key);
      if (tensor != null) {
        tensors.add(tensor);
      }
    }
    tensors.sort(Comparator.comparing(tensor -> tensor.place().block()));
    return new FoldedModel(
        name,
        architecture,
        catalogs.stream().map(TensorCatalog::name).toList(),
        primary,
        tensors,
        cases.cases());
  }

  /** Keys of all sources, the primary one's first, each in the order of its file. */
  private Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>(catalogs.get(primary).tensors().keySet());
    sources.forEach(source -> keys.addAll(catalogs.get(source).tensors().keySet()));
    return keys;
  }

  private @Nullable FoldedTensor tensor(String key) {
    Place place = blockMap.place(architecture, key);
    BitSet holders = new BitSet();
    BitSet blendable = new BitSet();
    for (int source : sources) {
      TensorInfo info = catalogs.get(source).tensors().get(key);
      if (info != null) {
        holders.set(source);
        blendable.set(source, !info.dtype().isInteger());
      }
    }
    TensorRole role = TensorRole.of(key);
    return switch (role == TensorRole.EMA && graph.keepsEma() ? TensorRole.BLENDED : role) {
      case EMA -> dropped(Kind.EMA_DROPPED, place, holders);
      case TRAINING -> dropped(Kind.TRAINING_DROPPED, place, holders);
      case MARKER, SCHEDULE ->
          primaryTells && holders.get(primary)
              ? tensor(key, place, primary, new TensorFormula.Verbatim(primary))
              : dropped(Kind.SECONDARY_DROPPED, place, holders);
      case POSITION_IDS -> positionIds(key, place, holders);
      case FIXED -> fixed(key, place, holders);
      case BLENDED ->
          !place.blended() || wholeNumbers(key, place, holders, blendable)
              ? fixed(key, place, holders)
              : blended(key, place, blendable);
    };
  }

  private @Nullable FoldedTensor dropped(Kind kind, Place place, BitSet holders) {
    cases.count(kind, place.part(), names(holders));
    return null;
  }

  private List<String> names(BitSet which) {
    return which.stream().mapToObj(source -> catalogs.get(source).name()).toList();
  }

  private @Nullable FoldedTensor positionIds(String key, Place place, BitSet holders) {
    int holder = holder(key, place, holders);
    if (holder < 0) {
      return null;
    }
    cases.count(Kind.POSITION_IDS, place.part(), List.of());
    TensorFormula formula = new TensorFormula.PositionIds();
    return new FoldedTensor(
        key, POSITION_IDS_SHAPE, DType.I64, place, classNumber(formula), formula);
  }

  /** Whether the first carrier that holds a tensor has whole numbers there. */
  private boolean wholeNumbers(String key, Place place, BitSet holders, BitSet blendable) {
    if (blendable.equals(holders)) {
      return false;
    }
    int holder = holder(key, place, holders);
    return holder < 0 || !blendable.get(holder);
  }

  /** Never blended: the tensor of the first carrier that holds it. */
  private @Nullable FoldedTensor fixed(String key, Place place, BitSet holders) {
    int holder = holder(key, place, holders);
    if (holder < 0) {
      return null;
    }
    if (holders.cardinality() > 1) {
      cases.count(Kind.NEVER_BLENDED, place.part(), List.of(catalogs.get(holder).name()));
    }
    boolean number = info(holder, key).dtype().isFloat();
    return tensor(
        key,
        place,
        holder,
        number ? new TensorFormula.Blend(copy(holder)) : new TensorFormula.Verbatim(holder));
  }

  private @Nullable FoldedTensor blended(String key, Place place, BitSet present) {
    ClassFolding.Result result = folded(key, place, present);
    if (result.form().isEmpty()) {
      return null;
    }
    LinearForm form = result.form().get();
    int holder = holder(key, place, present);
    if (holder < 0) {
      holder = present.nextSetBit(0);
    }
    Map<Integer, Shape> shapes = new java.util.TreeMap<>();
    form.sources().forEach(source -> shapes.put(source, info(source, key).shape()));
    Optional<WideChannels> wide = WideChannels.of(key, shapes);
    if (wide.isPresent()) {
      return channels(key, place, present, form, wide.get(), holder);
    }
    checkShapes(key, place, shapes);
    count(result, place, present);
    // a holder that has no weight here may be of another kind: 9 channels where 4 are wanted
    Shape spelling = info(holder, key).shape();
    boolean fits = shapes.values().stream().allMatch(spelling::sameButForTrailingOnes);
    return tensor(key, place, fits ? holder : form.sources().iterator().next(), formula(key, form));
  }

  /**
   * Wide and narrow first convolutions: what the wide ones have beyond the common channels is
   * theirs alone; that of the first one, where the formula takes them as differences only.
   */
  private FoldedTensor channels(
      String key, Place place, BitSet present, LinearForm form, WideChannels wide, int holder) {
    BitSet only = new BitSet();
    present.stream().filter(source -> wide.isWide(info(source, key).shape())).forEach(only::set);
    int first = form.sources().stream().filter(only::get).findFirst().orElseThrow();
    LinearForm rest =
        folded(key, place, only).form().filter(own -> !own.terms().isEmpty()).orElse(copy(first));
    cases.count(Kind.CHANNELS, place.part(), names(only));
    TensorFormula formula = new TensorFormula.Channels(form, wide.narrow(), rest);
    return new FoldedTensor(
        key,
        info(first, key).shape(),
        info(holder, key).dtype(),
        place,
        classNumber(formula),
        formula);
  }

  private static LinearForm copy(int source) {
    return new LinearForm(List.of(new LinearForm.Term(new Operand.Source(source), BigDecimal.ONE)));
  }

  private void count(ClassFolding.Result result, Place place, BitSet present) {
    for (ClassFolding.Event event : result.events()) {
      List<String> lacking =
          sources.stream()
              .filter(source -> !present.get(source))
              .map(source -> catalogs.get(source).name())
              .toList();
      cases.count(
          switch (event) {
            case CARRIER_MISSING -> Kind.CARRIER_MISSING;
            case CHANGE_SKIPPED -> Kind.CHANGE_SKIPPED;
          },
          place.part(),
          lacking);
    }
  }

  /** A byte copy of what cannot be computed with; everything else must be a float type. */
  private TensorFormula formula(String key, LinearForm form) {
    for (int source : form.sources()) {
      DType dtype = info(source, key).dtype();
      if (!dtype.isFloat()) {
        if (form.isCopy() && form.terms().getFirst().operand() instanceof Operand.Source) {
          return new TensorFormula.Verbatim(source);
        }
        throw new ProblemException(
            new MergeProblem.CannotCompute(key, catalogs.get(source).name(), dtype.tag()));
      }
    }
    return new TensorFormula.Blend(form);
  }

  private void checkShapes(String key, Place place, Map<Integer, Shape> shapes) {
    Set<Shape> different = new LinkedHashSet<>(shapes.values());
    if (different.size() <= 1) {
      return;
    }
    Shape first = different.iterator().next();
    if (different.stream().allMatch(first::sameButForTrailingOnes)) {
      cases.count(Kind.SHAPE_SPELLING, place.part(), List.of());
      return;
    }
    List<String> described =
        shapes.entrySet().stream()
            .map(entry -> catalogs.get(entry.getKey()).name() + " " + entry.getValue())
            .toList();
    throw new ProblemException(new MergeProblem.ShapesDiffer(key, described));
  }

  private FoldedTensor tensor(String key, Place place, int holder, TensorFormula formula) {
    TensorInfo info = info(holder, key);
    return new FoldedTensor(key, info.shape(), info.dtype(), place, classNumber(formula), formula);
  }

  private int classNumber(TensorFormula formula) {
    return classNumbers.computeIfAbsent(formula, _ -> classNumbers.size());
  }

  private TensorInfo info(int source, String key) {
    TensorInfo info = catalogs.get(source).tensors().get(key);
    if (info == null) {
      throw new IllegalStateException(catalogs.get(source).name() + " lacks " + key);
    }
    return info;
  }

  private int holder(String key, Place place, BitSet holders) {
    SiteKey siteKey = siteKey(key, place);
    ClassKey classKey = new ClassKey(siteKey, holders);
    Integer known = this.holders.get(classKey);
    if (known == null) {
      known = ClassFolding.firstHolder(graph, root, order, arithmetic, site(siteKey, key), holders);
      this.holders.put(new ClassKey(siteKey, (BitSet) holders.clone()), known);
    }
    return known;
  }

  private ClassFolding.Result folded(String key, Place place, BitSet present) {
    SiteKey siteKey = siteKey(key, place);
    ClassKey classKey = new ClassKey(siteKey, present);
    ClassFolding.Result known = classes.get(classKey);
    if (known == null) {
      known = ClassFolding.fold(graph, root, order, arithmetic, site(siteKey, key), present);
      classes.put(classKey, known);
    }
    return known;
  }

  /**
   * Where all weights are plain numbers every tensor has the same ones: one site stands for all.
   */
  private SiteKey siteKey(String key, Place place) {
    if (same) {
      return ANYWHERE;
    }
    Set<String> matches = new TreeSet<>();
    for (String element : elements) {
      if (key.contains(element)) {
        matches.add(element);
      }
    }
    return new SiteKey(place, matches);
  }

  private SiteWeights<BigDecimal> site(SiteKey siteKey, String key) {
    if (order.length > MANY_NODES && !sites.containsKey(siteKey)) {
      sites.clear(); // each holds a number for every node
    }
    return sites.computeIfAbsent(
        siteKey,
        _ ->
            new SiteWeights<>(
                graph, order, arithmetic, new Site(architecture, siteKey.place(), key)));
  }
}
