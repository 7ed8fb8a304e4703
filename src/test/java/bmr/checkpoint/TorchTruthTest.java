package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.diagnostic.PickleProblem;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** PyTorch files that others made: good ones as torch reads them, bad ones with a verdict. */
class TorchTruthTest {
  private static final Map<String, String> TAGS =
      Map.of(
          "float64", "F64",
          "float32", "F32",
          "float16", "F16",
          "bfloat16", "BF16",
          "int64", "I64",
          "int32", "I32",
          "int16", "I16",
          "int8", "I8",
          "uint8", "U8",
          "bool", "BOOL");

  private static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void goodFilesAreReadAsTorchReadsThem() throws IOException {
    Path root = SharedData.require("data/tensors");
    int files = 0;
    for (var entry : json(root.resolve("torch_truth.json")).entrySet()) {
      Path file = root.resolve(entry.getKey());
      JsonObject truth = entry.getValue().getAsJsonObject();
      if (!Files.exists(file) || truth.has("error") || file.endsWith("handmade_legacy_tar.pt")) {
        continue;
      }
      var expected = new TreeMap<String, String>();
      for (var tensor : truth.entrySet()) {
        JsonObject said = tensor.getValue().getAsJsonObject();
        if (said.has("sha256")) {
          var shape = new ArrayList<String>();
          said.getAsJsonArray("shape").forEach(length -> shape.add(length.getAsString()));
          expected.put(
              tensor.getKey(),
              TAGS.get(said.get("dtype").getAsString())
                  + " ["
                  + String.join(", ", shape)
                  + "] "
                  + said.get("sha256").getAsString());
        }
      }
      assertEquals(expected, read(file), file.toString());
      files++;
    }
    assertTrue(files > 30, "only " + files + " files");
  }

  /** Reads in pieces of odd lengths. */
  private static Map<String, String> read(Path file) throws IOException {
    var found = new TreeMap<String, String>();
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      for (var stored : checkpoint.stored().values()) {
        MessageDigest digest = sha256();
        long bytes = stored.info().bytes();
        for (long at = 0; at < bytes; at += 1001) {
          ByteBuffer piece = ByteBuffer.allocate((int) Math.min(1001, bytes - at));
          checkpoint.read(piece, stored.position() + at);
          digest.update(piece.flip());
        }
        found.put(
            stored.storedKey(),
            stored.info().dtype().tag()
                + " "
                + stored.info().shape()
                + " "
                + HexFormat.of().formatHex(digest.digest()));
      }
    }
    return found;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** torch itself reads these two only with the torch of their time. */
  @Test
  void oldParameterDictionariesAreRead() throws IOException {
    Path root = SharedData.require("data/tensors/textual_inversion");
    for (String name : List.of("anya.pt", "tomoko.pt")) {
      try (Checkpoint checkpoint = Checkpoint.open(root.resolve(name))) {
        assertEquals("[1, 768]", shape(checkpoint, "string_to_param.*"));
      }
    }
  }

  private static String shape(Checkpoint checkpoint, String key) {
    return String.valueOf(checkpoint.tensors().get(key).shape());
  }

  @Test
  void programsAreRefused() throws IOException {
    try (Stream<Path> files = Files.list(SharedData.require("data/tensors/torchscript"))) {
      for (Path file : files.sorted().toList()) {
        assertEquals(new PickleProblem.TorchScript(file), SampleFiles.problemOf(file));
      }
    }
  }

  @Test
  void dangerousFilesAreRefusedByWhatTheyName() throws IOException {
    Path root = SharedData.require("data/hostile");
    JsonArray cases = json(root.resolve("pickle_cases.json")).getAsJsonArray("cases");
    var wrong = new ArrayList<String>();
    for (JsonElement element : cases) {
      JsonObject one = element.getAsJsonObject();
      Path file = root.resolve(one.get("file").getAsString());
      String message = SampleFiles.problemOf(file).message();
      JsonElement named = one.get("globals_seen");
      boolean foreign = foreign(named);
      if (foreign && named.getAsJsonArray().asList().stream().noneMatch(n -> isIn(message, n))) {
        wrong.add(named + ": " + message);
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Whether the index knows a name that no model needs. */
  private static boolean foreign(JsonElement named) {
    return named.isJsonArray()
        && named.getAsJsonArray().asList().stream()
            .anyMatch(
                name -> !name.toString().contains("Storage") && !name.toString().contains("?"));
  }

  private static boolean isIn(String message, JsonElement name) {
    JsonArray both = name.getAsJsonArray();
    return message.contains(
        "it names `" + both.get(0).getAsString() + "." + both.get(1).getAsString() + "`");
  }
}
