package bmr.interchange;

import bmr.source.Span;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the JSON of a model's metadata in a text, with words or marks of code around it. */
final class PastedJson {
  private static final int MOST_LINES = 2000;
  private static final int LONGEST = 500_000;

  private PastedJson() {}

  /** An object and the first line behind it. */
  private record Found(JsonObject object, int end) {}

  /** Whether an object with a recipe begins in this line. */
  static boolean begins(List<Line> lines, int at) {
    return lines.get(at).stripped().startsWith("{")
        && find(lines, at).filter(found -> MetadataReader.holds(found.object())).isPresent();
  }

  /** Adds its recipe to the draft; the index of the first line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Found found = find(lines, at).orElseThrow();
    Span place = lines.get(at).span().to(lines.get(found.end() - 1).span());
    var metadata = new TreeMap<String, String>();
    JsonObject object = found.object();
    if (MetadataReader.isRecipe(object)) {
      metadata.put("sd_merge_recipe", object.toString());
    } else {
      JsonObject inside = JsonText.object(object, "__metadata__").orElse(object);
      for (String key : List.of("sd_merge_recipe", "sd_merge_models")) {
        JsonText.object(inside, key).ifPresent(value -> metadata.put(key, value.toString()));
      }
    }
    MetadataReader.read(metadata, place, draft);
    return found.end();
  }

  /** The object that begins in a line and ends at the end of one. */
  private static Optional<Found> find(List<Line> lines, int at) {
    int open = 0;
    boolean quoted = false;
    var text = new StringBuilder();
    for (int next = at; next < Math.min(lines.size(), at + MOST_LINES); next++) {
      String line = lines.get(next).text();
      if (text.length() + line.length() > LONGEST) {
        return Optional.empty();
      }
      text.append(line).append('\n');
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = !quoted;
        } else if (!quoted) {
          open += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
      }
      if (open == 0) {
        int end = next + 1;
        return JsonText.object(text.toString()).map(object -> new Found(object, end));
      }
    }
    return Optional.empty();
  }
}
