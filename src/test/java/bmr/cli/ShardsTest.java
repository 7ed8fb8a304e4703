package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models written in 8-bit types and in several files. */
class ShardsTest {
  private static final String SUM = "MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3\n";

  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
  }

  private CommandRun run(String save, String... more) {
    SampleFolder.write(folder, "mix.bmr", SUM + save + "\n");
    String[] all =
        Stream.concat(Stream.of("run", "mix.bmr", "--models", "models"), Stream.of(more))
            .toArray(String[]::new);
    return CommandRun.in(folder, all);
  }

  private List<String> files(String start) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(start) || name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static TreeMap<String, String> contents(Path file) throws IOException {
    var all = new TreeMap<String, String>();
    try (Checkpoint model = Checkpoint.open(file)) {
      for (StoredTensor tensor : model.stored().values()) {
        var bytes = ByteBuffer.allocate((int) tensor.info().bytes());
        model.read(bytes, tensor.position());
        all.put(
            tensor.info().key(),
            tensor.info().dtype() + " " + java.util.Arrays.hashCode(bytes.array()));
      }
    }
    return all;
  }

  @Test
  void severalFilesHoldWhatOneDoes() throws IOException {
    assertEquals(ExitStatus.DONE, run("save MIX as \"one.safetensors\" f16, vae: f32").status());
    Path one = folder.resolve("one.safetensors");
    long size = Files.size(one);
    String shards = "save MIX as \"x.safetensors\" f16, vae: f32, shards " + size / 3 + "B";
    CommandRun run = run(shards);
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    List<String> names = files("x");
    int count = names.size() - 1;
    assertTrue(count >= 3, names.toString());
    var expected = new ArrayList<String>();
    for (int i = 1; i <= count; i++) {
      expected.add("x-0000" + i + "-of-0000" + count + ".safetensors");
    }
    expected.add("x.safetensors.index.json");
    assertEquals(expected, names);
    Path index = folder.resolve("x.safetensors.index.json");
    assertEquals(contents(one), contents(index));
    // the index by itself: every tensor where it is, and their bytes
    JsonObject json = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
    long bytes = 0;
    for (int i = 1; i <= count; i++) {
      String name = expected.get(i - 1);
      long inFile = 0;
      try (Checkpoint shard = Checkpoint.open(folder.resolve(name))) {
        assertEquals("pt", shard.metadata().get("format"));
        for (TensorInfo tensor : shard.tensors().values()) {
          inFile += tensor.bytes();
          assertEquals(name, json.getAsJsonObject("weight_map").get(tensor.key()).getAsString());
        }
        assertTrue(inFile <= size / 3 || shard.tensors().size() == 1, name);
      }
      bytes += inFile;
    }
    assertEquals(
        BigDecimal.valueOf(bytes),
        json.getAsJsonObject("metadata").get("total_size").getAsBigDecimal());
    // a second run leaves it, a forced one makes the same bytes
    byte[] before = Files.readAllBytes(folder.resolve(expected.getFirst()));
    assertTrue(run(shards).out().contains("up to date"));
    assertEquals(ExitStatus.DONE, run(shards, "--force").status());
    assertArrayEquals(before, Files.readAllBytes(folder.resolve(expected.getFirst())));
    assertEquals(expected, files("x"));
  }

  @Test
  void whatFitsOneFileIsOne() throws IOException {
    CommandRun run = run("save MIX as \"x.safetensors\" shards 5GB");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertEquals(List.of("x.safetensors"), files("x"));
  }

  @Test
  void sizesThatAreNoneAndTooManyFiles() throws IOException {
    for (String size : List.of("5Gigs", "0", "0.5B")) {
      CommandRun run = run("save MIX as \"x.safetensors\" shards " + size);
      assertEquals(ExitStatus.FAULT, run.status());
      assertTrue(run.err().contains("error[BMR0488]: `" + size + "` is no size"), run.err());
    }
    assertEquals(List.of(), files("x"));
  }

  @Test
  void eightBitFloatsAreWrittenAndMerged() throws IOException {
    CommandRun run = run("save MIX as \"x.safetensors\" f8_e4m3, vae: bf16");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    SampleFolder.write(
        folder,
        "second.bmr",
        "model X = \"x.safetensors\"\nY = X x 0.5 + OpenBra x 0.5\nsave Y as source\n");
    CommandRun second = CommandRun.in(folder, "run", "second.bmr", "--models", "models");
    assertEquals(ExitStatus.DONE, second.status(), second.err());
    try (Checkpoint x = Checkpoint.open(folder.resolve("x.safetensors"));
        Checkpoint y = Checkpoint.open(folder.resolve("Y.safetensors"))) {
      int narrow = 0;
      for (TensorInfo tensor : x.tensors().values()) {
        boolean vae = tensor.key().startsWith("first_stage_model.");
        if (tensor.dtype().isFloat()) {
          assertEquals(vae ? DType.BF16 : DType.F8_E4M3, tensor.dtype(), tensor.key());
          assertEquals(tensor.dtype(), y.tensors().get(tensor.key()).dtype());
          narrow += vae ? 0 : 1;
        }
      }
      assertTrue(narrow > 10);
      assertFalse(y.tensors().isEmpty());
    }
  }
}
