package bmr.interchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON of strangers, as metadata holds it. */
final class JsonText {
  private static final int LONGEST = 2_000_000;
  private static final int DEEPEST = 60;
  private static final int MOST_LAYERS = 3;

  private JsonText() {}

  /** An object, also one that was encoded as a string again; nothing where the text is none. */
  static Optional<JsonObject> object(@Nullable String text) {
    String inside = text;
    for (int layer = 0; layer < MOST_LAYERS; layer++) {
      if (inside == null || inside.length() > LONGEST) {
        return Optional.empty();
      }
      JsonElement element;
      try (var reader = new JsonReader(new StringReader(inside))) {
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEEPEST);
        element = JsonParser.parseReader(reader);
      } catch (JsonParseException | java.io.IOException | IllegalStateException e) {
        return Optional.empty();
      }
      if (element instanceof JsonObject object) {
        return Optional.of(object);
      }
      inside =
          element instanceof JsonPrimitive primitive && primitive.isString()
              ? primitive.getAsString()
              : null;
    }
    return Optional.empty();
  }

  /** An object that is a member, perhaps encoded as a string. */
  static Optional<JsonObject> object(JsonObject parent, String key) {
    JsonElement element = parent.get(key);
    return element instanceof JsonObject object
        ? Optional.of(object)
        : element instanceof JsonPrimitive primitive && primitive.isString()
            ? object(primitive.getAsString())
            : Optional.empty();
  }

  /** The first member that is a text, number or truth value, as a text; empty where none is. */
  static String text(JsonObject parent, String... keys) {
    for (String key : keys) {
      if (parent.get(key) instanceof JsonPrimitive primitive
          && !primitive.getAsString().isEmpty()) {
        return primitive.getAsString();
      }
    }
    return "";
  }
}
