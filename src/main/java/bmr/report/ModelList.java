package bmr.report;

import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.FileContent;
import bmr.checkpoint.ModelFacts;
import bmr.diagnostic.Problem;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What lies in folders of models, and the same as JSON. */
public final class ModelList {
  /** A file that can be read. */
  record Listed(CheckpointDescription file, ModelFacts facts) {
    /** Whether a recipe may begin with it. */
    boolean isModel() {
      return file.content() == FileContent.MODEL || file.content() == FileContent.UNET;
    }
  }

  /** A file that cannot be read. */
  record Unreadable(Path file, Problem problem) {}

  private final List<Listed> files = new ArrayList<>();
  private final List<Unreadable> unreadable = new ArrayList<>();

  /** Adds a readable file. */
  public void add(CheckpointDescription file, ModelFacts facts) {
    files.add(new Listed(file, facts));
  }

  /** Adds a file that cannot be read, with the reason. */
  public void addUnreadable(Path file, Problem problem) {
    unreadable.add(new Unreadable(file, problem));
  }

  List<Listed> models() {
    return files.stream().filter(Listed::isModel).toList();
  }

  List<Listed> others() {
    return files.stream().filter(file -> !file.isModel()).toList();
  }

  List<Unreadable> unreadable() {
    return unreadable;
  }

  /** An object with the files in the order of the folders; absent facts have no key. */
  public String json() {
    return Json.text(json -> {
      json.beginObject();
      json.name("files").beginArray();
      for (Listed listed : files) {
        write(json, listed);
      }
      json.endArray();
      json.name("unusable").beginArray();
      for (Unreadable file : unreadable) {
        json.beginObject();
        json.name("path").value(slashed(file.file()));
        json.name("code").value(file.problem().code());
        json.name("message").value(file.problem().message());
        json.endObject();
      }
      json.endArray();
      json.endObject();
    });
  }

  private static void write(JsonWriter json, Listed listed) throws IOException {
    CheckpointDescription file = listed.file();
    json.beginObject();
    json.name("name").value(file.name());
    json.name("path").value(slashed(file.path()));
    json.name("content").value(file.content().label());
    json.name("architecture").value(file.architecture().label());
    optional(json, "reason", file.reason());
    json.name("type").value(file.typeLabel());
    json.name("bytes").value(file.size());
    if (listed.isModel()) {
      json.name("vae").value(file.hasVae());
      json.name("inpainting").value(file.isInpainting());
    }
    json.name("special").beginArray();
    for (String oddity : file.oddities()) {
      json.value(oddity);
    }
    json.endArray();
    optional(json, "hash", listed.facts().hash());
    optional(json, "licence", listed.facts().licence());
    json.endObject();
  }

  private static void optional(JsonWriter json, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.name(name).value(value.get());
    }
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }
}
