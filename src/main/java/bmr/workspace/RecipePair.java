package bmr.workspace;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RequestProblem;
import bmr.engine.OutputType;
import bmr.graph.ComparedModel;
import bmr.graph.ModelGraph;
import bmr.graph.RecipeComparison;
import bmr.graph.RecipeComparison.Found;
import bmr.graph.RecipeComparison.Pair;
import bmr.graph.RecipeComparison.Side;
import bmr.graph.RecipeDifference;
import bmr.graph.RecipeDifference.ModelDifference;
import bmr.graph.RecipeDifference.OnlyIn;
import bmr.graph.RecipeDifference.Setting;
import bmr.model.Architecture;
import bmr.model.Component;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Recipe.SourceModel;
import bmr.recipe.Recipe.VaeChoice;
import bmr.tensor.DType;
import bmr.workspace.Workspace.Output;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** Two recipes that are compared: which of their models belong together, and how they differ. */
public final class RecipePair {
  private final Workspace left;
  private final Workspace right;
  private final Map<String, String> names;
  private final ModelGraph oldGraph;
  private final ModelGraph newGraph;

  /**
   * Two recipes without errors, for one architecture.
   *
   * @param names names of the left recipe, each with what it is called in the right one: of
   *     outputs, other definitions, or source models
   */
  public RecipePair(Workspace left, Workspace right, Map<String, String> names) {
    this.left = left;
    this.right = right;
    this.names = Map.copyOf(names);
    this.oldGraph = ModelGraph.of(left.recipe());
    this.newGraph = ModelGraph.of(right.recipe());
  }

  /**
   * The differences.
   *
   * @param all whether other definitions that both recipes have are compared as well
   * @param keys keys of the architecture's tensors
   * @param tolerance numbers that are no farther apart are the same
   * @throws ProblemException if neither recipe defines a model
   */
  public RecipeDifference difference(boolean all, Iterable<String> keys, BigDecimal tolerance) {
    SequencedMap<String, ComparedModel> old = outputs(left, oldGraph);
    SequencedMap<String, ComparedModel> now = outputs(right, newGraph);
    if (old.isEmpty() && now.isEmpty()) {
      throw new ProblemException(new RequestProblem.NothingToSave());
    }
    List<Pair> pairs = new ArrayList<>();
    SequencedMap<String, ComparedModel> onlyOld = new LinkedHashMap<>(old);
    SequencedMap<String, ComparedModel> onlyNew = new LinkedHashMap<>(now);
    names.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(name -> byHand(name.getKey(), name.getValue(), pairs, onlyOld, onlyNew));
    old.forEach((name, model) -> {
      ComparedModel same = onlyNew.get(name);
      if (onlyOld.containsKey(name) && same != null) {
        pairs.add(new Pair(model, same));
        onlyOld.remove(name);
        onlyNew.remove(name);
      }
    });
    if (old.size() == 1 && now.size() == 1 && onlyOld.size() == 1 && onlyNew.size() == 1) {
      pairs.add(new Pair(onlyOld.pollFirstEntry().getValue(), onlyNew.pollFirstEntry().getValue()));
    }
    Set<String> oldRest = otherDefinitions(left.recipe(), pairs.stream().map(Pair::left).toList());
    Set<String> newRest =
        otherDefinitions(right.recipe(), pairs.stream().map(Pair::right).toList());
    onlyOld.values().forEach(model -> oldRest.remove(model.name()));
    onlyNew.values().forEach(model -> newRest.remove(model.name()));
    for (String name : List.copyOf(oldRest)) {
      if (newRest.contains(name)) {
        if (all) {
          pairs.add(
              new Pair(
                  definition(left.recipe(), oldGraph, name),
                  definition(right.recipe(), newGraph, name)));
        }
        oldRest.remove(name);
        newRest.remove(name);
      }
    }
    Architecture architecture = right.architecture();
    Found found =
        RecipeComparison.compare(
            new Side(left.recipe(), oldGraph, name -> names.getOrDefault(name, name)),
            new Side(right.recipe(), newGraph, name -> name),
            architecture,
            keys,
            pairs,
            tolerance);
    return new RecipeDifference(
        architecture,
        found.groups(),
        settings(found.models(), keys.iterator().hasNext()),
        found.models(),
        new OnlyIn(names(onlyOld), names(onlyNew)),
        new OnlyIn(List.copyOf(oldRest), List.copyOf(newRest)),
        found.calls());
  }

  private static List<String> names(SequencedMap<String, ComparedModel> models) {
    return models.values().stream().map(ComparedModel::name).toList();
  }

  /** Outputs by name, a name that is saved more than once with a number behind it. */
  private static SequencedMap<String, ComparedModel> outputs(
      Workspace workspace, ModelGraph graph) {
    SequencedMap<String, ComparedModel> outputs = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Output output : workspace.outputsOrEnds()) {
      int count = counts.merge(output.name(), 1, Integer::sum);
      String key = count == 1 ? output.name() : output.name() + " " + count + "\0";
      outputs.put(
          key,
          model(
              workspace.recipe(),
              graph,
              index(workspace.recipe(), output.name()).orElseThrow(),
              true,
              output.request()));
    }
    return outputs;
  }

  private void byHand(
      String oldName,
      String newName,
      List<Pair> pairs,
      SequencedMap<String, ComparedModel> onlyOld,
      SequencedMap<String, ComparedModel> onlyNew) {
    if (index(left.recipe(), oldName).isEmpty() || index(right.recipe(), newName).isEmpty()) {
      return;
    }
    ComparedModel old = onlyOld.remove(oldName);
    ComparedModel now = onlyNew.remove(newName);
    pairs.add(
        new Pair(
            old == null ? definition(left.recipe(), oldGraph, oldName) : old,
            now == null ? definition(right.recipe(), newGraph, newName) : now));
  }

  /** Whether the recipes have two such names, both of definitions or both of source models. */
  public boolean has(String oldName, String newName) {
    return (index(left.recipe(), oldName).isPresent() && index(right.recipe(), newName).isPresent())
        || (hasSource(left.recipe(), oldName) && hasSource(right.recipe(), newName));
  }

  private static boolean hasSource(Recipe recipe, String name) {
    return recipe.sources().stream().anyMatch(source -> source.name().equals(name));
  }

  private static OptionalInt index(Recipe recipe, String name) {
    for (int i = 0; i < recipe.models().size(); i++) {
      if (recipe.models().get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static Set<String> otherDefinitions(Recipe recipe, List<ComparedModel> paired) {
    Set<String> names =
        recipe.models().stream()
            .map(NamedModel::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    paired.forEach(model -> names.remove(model.name()));
    return names;
  }

  private ComparedModel definition(Recipe recipe, ModelGraph graph, String name) {
    return model(recipe, graph, index(recipe, name).orElseThrow(), false, Optional.empty());
  }

  private static ComparedModel model(
      Recipe recipe, ModelGraph graph, int index, boolean output, Optional<SaveRequest> save) {
    VaeChoice vae = save.map(SaveRequest::vae).orElse(new VaeChoice.FromFormula());
    OptionalInt vaeNode =
        switch (vae) {
          case VaeChoice.FromSource(int source) -> OptionalInt.of(graph.source(source));
          case VaeChoice.FromModel(int model) -> OptionalInt.of(graph.model(model));
          case VaeChoice.FromFormula _, VaeChoice.None _ -> OptionalInt.empty();
        };
    return new ComparedModel(
        recipe.models().get(index).name(),
        output,
        graph.model(index),
        vaeNode,
        !(vae instanceof VaeChoice.None),
        save.map(SaveRequest::unetOnly).orElse(false),
        type(save));
  }

  /** SD 3 and Flux take the standard type from files that need not be there: both the same. */
  private static String type(Optional<SaveRequest> save) {
    OutputType type = save.flatMap(OutputTypes::requested).orElse(OutputType.of(DType.F16));
    String all =
        switch (type) {
          case OutputType.AsSource _ -> "as source";
          case OutputType.Uniform(var dtype, var own) -> dtype.tag();
        };
    StringBuilder text = new StringBuilder(all);
    for (Component component : Component.values()) {
      DType own = type.own().get(component);
      if (own != null && !own.tag().equals(all)) {
        text.append(", ").append(component.label()).append(' ').append(own.tag());
      }
    }
    return text.toString();
  }

  private List<Setting> settings(List<ModelDifference> models, boolean keysKnown) {
    List<Setting> settings = new ArrayList<>();
    String old = precision(left.recipe());
    String now = precision(right.recipe());
    if (!old.equals(now)) {
      settings.add(new Setting("precision", old, now));
    }
    // with keys its effect is in the coefficients
    String oldMap = left.recipe().blockMap().name();
    String newMap = right.recipe().blockMap().name();
    boolean differ = models.stream().anyMatch(model -> !model.same());
    if (!oldMap.equals(newMap) && (differ || !keysKnown)) {
      settings.add(new Setting("block map", oldMap, newMap));
    }
    for (SourceModel source : left.recipe().sources()) {
      String other = names.getOrDefault(source.name(), source.name());
      right.recipe().sources().stream()
          .filter(candidate -> candidate.name().equals(other))
          .findFirst()
          .flatMap(candidate -> pins(source, candidate))
          .ifPresent(settings::add);
    }
    return settings;
  }

  private static String precision(Recipe recipe) {
    return recipe
        .stepwise()
        .map(dtype -> "stepwise " + dtype.tag().toLowerCase(Locale.ROOT))
        .orElse("one rounding");
  }

  /** Hashes of one kind that are not the same mean another file under the same name. */
  private static Optional<Setting> pins(SourceModel old, SourceModel now) {
    for (Recipe.Pin left : old.pins()) {
      for (Recipe.Pin right : now.pins()) {
        boolean comparable = (left.hash().length() == 8) == (right.hash().length() == 8);
        boolean same = left.hash().startsWith(right.hash()) || right.hash().startsWith(left.hash());
        if (comparable && !same) {
          return Optional.of(new Setting("hash of " + now.name(), left.hash(), right.hash()));
        }
      }
    }
    return Optional.empty();
  }
}
