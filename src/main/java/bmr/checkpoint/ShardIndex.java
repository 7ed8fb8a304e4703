package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.ShardProblem;
import bmr.diagnostic.Visible;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads an index of shards: which file holds which tensor. */
final class ShardIndex {
  static final int MOST_SHARDS = 1000;
  private static final int NESTING = 32;

  private final Path path;
  private final Map<String, String> shardOf = new LinkedHashMap<>();

  private ShardIndex(Path path) {
    this.path = path;
  }

  /**
   * Reads an index.
   *
   * @throws ProblemException for a file that is no index, or that names files elsewhere
   */
  static ShardIndex read(Path path) {
    var index = new ShardIndex(path);
    try {
      if (Files.isDirectory(path)) {
        throw new ProblemException(new FileProblem.IsFolder(path));
      }
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new ProblemException(new FileProblem.OtherFormat(path, "a device or a pipe"));
      }
      if (Files.size(path) > SafetensorsHeader.LONGEST) {
        throw index.bad("it has more than 100 MB");
      }
      try (InputStream bytes = Files.newInputStream(path)) {
        index.readAll(bytes);
      }
    } catch (CharacterCodingException e) {
      throw index.bad("it is not UTF-8");
    } catch (EOFException e) {
      throw index.bad("it ends in the middle");
    } catch (MalformedJsonException e) {
      throw index.bad("it is not valid JSON");
    } catch (NoSuchFileException e) {
      throw new ProblemException(new FileProblem.FileMissing(path));
    } catch (AccessDeniedException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, "permission denied"));
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(path, SafetensorsFile.reason(e)));
    }
    index.checkNames();
    return index;
  }

  /** The name of the file that holds a tensor, by the tensor's key as it is spelled. */
  Map<String, String> shardOf() {
    return shardOf;
  }

  /** The files, sorted. */
  List<String> shards() {
    return List.copyOf(new TreeSet<>(shardOf.values()));
  }

  private void readAll(InputStream bytes) throws IOException {
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var json = new JsonReader(new InputStreamReader(bytes, decoder));
    json.setStrictness(Strictness.STRICT);
    json.setNestingLimit(NESTING);
    expect(json, JsonToken.BEGIN_OBJECT, "it is no JSON object");
    json.beginObject();
    boolean seen = false;
    Set<String> fields = new HashSet<>();
    while (json.hasNext()) {
      String field = json.nextName();
      if (!fields.add(field)) {
        throw bad("it has the key `" + Visible.text(field) + "` twice");
      }
      if (field.equals("weight_map")) {
        readMap(json);
        seen = true;
      } else {
        json.skipValue();
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw bad("something follows its closing brace");
    }
    if (!seen) {
      throw bad("it has no `weight_map`");
    }
  }

  private void readMap(JsonReader json) throws IOException {
    expect(json, JsonToken.BEGIN_OBJECT, "its `weight_map` is no JSON object");
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      expect(json, JsonToken.STRING, "its `weight_map` holds something other than file names");
      if (shardOf.put(key, json.nextString()) != null) {
        throw bad("it has the tensor `" + Visible.text(key) + "` twice");
      }
      if (shardOf.size() > SafetensorsHeaderReader.MOST_TENSORS) {
        throw bad("it has more than " + SafetensorsHeaderReader.MOST_TENSORS + " tensors");
      }
    }
    json.endObject();
  }

  private void expect(JsonReader json, JsonToken token, String otherwise) throws IOException {
    if (json.peek() != token) {
      throw bad(otherwise);
    }
  }

  private void checkNames() {
    List<String> names = shards();
    if (names.isEmpty()) {
      throw bad("it names no file");
    }
    if (names.size() > MOST_SHARDS) {
      throw bad("it names more than " + MOST_SHARDS + " files");
    }
    for (String name : names) {
      if (!ShardNames.isPlain(name)) {
        throw new ProblemException(new ShardProblem.ShardName(path, name));
      }
    }
  }

  private ProblemException bad(String fault) {
    return new ProblemException(new ShardProblem.BadIndex(path, fault));
  }
}
