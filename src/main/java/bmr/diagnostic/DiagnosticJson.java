package bmr.diagnostic;

import bmr.source.LineMap;
import bmr.source.Span;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Problems as JSON, for tools. */
public final class DiagnosticJson {
  private DiagnosticJson() {}

  /**
   * An array of objects with {@code code}, {@code severity}, {@code message}, {@code hint} where
   * there is one, and for those with a place {@code file}, {@code line}, {@code column}, {@code
   * endLine}, {@code endColumn}: counted from 1, in code points, the end exclusive.
   */
  public static String write(List<Diagnostic> diagnostics) {
    var out = new StringWriter();
    try (var json = new JsonWriter(out)) {
      json.setIndent("  ");
      json.beginArray();
      for (var diagnostic : diagnostics) {
        write(json, diagnostic);
      }
      json.endArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void write(JsonWriter json, Diagnostic diagnostic) throws IOException {
    Problem problem = diagnostic.problem();
    json.beginObject();
    json.name("code").value(problem.code());
    json.name("severity")
        .value(
            switch (problem.severity()) {
              case ERROR -> "error";
              case WARNING -> "warning";
              case NOTE -> "note";
            });
    json.name("message").value(problem.message());
    if (problem.hint().isPresent()) {
      json.name("hint").value(problem.hint().get());
    }
    if (diagnostic.place().isPresent()) {
      Span place = diagnostic.place().get();
      LineMap.Position start = place.source().lines().position(place.start());
      LineMap.Position end = place.source().lines().position(place.end());
      json.name("file").value(place.source().name());
      json.name("line").value(start.line());
      json.name("column").value(start.column());
      json.name("endLine").value(end.line());
      json.name("endColumn").value(end.column());
    }
    json.endObject();
  }
}
