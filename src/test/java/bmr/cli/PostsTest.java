package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.SharedData;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code bmr import} makes of posts, names of files and texts of web UIs. */
class PostsTest {
  private static final Path FOLDER = Path.of("src/test/resources/bmr/interchange/posts");
  private static final int LEAST = 60;

  @TempDir private Path place;

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".txt"))
          .map(name -> name.substring(0, name.length() - ".txt".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void becomesAScript(String name) throws IOException {
    Files.copy(FOLDER.resolve(name + ".txt"), place.resolve("post.txt"));
    CommandRun run = CommandRun.in(place, "import", "post.txt");
    Golden.check("interchange/posts/" + name + ".golden", run.out() + "---\n" + last(run.err()));
    if (run.status() == ExitStatus.DONE && run.err().contains("no question is left")) {
      Files.writeString(place.resolve("post.bmr"), run.out());
      CommandRun plan = CommandRun.in(place, "plan", "post.bmr");
      assertEquals(ExitStatus.DONE, plan.status(), run.out() + plan.err());
    }
  }

  private static String last(String messages) {
    List<String> lines = messages.lines().toList();
    return (lines.isEmpty() ? "" : lines.getLast()) + "\n";
  }

  @Test
  void thereAreMany() throws IOException {
    int posts = names().size();
    assertTrue(posts >= LEAST, () -> posts + " posts");
  }

  @Test
  void blessingMixMeansWhatTheExampleMeans() throws IOException {
    Path post = SharedData.require("reference/blessing-mix-post.txt").toAbsolutePath();
    CommandRun run = CommandRun.in(place, "import", post.toString(), "-o", "post.bmr");
    assertTrue(run.err().contains("no question is left"), run.err());
    // without files the example's names need the same lines that the imported script has
    String models =
        Files.readString(place.resolve("post.bmr"))
            .lines()
            .filter(line -> line.startsWith("model "))
            .collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(
        place.resolve("example.bmr"),
        models + Files.readString(Path.of("examples/blessing-mix.bmr")));
    SortedMap<String, JsonElement> expected = meanings(place.resolve("example.bmr"));
    assertEquals(18, expected.size());
    assertEquals(expected, meanings(place.resolve("post.bmr")));
  }

  /** The blocks of each definition, by its name. */
  private SortedMap<String, JsonElement> meanings(Path script) {
    CommandRun plan = CommandRun.in(place, "plan", script.toString(), "--json");
    assertEquals(ExitStatus.DONE, plan.status(), plan.err());
    var meanings = new TreeMap<String, JsonElement>();
    for (JsonElement element :
        JsonParser.parseString(plan.out()).getAsJsonObject().getAsJsonArray("definitions")) {
      JsonObject definition = element.getAsJsonObject();
      meanings.put(definition.get("name").getAsString(), definition.get("blocks"));
    }
    return meanings;
  }

  @Test
  void picturesTellTheNameOfTheirModel() throws IOException {
    String text =
        "cat\nSteps: 20, Sampler: Euler a, Model hash: 0a1b2c3d4e, Model: 0.7(A1) + 0.3(B1)";
    Files.write(place.resolve("cat.png"), picture("parameters\0" + text));
    CommandRun run = CommandRun.in(place, "import", "cat.png");
    assertTrue(run.out().contains("merged = A1 x 0.7 + B1 x 0.3\n"), run.out() + run.err());
    Files.write(place.resolve("dog.png"), picture("Comment\0a dog"));
    assertTrue(CommandRun.in(place, "import", "dog.png").err().contains("BMR0723"));
  }

  private static byte[] picture(String text) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    out.write(ByteBuffer.allocate(4).putInt(content.length).array());
    out.write("tEXt".getBytes(StandardCharsets.US_ASCII));
    out.write(content);
    out.write(new byte[4]);
    return out.toByteArray();
  }

  @Test
  void cutAndFalsePicturesAreNoTexts() throws IOException {
    byte[] whole = picture("parameters\0Steps: 1, Model: A");
    for (int length = 8; length < whole.length; length++) {
      Files.write(place.resolve("cut.png"), java.util.Arrays.copyOf(whole, length));
      assertTrue(CommandRun.in(place, "import", "cut.png").status() != ExitStatus.DONE);
    }
  }

  @Test
  void modelsAreRefusedByTheirName() throws IOException {
    Files.write(place.resolve("x.ckpt"), new byte[] {'P', 'K', 3, 4, 0, 0, 0});
    CommandRun run = CommandRun.in(place, "import", "x.ckpt");
    assertTrue(run.err().startsWith("error[BMR0722]: `x.ckpt` is no text\n"), run.err());
  }

  @Test
  void scriptsAreHandedOn() throws IOException {
    Files.writeString(place.resolve("own.bmr"), "R = A x 0.5 + B x 0.5");
    CommandRun run = CommandRun.in(place, "import", "own.bmr");
    assertEquals("R = A x 0.5 + B x 0.5\n", run.out());
    assertTrue(run.err().contains("note[BMR0721]"), run.err());
  }
}
