package bmr.syntax;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Test scripts in one resource, each behind a line {@code === title}. */
final class Sections {
  private Sections() {}

  static Map<String, String> of(String resource) {
    Map<String, String> sections = new LinkedHashMap<>();
    for (String section : text(resource).split("(?m)^=== ")) {
      int end = section.indexOf('\n');
      if (end > 0 && sections.put(section.substring(0, end), section.substring(end + 1)) != null) {
        throw new IllegalStateException("twice: " + section.substring(0, end));
      }
    }
    return sections;
  }

  private static String text(String resource) {
    try (var in = Sections.class.getResourceAsStream("/bmr/syntax/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
