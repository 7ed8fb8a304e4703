package bmr.interchange;

import bmr.source.SourceText;
import bmr.source.Span;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a model file's metadata tells of its making: bmr's own recipe, or the {@code
 * sd_merge_recipe} that the web UI and its merge extensions write, with the recipes of the models
 * that went in.
 */
final class MetadataReader {
  private static final String OWN = "bmr.recipe";
  private static final String RECIPE = "sd_merge_recipe";
  private static final String MODELS = "sd_merge_models";
  private static final int MOST_MODELS = 200;

  private final Span place;
  private final ScriptDraft draft;
  private final Map<String, String> names = new LinkedHashMap<>();

  private MetadataReader(Span place, ScriptDraft draft) {
    this.place = place;
    this.draft = draft;
  }

  /** Whether the metadata holds a recipe. */
  static boolean recognises(Map<String, String> metadata) {
    return metadata.containsKey(OWN) || JsonText.object(metadata.get(RECIPE)).isPresent();
  }

  /** Whether a pasted object holds a recipe, or is one. */
  static boolean holds(JsonObject object) {
    return isRecipe(object)
        || JsonText.object(JsonText.object(object, "__metadata__").orElse(object), RECIPE)
            .isPresent();
  }

  /** Whether an object is a recipe itself. */
  static boolean isRecipe(JsonObject object) {
    return !object.has(RECIPE)
        && object.has("type")
        && (object.has("model_a") || object.has("primary_model_hash"));
  }

  /** Adds what the metadata says to the draft; problems are placed at the given span. */
  static void read(SortedMap<String, String> metadata, Span place, ScriptDraft draft) {
    String own = metadata.get(OWN);
    if (own != null) {
      draft.verbatim(own);
      return;
    }
    draft.heading("from the metadata of a model");
    Optional<JsonObject> recipe = JsonText.object(metadata.get(RECIPE));
    if (recipe.isEmpty()) {
      draft.notUnderstood(new Line(RECIPE, place), "the recipe is no JSON");
      return;
    }
    JsonObject models = JsonText.object(metadata.get(MODELS)).orElse(new JsonObject());
    new MetadataReader(place, draft).all(recipe.get(), models);
  }

  private void all(JsonObject recipe, JsonObject models) {
    Map<String, JsonObject> open = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : models.entrySet()) {
      if (names.size() < MOST_MODELS && entry.getValue() instanceof JsonObject model) {
        String name = JsonText.text(model, "name");
        names.put(entry.getKey(), name);
        if (entry.getKey().matches("[0-9a-f]{64}") && !name.isEmpty()) {
          draft.hash(Cell.of(name).name(), entry.getKey());
        }
        JsonText.object(model, RECIPE).ifPresent(made -> open.put(entry.getKey(), made));
      }
    }
    // models before those that are made of them; what a circle leaves is taken for files
    boolean progress = true;
    while (progress) {
      progress = false;
      for (String hash : List.copyOf(open.keySet())) {
        JsonObject made = open.get(hash);
        if (made != null && inputs(made).stream().noneMatch(open::containsKey)) {
          open.remove(hash);
          step(made, names.getOrDefault(hash, hash));
          progress = true;
        }
      }
    }
    String name = JsonText.text(recipe, "custom_name", "output_name");
    step(recipe, name.isEmpty() ? draft.freshName("result") : name);
  }

  private static List<String> inputs(JsonObject recipe) {
    return List.of(
        JsonText.text(recipe, "model_a", "primary_model_hash"),
        JsonText.text(recipe, "model_b", "secondary_model_hash"),
        JsonText.text(recipe, "model_c", "tertiary_model_hash"));
  }

  private void step(JsonObject recipe, String name) {
    String type = JsonText.text(recipe, "type");
    if (!type.isEmpty()) {
      draft.comment("made with " + type);
    }
    String formula = JsonText.text(recipe, "recipe", "formula");
    List<String> inputs = inputs(recipe);
    if (!formula.isEmpty() && (inputs.getFirst().isEmpty() || type.endsWith("model-mixer"))) {
      if (type.endsWith("model-mixer")) {
        ModelMixerLine.add(formula, new Line(formula, place), name, draft);
        return;
      }
      String line = name + " = " + formula;
      if (DocumentReader.read(Line.of(SourceText.of(RECIPE, line)), draft) == 0) {
        draft.notUnderstood(new Line(line, place), "this formula is not understood");
      }
      return;
    }
    String mode = JsonText.text(recipe, "mode", "interp_method", "merge_method");
    if (mode.equals("No interpolation") && !inputs.getFirst().isEmpty()) {
      draft.comment("only converted: " + model(inputs.getFirst()));
      mode = "Weight sum";
      inputs = List.of(inputs.getFirst(), inputs.getFirst(), "");
    }
    var merge =
        new WebMerge(
            mode,
            model(inputs.get(0)),
            model(inputs.get(1)),
            model(inputs.get(2)),
            ratio(recipe, "alpha"),
            ratio(recipe, "beta"),
            JsonText.text(recipe, "calcmode", "calc_mode"),
            extras(recipe));
    merge.add(name, new Line(recipe.toString(), place), draft);
  }

  /** The name of a model with the beginning of its hash behind it. */
  private String model(String hash) {
    String name = names.getOrDefault(hash, "");
    if (!hash.matches("[0-9a-f]{10,64}")) {
      return name.isEmpty() ? hash : name;
    }
    String stem =
        name.isEmpty() ? hash.substring(0, 10) : name.replaceFirst("\\s*\\[[0-9a-f]{8,12}\\]$", "");
    return hash.length() == 10 || hash.length() == 64 ? stem + " [" + hash + "]" : stem;
  }

  private static Optional<Ratio> ratio(JsonObject recipe, String name) {
    Optional<BigDecimal> number =
        Decimals.number(
            JsonText.text(
                recipe, "base_" + name, name, name.equals("alpha") ? "multiplier" : name));
    String blocks = list(recipe.get("weights_" + name));
    boolean byBlocks =
        recipe.has("mbw") ? JsonText.text(recipe, "mbw").equals("true") : !blocks.isEmpty();
    if (byBlocks) {
      return WebMerge.blocks(blocks, number);
    }
    String info = JsonText.text(recipe, name + "_info");
    return number.isPresent() || info.isEmpty()
        ? number.map(Ratio.Number::new)
        : Decimals.number(info.replaceAll("\\s*,\\s*$", ""))
            .<Ratio>map(Ratio.Number::new)
            .or(() -> WebMerge.blocks(info, Optional.empty()));
  }

  private static String list(@Nullable JsonElement element) {
    if (element instanceof JsonPrimitive primitive) {
      return primitive.getAsString();
    }
    List<String> values = new ArrayList<>();
    if (element instanceof JsonArray array) {
      array.forEach(value -> values.add(value instanceof JsonPrimitive p ? p.getAsString() : "?"));
    }
    return String.join(",", values);
  }

  private static List<String> extras(JsonObject recipe) {
    List<String> extras = new ArrayList<>();
    for (String key :
        List.of("bake_in_vae", "elemental_merge", "discard_weights", "fine", "lora")) {
      if (!JsonText.text(recipe, key).matches("(?i)|none|false|off")) {
        extras.add(key);
      }
    }
    for (String key : List.of("Include", "Exclude")) {
      if (!list(recipe.get(key)).isBlank()) {
        extras.add(key);
      }
    }
    return extras;
  }
}
