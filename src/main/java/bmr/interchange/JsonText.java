package bmr.interchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
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
        element = value(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
          return Optional.empty();
        }
      } catch (IOException | IllegalStateException | NumberFormatException e) {
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

  /** Reads a value; the reader bounds how deep this goes. */
  private static JsonElement value(JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        var object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
          object.add(reader.nextName(), value(reader));
        }
        reader.endObject();
        yield object;
      }
      case BEGIN_ARRAY -> {
        var array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
          array.add(value(reader));
        }
        reader.endArray();
        yield array;
      }
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> number(reader.nextString());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      case END_OBJECT, END_ARRAY, NAME, END_DOCUMENT ->
          throw new MalformedJsonException("no value at " + reader.getPath());
    };
  }

  /** A number keeps its digits; one that no weight can be stays a text. */
  private static JsonPrimitive number(String digits) {
    Optional<BigDecimal> value = Decimals.number(digits);
    return value.isPresent() ? new JsonPrimitive(value.get()) : new JsonPrimitive(digits);
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
