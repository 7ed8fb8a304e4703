package bmr.report;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** JSON that people can read too: two blanks of indentation, keys in the order written. */
public final class Json {
  /** Writes one value. */
  public interface Body {
    void write(JsonWriter json) throws IOException;
  }

  private Json() {}

  /** The text of a value, without a line end behind it. */
  public static String text(Body body) {
    var text = new StringWriter();
    try (var json = new JsonWriter(text)) {
      json.setIndent("  ");
      json.setHtmlSafe(false);
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
