package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  private static final String MIX = "MIX = A x 0.7 + B x 0.3\nsave MIX\n";

  @TempDir private Path folder;

  @BeforeEach
  void recipe() throws IOException {
    Files.writeString(folder.resolve("mix.bmr"), MIX);
  }

  private CommandRun export(String... arguments) {
    return CommandRun.in(
        folder, Stream.concat(Stream.of("export"), Stream.of(arguments)).toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** The Blessing Mix without its files, for every tool: a text or the reason why there is none. */
  @Test
  void blessingMix() throws IOException {
    Files.copy(Path.of("examples/blessing-mix.bmr"), folder.resolve("blessing-mix.bmr"));
    for (String tool : List.of("mecha", "mergekit", "supermerger", "a1111")) {
      CommandRun run = export("blessing-mix.bmr", "--to", tool);
      assertEquals(tool.equals("a1111") ? 1 : 0, run.status(), run.err());
      Golden.check(
          "cli/export-blessing-mix-" + tool + ".golden",
          run.out() + (tool.equals("mecha") ? "\n" : "") + "---\n" + run.err());
    }
  }

  @Test
  void everyTool() {
    var all = new StringBuilder();
    for (String tool : List.of("mecha", "mergekit", "supermerger", "a1111")) {
      CommandRun run = export("mix.bmr", "--to", tool);
      assertEquals(ExitStatus.DONE, run.status(), run.err());
      assertEquals("", run.err());
      all.append("==== ").append(tool).append('\n').append(run.out()).append('\n');
    }
    Golden.check("cli/export-tools.golden", all.toString());
  }

  /** sd-mecha takes no empty line at the end. */
  @Test
  void mechaEndsWithoutLineFeed() throws IOException {
    CommandRun run = export("mix.bmr", "--to", "mecha");
    assertFalse(run.out().endsWith("\n"));
    assertEquals(0, export("mix.bmr", "--to", "mecha", "-o", "mix.mecha").status());
    assertEquals(run.out(), Files.readString(folder.resolve("mix.mecha")));
  }

  @Test
  void writesWholeFilesOrNone() throws IOException {
    assertEquals(0, export("mix.bmr", "--to", "mergekit", "-o", "mix.yml").status());
    assertEquals(List.of("mix.bmr", "mix.yml"), files());
    String first = Files.readString(folder.resolve("mix.yml"));
    assertTrue(first.startsWith("merge_method: linear\n"));

    CommandRun again = export("mix.bmr", "--to", "a1111", "-o", "mix.yml");
    assertEquals(1, again.status());
    assertTrue(again.err().contains("`mix.yml` exists"), again.err());
    assertTrue(again.err().contains("`--overwrite`"), again.err());
    assertEquals(first, Files.readString(folder.resolve("mix.yml")));

    Files.writeString(folder.resolve(".mix.yml.1.part"), "somebody's");
    assertEquals(0, export("mix.bmr", "--to", "a1111", "-o", "mix.yml", "--overwrite").status());
    assertTrue(Files.readString(folder.resolve("mix.yml")).startsWith("MIX in the web UI"));
    assertEquals(List.of(".mix.yml.1.part", "mix.bmr", "mix.yml"), files());

    assertEquals(0, export("mix.bmr", "--to", "a1111", "-o", "new/folder/mix.txt").status());
    assertTrue(Files.exists(folder.resolve("new/folder/mix.txt")));
    CommandRun nowhere = export("mix.bmr", "--to", "a1111", "-o", "mix.yml/mix.txt");
    assertEquals(1, nowhere.status());
    assertTrue(nowhere.err().contains("mix.yml` is a file"), nowhere.err());

    assertEquals(1, export("mix.bmr", "--to", "a1111", "-o", "mix.bmr", "--overwrite").status());
    assertEquals(MIX, Files.readString(folder.resolve("mix.bmr")));
    assertEquals(1, export("mix.bmr", "--to", "mecha", "-o", "m.safetensors").status());
  }

  /** No other tool's recipe has LoRAs; what is not used of the script does no harm. */
  @Test
  void lorasAreRefused() throws IOException {
    assertEquals(ExitStatus.DONE, CommandRun.in(folder, "sample", "models", "--lora").status());
    Files.writeString(
        folder.resolve("lora.bmr"),
        """
        models "models"
        L = OpenBra + lora("sample_lora") x 0.7
        MIX = L x 0.5 + Evt_V4_e04_ema x 0.5
        OTHER = OpenBra x 0.5 + Evt_V4_e04_ema x 0.5
        save MIX
        """);
    for (String tool : List.of("mecha", "mergekit", "supermerger", "a1111")) {
      CommandRun run = export("lora.bmr", "--to", tool, "-o", "out.txt");
      assertEquals(ExitStatus.FAULT, run.status(), run.out());
      assertTrue(run.err().contains("error[BMR0647]"), run.err());
      assertTrue(run.err().contains("the LoRA `sample_lora` cannot be exported"), run.err());
      assertFalse(Files.exists(folder.resolve("out.txt")));
      CommandRun other = export("lora.bmr", "OTHER", "--to", tool);
      assertEquals(ExitStatus.DONE, other.status(), other.err());
    }
  }

  @Test
  void refusalsWriteNothing() throws IOException {
    Files.writeString(folder.resolve("m.bmr"), "M = adjust(A, 1, 0, 0, 0, 0, 0, 0)\nsave M\n");
    Files.writeString(folder.resolve("o.bmr"), "M = (A | B) x 0.5 + B x 0.5\nsave M\n");
    for (String recipe : List.of("m.bmr", "o.bmr")) {
      CommandRun run = export(recipe, "--to", "mecha", "-o", "m.mecha");
      assertEquals(1, run.status(), run.err());
      assertTrue(run.err().contains("error["), run.err());
    }
    assertEquals(List.of("m.bmr", "mix.bmr", "o.bmr"), files());
    CommandRun two = export("mix.bmr", "--to", "comfyui");
    assertEquals(2, two.status());
    assertTrue(two.err().contains("mecha, mergekit, supermerger or a1111"), two.err());
  }
}
