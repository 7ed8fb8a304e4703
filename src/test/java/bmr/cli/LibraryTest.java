package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.checkpoint.FileHash;
import bmr.workspace.UserPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own folders of models and the hashes of what is in them. */
class LibraryTest {
  private static final FileTime OLD = FileTime.fromMillis(1_500_000_000_000L);

  @TempDir private Path folder;
  private UserPlaces places = UserPlaces.none();

  @BeforeEach
  void user() {
    places =
        new UserPlaces(
            Optional.of(folder.resolve("user/config")),
            Optional.of(folder.resolve("user/cache")),
            Optional.of(folder.resolve("hub")));
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(places, folder, arguments);
  }

  private CommandRun done(String... arguments) {
    CommandRun run = run(arguments);
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    return run;
  }

  /** Two models of the samples in a folder of their own. */
  private Path models(String name) throws IOException {
    done("sample", "all");
    Path models = Files.createDirectories(folder.resolve(name));
    for (String model : List.of("OpenBra", "sxd_10Pruned")) {
      Path file = models.resolve(model + ".safetensors");
      Files.copy(folder.resolve("all").resolve(model + ".safetensors"), file);
      Files.setLastModifiedTime(file, OLD);
    }
    return models;
  }

  private static String hash(Path file) throws IOException {
    return FileHash.of(FileHash.Kind.WHOLE, file, FileHash.Watch.NOBODY);
  }

  @Test
  void foldersAreAddedAndRemoved() throws IOException {
    models("mine");
    assertEquals("", done("models", "--folders").out());
    assertEquals("mine\n", done("models", "--add", "mine").out());
    assertEquals("mine\n", done("models", "--add", "mine").out());
    CommandRun list = done("models");
    assertTrue(list.out().contains("2 models"), list.out());
    CommandRun none = run("models", "--remove", "all");
    assertEquals(ExitStatus.FAULT, none.status());
    assertTrue(none.err().contains("`all` is none of the folders"), none.err());
    assertEquals("", done("models", "--remove", "mine").out());
    assertEquals(ExitStatus.USAGE, run("models").status());
    assertEquals(ExitStatus.FAULT, run("models", "--add", "nowhere").status());
    assertEquals(ExitStatus.FAULT, run("models", "--add", "webui:mine").status());
    assertEquals(ExitStatus.USAGE, run("models", "--folders", "--json").status());
    assertEquals(ExitStatus.FAULT, CommandRun.in(folder, "models", "--folders").status());
  }

  @Test
  void addedFoldersAreSearchedAfterNamedOnes() throws IOException {
    Path models = models("mine");
    Files.createDirectories(folder.resolve("named"));
    Files.copy(
        folder.resolve("all/epicrealism_newEra.safetensors"),
        folder.resolve("named/OpenBra.safetensors"));
    SampleFolder.write(
        folder.resolve("named"), "r.bmr", "R = OpenBra x 0.5 + sxd_10Pruned x 0.5\n");
    assertEquals(ExitStatus.FAULT, run("check", "named/r.bmr").status());
    done("models", "--add", models.toString());
    CommandRun plan = done("plan", "named/r.bmr");
    assertTrue(plan.out().contains("0.5·OpenBra + 0.5·sxd_10Pruned"), plan.out());
    String formula = "OpenBra x 0.9 + sxd_10Pruned x 0.1";
    done("run", "-e", formula, "--models", "named", "-o", "out.safetensors");
    Files.move(models, folder.resolve("moved"));
    CommandRun away = run("check", "named/r.bmr");
    assertTrue(away.err().contains("BMR0197"), away.err());
    assertEquals(ExitStatus.FAULT, away.status());
  }

  @Test
  void aWrongConfigurationIsAnError() throws IOException {
    SampleFolder.write(
        Files.createDirectories(folder.resolve("user")), "config", "# mine\nnot/whole\n");
    CommandRun run = run("models", ".");
    assertEquals(ExitStatus.FAULT, run.status());
    assertEquals(
        """
        error[BMR0193]: this line of the configuration names no folder: it is not a whole path
         --> user/config:2:1
          |
        2 | not/whole
          | ^^^^^^^^^
        hint: each line is a whole path, or a comment that begins with `#`
        """,
        run.err().replace('\\', '/'));
  }

  @Test
  void hashesAreShownWhereTheyAreKnown() throws IOException {
    Path models = models("mine");
    String hash = hash(models.resolve("OpenBra.safetensors")).substring(0, 10);
    assertFalse(done("models", "mine").out().contains(hash));
    assertFalse(Files.exists(folder.resolve("user/cache")));
    CommandRun computed = done("models", "mine", "--hash");
    assertTrue(computed.out().contains(hash), computed.out());
    assertEquals(computed.out(), done("models", "mine").out());
    SampleFolder.write(
        models, "sxd_10Pruned.civitai.info", "{\"model\": {\"allowNoCredit\": false}}");
    Golden.check("cli/models-hash.golden", done("models", "mine", "--why").out());
    Golden.check(
        "cli/models-json.golden",
        done("models", "mine", "all/v1-5-pruned-emaonly.safetensors", "--json").out());
  }

  @Test
  void aRenamedFileIsFoundByItsHash() throws IOException {
    Path models = models("mine");
    Path file = models.resolve("OpenBra.safetensors");
    String hash = hash(file);
    Files.move(file, models.resolve("renamed.safetensors"));
    String recipe = "R = OpenBra[" + hash.substring(0, 10) + "] x 0.5 + sxd_10Pruned x 0.5\n";
    SampleFolder.write(folder, "r.bmr", recipe);
    CommandRun before = run("check", "r.bmr", "--models", "mine");
    assertEquals(ExitStatus.FAULT, before.status());
    assertTrue(before.err().contains("BMR0192"), before.err());
    assertTrue(before.err().contains("one of 2 files"), before.err());
    done("models", "--hash", "mine");
    CommandRun after = done("check", "r.bmr", "--models", "mine");
    assertTrue(after.err().contains("BMR0190"), after.err());
    assertTrue(after.err().contains("renamed.safetensors"), after.err());
    SampleFolder.write(
        folder, "m.bmr", "model M = \"gone.safetensors\" sha256 \"" + hash + "\"\nR = M\n");
    CommandRun line = done("check", "m.bmr", "--models", "mine");
    assertTrue(line.err().contains("BMR0190"), line.err());
  }

  @Test
  void aFileBesideTheModelMayClaimItsHashButIsVerified() throws IOException {
    Path models = models("mine");
    Path file = models.resolve("OpenBra.safetensors");
    String hash = hash(file);
    Files.move(file, models.resolve("renamed.safetensors"));
    SampleFolder.write(folder, "r.bmr", "R = OpenBra[" + hash + "]\n");
    SampleFolder.write(models, "sxd_10Pruned.civitai.info", "{\"sha256\": \"" + hash + "\"}");
    assertTrue(run("check", "r.bmr", "--models", "mine").err().contains("BMR0102"));
    SampleFolder.write(models, "renamed.civitai.info", "{\"sha256\": \"" + hash + "\"}");
    CommandRun found = done("check", "r.bmr", "--models", "mine");
    assertTrue(found.err().contains("renamed.safetensors"), found.err());
  }

  @Test
  void hashingMayBeStopped() throws IOException {
    models("mine");
    CommandRun run = CommandRun.in(folder, () -> true, "models", "--hash", "mine");
    assertEquals(ExitStatus.INTERRUPTED, run.status());
  }

  @Test
  void aFolderOfDiffusersInTheHubsCacheIsAModel() throws IOException {
    models("mine");
    Path repo = folder.resolve("hub/models--owner--repo");
    Path snapshot = Files.createDirectories(repo.resolve("snapshots/0123abc"));
    Files.createDirectories(repo.resolve("refs"));
    Files.writeString(repo.resolve("refs/main"), "0123abc");
    Path blob = Files.createDirectories(repo.resolve("blobs")).resolve("aa");
    Files.copy(folder.resolve("mine/OpenBra.safetensors"), blob);
    Files.createSymbolicLink(snapshot.resolve("m.safetensors"), Path.of("../../blobs/aa"));
    SampleFolder.write(
        folder, "r.bmr", "R = hf:owner/repo/m.safetensors x 0.5 + sxd_10Pruned x 0.5\n");
    done("check", "r.bmr", "--models", "mine");
    SampleFolder.write(folder, "r.bmr", "R = hf:owner/repo x 0.5 + sxd_10Pruned x 0.5\n");
    CommandRun unclear = run("check", "r.bmr", "--models", "mine");
    assertTrue(unclear.err().contains("BMR0196"), unclear.err());
    assertTrue(unclear.err().contains("`hf:owner/repo/m.safetensors`"), unclear.err());
    SampleFolder.write(folder, "r.bmr", "R = hf:owner/other@fp16/m.safetensors\n");
    CommandRun absent = run("check", "r.bmr", "--models", "mine");
    assertTrue(
        absent.err().contains("`hf download owner/other m.safetensors --revision fp16`"),
        absent.err());
  }

  /** Two programs hash the same files into one cache at the same time. */
  @Tag("slow")
  @Test
  void twoProcessesShareTheirHashes() throws Exception {
    Path models = models("mine");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      var builder =
          new ProcessBuilder(
                  java,
                  "--add-modules",
                  "jdk.incubator.vector",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "bmr.cli.Main",
                  "models",
                  "--hash")
              .directory(folder.toFile());
      builder.environment().put("BMR_CONFIG", folder.resolve("user/config").toString());
      builder.environment().put("XDG_CACHE_HOME", folder.resolve("caches").toString());
      builder.redirectOutput(folder.resolve("out" + i).toFile());
      builder.redirectError(folder.resolve("err" + i).toFile());
      if (i == 0) {
        done("models", "--add", models.toString());
      }
      processes.add(builder.start());
    }
    String hash = hash(models.resolve("OpenBra.safetensors")).substring(0, 10);
    for (int i = 0; i < 2; i++) {
      assertTrue(processes.get(i).waitFor(120, TimeUnit.SECONDS), "it does not end");
      assertEquals(0, processes.get(i).exitValue(), Files.readString(folder.resolve("err" + i)));
      String out = Files.readString(folder.resolve("out" + i));
      assertTrue(out.contains(hash), out);
    }
    try (var kept = Files.list(folder.resolve("caches/bmr/hashes"))) {
      assertEquals(2, kept.count());
    }
  }
}
