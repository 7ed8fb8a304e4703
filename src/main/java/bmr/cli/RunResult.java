package bmr.cli;

import bmr.engine.Plan;
import bmr.engine.RunReport;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.report.CaseText;
import bmr.report.Json;
import bmr.report.PlanText;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run did for one model.
 *
 * @param report empty where the file was up to date
 */
record RunResult(String name, Path path, Plan plan, Optional<RunReport> report) {
  static RunResult made(String name, Plan plan, RunReport report) {
    return new RunResult(name, report.target(), plan, Optional.of(report));
  }

  static RunResult upToDate(String name, Path path, Plan plan) {
    return new RunResult(name, path, plan, Optional.empty());
  }

  void print(Terminal terminal) {
    if (report.isEmpty()) {
      terminal.print(path + " is up to date (`--force` makes it again)");
      return;
    }
    RunReport done = report.get();
    terminal.print(
        terminal.paint(Style.HEADING, String.valueOf(path))
            + ": "
            + Quantities.bytes(done.writtenBytes())
            + ", "
            + PlanText.types(plan));
    terminal.print(
        "read "
            + Quantities.bytes(done.readBytes())
            + ", wrote "
            + Quantities.bytes(done.writtenBytes())
            + " in "
            + Quantities.time(done.time()));
    CaseText.lines(plan.model().cases(), terminal.width()).forEach(terminal::print);
    if (done.nonFinite() > 0) {
      terminal.print(
          terminal.paint(Style.WARNING, Quantities.count(done.nonFinite(), "value"))
              + " NaN or infinite, written as `--allow-nan` says");
    }
  }

  /** All results of a run. */
  static String json(List<RunResult> results) {
    return Json.text(json -> {
      json.beginObject();
      json.name("outputs").beginArray();
      for (RunResult result : results) {
        json.beginObject();
        json.name("name").value(result.name);
        json.name("path").value(result.path.toString());
        json.name("status").value(result.report.isPresent() ? "written" : "up to date");
        json.name("types").value(PlanText.types(result.plan));
        if (result.report.isPresent()) {
          RunReport report = result.report.get();
          json.name("bytes").value(report.writtenBytes());
          json.name("readBytes").value(report.readBytes());
          json.name("nonFinite").value(report.nonFinite());
          json.name("seconds").value(report.time().toMillis() / 1000.0);
        }
        json.name("cases").beginArray();
        for (SpecialCase special : result.plan.model().cases()) {
          json.beginObject();
          json.name("kind").value(special.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
          json.name("part").value(special.part().label());
          json.name("tensors").value(special.tensors());
          json.name("sources").beginArray();
          for (String source : special.sources()) {
            json.value(source);
          }
          json.endArray();
          json.endObject();
        }
        json.endArray();
        json.endObject();
      }
      json.endArray();
      json.endObject();
    });
  }
}
