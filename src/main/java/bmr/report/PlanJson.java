package bmr.report;

import bmr.engine.Plan;
import bmr.engine.Plan.PlanClass;
import bmr.graph.FormulaText;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/** A plan for other programs: {@code bmr plan --json}. The shape is a promise. */
public final class PlanJson {
  private PlanJson() {}

  public static String of(Plan plan) {
    return Json.text(json -> {
      json.beginObject();
      json.name("target").value(plan.model().name());
      json.name("classes").beginArray();
      for (PlanClass planClass : plan.classes()) {
        json.beginObject();
        json.name("blocks").beginArray();
        for (Block block : planClass.blocks()) {
          json.value(block.label());
        }
        json.endArray();
        json.name("tensors").value(planClass.tensors());
        json.name("elements").value(planClass.elements());
        json.name("operation").value(operation(planClass.operation()));
        json.name("terms").beginArray();
        switch (planClass.formula()) {
          case TensorFormula.Blend blend -> terms(json, blend.form(), plan.model().sources());
          case TensorFormula.Channels channels ->
              terms(json, channels.common(), plan.model().sources());
          case TensorFormula.Verbatim verbatim ->
              term(json, plan.model().sources().get(verbatim.source()), BigDecimal.ONE);
          case TensorFormula.PositionIds _ -> {}
        }
        json.endArray();
        json.endObject();
      }
      json.endArray();
      json.name("readBytes").value(plan.readBytes());
      json.name("writeBytes").value(plan.writeBytes());
      json.name("peakMemoryBytes").value(plan.peakMemory());
      json.endObject();
    });
  }

  private static String operation(Plan.Operation operation) {
    return switch (operation) {
      case COPY -> "copy";
      case COMBINE -> "combine";
      case METHOD -> "method";
    };
  }

  private static void terms(
      com.google.gson.stream.JsonWriter json, LinearForm form, List<String> sources)
      throws IOException {
    for (LinearForm.Term term : form.terms()) {
      String source =
          switch (term.operand()) {
            case Operand.Source operand -> sources.get(operand.index());
            case Operand.Application _, Operand.Rounded _ -> {
              var alone = new LinearForm.Term(term.operand(), BigDecimal.ONE);
              yield FormulaText.of(new LinearForm(List.of(alone)), sources);
            }
          };
      term(json, source, term.coefficient());
    }
  }

  private static void term(
      com.google.gson.stream.JsonWriter json, String source, BigDecimal coefficient)
      throws IOException {
    json.beginObject();
    json.name("source").value(source);
    // a plain decimal: 1E-7 is JSON too, but not what recipes say
    json.name("coefficient").jsonValue(coefficient.stripTrailingZeros().toPlainString());
    json.endObject();
  }
}
