package bmr.provenance;

import bmr.model.Architecture;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What an output says of itself. It depends on the script, the files and the flags only, never on
 * the clock, the folders or the machine; values are strings, as the format demands, lists in them
 * are JSON.
 */
public final class OutputMetadata {
  private OutputMetadata() {}

  /** A file that went into the model. */
  public record SourceFile(String name, long size) {}

  /**
   * The metadata of an output.
   *
   * @param title what the model is called
   * @param recipe the script without folders, see {@link PublishedRecipe}
   * @param settings values given from outside
   * @param sources files that were read
   */
  public static Map<String, String> of(
      MetadataLevel level,
      String version,
      String title,
      Architecture architecture,
      String recipe,
      SequencedMap<String, String> settings,
      List<SourceFile> sources) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    if (level == MetadataLevel.NONE) {
      return metadata;
    }
    metadata.put("bmr.version", version);
    metadata.put("modelspec.title", title);
    if (level == MetadataLevel.MINIMAL) {
      return metadata;
    }
    metadata.put("bmr.model", title);
    metadata.put("bmr.recipe", recipe);
    if (!settings.isEmpty()) {
      metadata.put("bmr.settings", settings(settings));
    }
    metadata.put("bmr.sources", sources(sources));
    modelSpec(architecture, metadata);
    return metadata;
  }

  /** ModelSpec 1.0.0: the fields that every file must have. */
  private static void modelSpec(Architecture architecture, Map<String, String> metadata) {
    String name = architecture.modelSpec().orElse("");
    if (!name.isEmpty()) {
      metadata.put("modelspec.sai_model_spec", "1.0.0");
      metadata.put("modelspec.architecture", name);
      metadata.put("modelspec.implementation", "https://github.com/Stability-AI/generative-models");
    }
  }

  private static String settings(SequencedMap<String, String> settings) {
    return json(writer -> {
      writer.beginObject();
      for (Map.Entry<String, String> entry : settings.entrySet()) {
        writer.name(entry.getKey()).value(entry.getValue());
      }
      writer.endObject();
    });
  }

  private static String sources(List<SourceFile> sources) {
    return json(writer -> {
      writer.beginArray();
      for (SourceFile source : sources) {
        writer.beginObject();
        writer.name("name").value(source.name());
        writer.name("size").value(source.size());
        writer.endObject();
      }
      writer.endArray();
    });
  }

  private interface Body {
    void write(JsonWriter writer) throws IOException;
  }

  private static String json(Body body) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      body.write(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
