package bmr.report;

import bmr.graph.Meaning;
import bmr.graph.Meaning.Call;
import bmr.graph.Meaning.Definition;
import bmr.graph.Meaning.Element;
import bmr.graph.Meaning.Terms;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** The meaning of a recipe for other programs; the shape is in docs/plan-json.md. */
public final class MeaningJson {
  private MeaningJson() {}

  /**
   * The text.
   *
   * @param saved names of definitions that are written
   * @param files whether all files are there
   * @param plan a plan as JSON, where all files are there
   */
  public static String of(
      String version,
      String recipe,
      Meaning meaning,
      boolean files,
      Set<String> saved,
      Optional<String> plan) {
    return Json.text(json -> {
      json.beginObject();
      json.name("bmr").value(version);
      json.name("recipe").value(recipe);
      json.name("architecture").value(meaning.architecture().name());
      json.name("files").value(files ? "known" : "unknown");
      json.name("definitions").beginArray();
      for (Definition definition : meaning.definitions()) {
        definition(json, definition, saved.contains(definition.name()));
      }
      json.endArray();
      if (plan.isPresent()) {
        json.name("plan").jsonValue(plan.get().replace("\n", "\n  "));
      }
      json.endObject();
    });
  }

  private static void definition(JsonWriter json, Definition definition, boolean saved)
      throws IOException {
    json.beginObject();
    json.name("name").value(definition.name());
    json.name("kind").value(definition.kind().name().toLowerCase(Locale.ROOT));
    json.name("saved").value(saved);
    json.name("blocks");
    blocks(json, definition.blocks());
    if (!definition.calls().isEmpty()) {
      json.name("calls").beginArray();
      for (Call call : definition.calls()) {
        call(json, call);
      }
      json.endArray();
    }
    json.name("elements").beginArray();
    for (Element element : definition.elements()) {
      json.beginObject();
      json.name("block").value(element.place());
      json.name("having").beginArray();
      for (String piece : element.having()) {
        json.value(piece);
      }
      json.endArray();
      json.name("tensors").value(element.tensors());
      json.name("coefficients");
      numbers(json, element.terms().coefficients());
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  private static void call(JsonWriter json, Call call) throws IOException {
    json.beginObject();
    json.name("label").value(call.label());
    json.name("call").value(call.method());
    json.name("operands").beginArray();
    for (SequencedMap<String, Terms> operand : call.operands()) {
      blocks(json, operand);
    }
    json.endArray();
    json.name("parameters").beginObject();
    for (var parameter : call.parameters().entrySet()) {
      json.name(parameter.getKey());
      numbers(json, parameter.getValue());
    }
    json.endObject();
    json.endObject();
  }

  private static void blocks(JsonWriter json, SequencedMap<String, Terms> blocks)
      throws IOException {
    json.beginObject();
    for (var block : blocks.entrySet()) {
      json.name(block.getKey());
      numbers(json, block.getValue().coefficients());
    }
    json.endObject();
  }

  private static void numbers(JsonWriter json, SequencedMap<String, BigDecimal> numbers)
      throws IOException {
    json.beginObject();
    for (var number : numbers.entrySet()) {
      json.name(number.getKey()).jsonValue(number.getValue().toPlainString());
    }
    json.endObject();
  }
}
