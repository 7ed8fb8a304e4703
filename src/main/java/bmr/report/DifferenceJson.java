package bmr.report;

import bmr.graph.RecipeDifference;
import bmr.graph.RecipeDifference.Call;
import bmr.graph.RecipeDifference.CallDifference;
import bmr.graph.RecipeDifference.Change;
import bmr.graph.RecipeDifference.ModelDifference;
import bmr.graph.RecipeDifference.OnlyIn;
import bmr.graph.RecipeDifference.Setting;
import bmr.graph.TensorGroup;
import bmr.model.Block;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.SequencedMap;

/** How two recipes differ, for other programs; the shape is in docs/diff-json.md. */
public final class DifferenceJson {
  private final JsonWriter json;
  private final RecipeDifference difference;
  private final TensorPlaces places;

  private DifferenceJson(JsonWriter json, RecipeDifference difference) {
    this.json = json;
    this.difference = difference;
    this.places = new TensorPlaces(difference.groups());
  }

  /** The text. */
  public static String of(
      String version, String oldRecipe, String newRecipe, RecipeDifference difference) {
    return Json.text(
        json -> new DifferenceJson(json, difference).write(version, oldRecipe, newRecipe));
  }

  private void write(String version, String oldRecipe, String newRecipe) throws IOException {
    json.beginObject();
    json.name("bmr").value(version);
    json.name("old").value(oldRecipe);
    json.name("new").value(newRecipe);
    json.name("architecture").value(difference.architecture().name());
    json.name("same").value(difference.same());
    settings(difference.settings());
    json.name("models").beginArray();
    for (ModelDifference model : difference.models()) {
      model(model);
    }
    json.endArray();
    json.name("calls").beginArray();
    for (var call : difference.calls().entrySet()) {
      call(call.getKey(), call.getValue());
    }
    json.endArray();
    json.name("outputs");
    onlyIn(difference.outputs());
    json.name("definitions");
    onlyIn(difference.definitions());
    json.endObject();
  }

  private void settings(List<Setting> settings) throws IOException {
    json.name("settings").beginArray();
    for (Setting setting : settings) {
      json.beginObject();
      json.name("name").value(setting.name());
      json.name("old").value(setting.left());
      json.name("new").value(setting.right());
      json.endObject();
    }
    json.endArray();
  }

  private void model(ModelDifference model) throws IOException {
    json.beginObject();
    json.name("old").value(model.left());
    json.name("new").value(model.right());
    json.name("output").value(model.output());
    json.name("same").value(model.same());
    settings(model.settings());
    names("gone", model.gone());
    names("added", model.added());
    json.name("changes");
    changes(model.changes(), "source");
    json.name("calls").beginArray();
    for (CallDifference call : model.calls()) {
      json.beginObject();
      json.name("label").value(call.label());
      json.name("parameters");
      changes(call.parameters(), "parameter");
      json.name("operands").beginArray();
      for (List<Change> operand : call.operands()) {
        changes(operand, "source");
      }
      json.endArray();
      json.endObject();
    }
    json.endArray();
    json.name("otherSteps").value(model.steps());
    json.endObject();
  }

  private void changes(List<Change> changes, String what) throws IOException {
    json.beginArray();
    for (Change change : changes) {
      json.beginObject();
      json.name(what).value(change.name());
      number("old", change.left());
      number("new", change.right());
      where(change.groups());
      json.endObject();
    }
    json.endArray();
  }

  private void where(List<TensorGroup> groups) throws IOException {
    json.name("blocks").beginArray();
    for (Block block : places.whole(groups)) {
      json.value(block.label());
    }
    json.endArray();
    json.name("parts").beginArray();
    for (TensorGroup group : places.rest(groups)) {
      json.beginObject();
      json.name("block").value(group.block().label());
      json.name("part").value(TensorPlaces.name(group.part()));
      names("having", group.having());
      json.name("tensors").value(group.tensors());
      json.endObject();
    }
    json.endArray();
  }

  private void call(String label, Call call) throws IOException {
    json.beginObject();
    json.name("label").value(label);
    json.name("call").value(call.method());
    json.name("forms").beginArray();
    for (var form : CallForms.of(call, difference.groups()).entrySet()) {
      json.beginObject();
      json.name("operands").beginArray();
      for (SequencedMap<String, BigDecimal> operand : form.getKey().operands()) {
        json.beginObject();
        for (var term : operand.entrySet()) {
          number(term.getKey(), term.getValue());
        }
        json.endObject();
      }
      json.endArray();
      json.name("parameters").beginObject();
      for (int i = 0; i < call.parameterNames().size(); i++) {
        number(call.parameterNames().get(i), form.getKey().parameters().get(i));
      }
      json.endObject();
      where(form.getValue());
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }

  private void onlyIn(OnlyIn names) throws IOException {
    json.beginObject();
    names("onlyOld", names.left());
    names("onlyNew", names.right());
    json.endObject();
  }

  private void names(String name, List<String> names) throws IOException {
    json.name(name).beginArray();
    for (String one : names) {
      json.value(one);
    }
    json.endArray();
  }

  private void number(String name, BigDecimal value) throws IOException {
    json.name(name).jsonValue(value.toPlainString());
  }
}
