package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What other programs wrote about a model beside it: {@code x.civitai.info} (Civitai Helper),
 * {@code x.metadata.json} (LoRA Manager) and {@code x.cm-info.json} (Stability Matrix), all of
 * which hold what Civitai's interface answers. Nothing in them is trusted; one that is not as it
 * should be says nothing.
 *
 * @param hashes SHA-256 hashes of the files that are meant, in lower case
 * @param licence in a few words, where anything is said about it
 */
record Sidecar(List<String> hashes, Optional<String> licence) {
  private static final List<String> ENDINGS =
      List.of(".civitai.info", ".metadata.json", ".cm-info.json");
  private static final int MOST_BYTES = 1 << 22;
  private static final int NESTING = 32;
  private static final int MOST_HASHES = 100;
  private static final int LONGEST = 200;
  private static final Sidecar NOTHING = new Sidecar(List.of(), Optional.empty());

  Sidecar {
    hashes = List.copyOf(hashes);
  }

  /** What stands beside a model. */
  static Sidecar of(Path model) {
    String stem = ModelExtension.stem(model);
    for (String ending : ENDINGS) {
      Path file = model.resolveSibling(stem + ending);
      if (Files.isRegularFile(file)) {
        Sidecar read = read(file);
        if (!read.equals(NOTHING)) {
          return read;
        }
      }
    }
    return NOTHING;
  }

  private static Sidecar read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > MOST_BYTES) {
        return NOTHING;
      }
      var json = new JsonReader(new InputStreamReader(in, UTF_8));
      json.setStrictness(Strictness.STRICT);
      json.setNestingLimit(NESTING);
      var reading = new Reading(json);
      reading.value("");
      return new Sidecar(List.copyOf(reading.hashes), reading.licence());
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      return NOTHING;
    }
  }

  /** Walks a document and keeps what has a known name, wherever it stands. */
  private static final class Reading {
    private final JsonReader json;
    private final TreeSet<String> hashes = new TreeSet<>();
    private final Map<String, String> permissions = new TreeMap<>();
    private @Nullable String licence;

    Reading(JsonReader json) {
      this.json = json;
    }

    /** One value; the nesting limit of the reader bounds the recursion. */
    void value(String name) throws IOException {
      switch (json.peek()) {
        case BEGIN_OBJECT -> {
          json.beginObject();
          while (json.hasNext()) {
            value(json.nextName().toLowerCase(Locale.ROOT));
          }
          json.endObject();
        }
        case BEGIN_ARRAY -> {
          json.beginArray();
          while (json.hasNext()) {
            value(name);
          }
          json.endArray();
        }
        case STRING -> text(name, json.nextString());
        case BOOLEAN -> text(name, Boolean.toString(json.nextBoolean()));
        case NUMBER, NULL -> json.skipValue();
        case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT ->
            throw new IllegalStateException("no value");
      }
    }

    private void text(String name, String value) {
      switch (name) {
        case "sha256" -> {
          String hash = value.toLowerCase(Locale.ROOT);
          if (hash.matches("[0-9a-f]{64}") && hashes.size() < MOST_HASHES) {
            hashes.add(hash);
          }
        }
        case "license" -> {
          if (licence == null && !value.isBlank()) {
            licence = value;
          }
        }
        case "allownocredit", "allowderivatives", "allowcommercialuse" ->
            permissions.merge(
                name,
                value,
                (all, one) -> all.length() > LONGEST || all.equals(one) ? all : all + "/" + one);
        default -> {}
      }
    }

    Optional<String> licence() {
      if (licence != null) {
        return Optional.of(shortened(licence));
      }
      List<String> terms = new ArrayList<>();
      if ("false".equals(permissions.get("allownocredit"))) {
        terms.add("credit required");
      }
      if ("false".equals(permissions.get("allowderivatives"))) {
        terms.add("no merges shared");
      }
      String commercial = permissions.get("allowcommercialuse");
      if (commercial != null && commercial.toLowerCase(Locale.ROOT).matches("none|false")) {
        terms.add("no commercial use");
      }
      return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", terms));
    }

    private static String shortened(String text) {
      String line = text.strip().lines().findFirst().orElse("");
      return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
  }
}
