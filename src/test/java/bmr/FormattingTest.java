package bmr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java file is as google-java-format writes it; {@code -Dbmr.format=update} rewrites. */
class FormattingTest {
  @Test
  void everyFileIsFormatted() throws Exception {
    var different = new ArrayList<Path>();
    for (Path root : List.of(Path.of("src"))) {
      different.addAll(check(root));
    }
    assertEquals(List.of(), different, "run: mvn test -Dtest=FormattingTest -Dbmr.format=update");
  }

  private static List<Path> check(Path root) throws Exception {
    boolean update = "update".equals(System.getProperty("bmr.format"));
    var different = new ArrayList<Path>();
    for (Path file : javaFiles(root)) {
      String text = Files.readString(file);
      String formatted = RemoveUnusedImports.removeUnusedImports(text);
      formatted = new Formatter().formatSourceAndFixImports(formatted);
      if (!formatted.equals(text)) {
        if (update) {
          Files.writeString(file, formatted);
        } else {
          different.add(file);
        }
      }
    }
    return different;
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
