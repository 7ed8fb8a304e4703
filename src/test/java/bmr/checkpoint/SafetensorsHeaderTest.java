package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsHeaderTest {
  @TempDir Path folder;

  private static String tensor(String key, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(key, dtype, shape, begin, end);
  }

  private Path file(String header, int data) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), SampleFiles.bytes(header, data));
  }

  /** Each fault of a header with the message it gets. */
  @Test
  void faultsAreNamed() throws IOException {
    var cases = new LinkedHashMap<String, byte[]>();
    cases.put("empty file", new byte[0]);
    cases.put("five bytes", new byte[] {1, 0, 0, 0, 0});
    cases.put("length only", SampleFiles.bytes("", 0));
    cases.put("announces 2^64-1", length(-1L));
    cases.put("announces 100000001", length(100_000_001L));
    cases.put("announces 2^32+2", length((1L << 32) + 2));
    cases.put("cut in the header", Arrays.copyOf(SampleFiles.bytes("{\"a\":{\"dtype\"", 0), 14));
    add(cases, "no object", "[1]", 0);
    add(cases, "blanks, then no object", "  [1]", 0);
    add(cases, "two objects", "{}{}", 0);
    add(cases, "comment", "{}//x", 0);
    add(cases, "single quotes", "{'a':1}", 0);
    add(cases, "ends early", "{\"a\":", 0);
    add(cases, "line break in a key", "{\"a\nb\":1}", 0);
    add(cases, "bad escape", "{\"a\\x\":1}", 0);
    add(cases, "half a surrogate pair", "{" + tensor("\\ud800", "U8", "[1]", 0, 1) + "}", 1);
    cases.put("not UTF-8", SampleFiles.bytes("{\"\u00c0\u0080\":1}".getBytes(ISO_8859_1), 0));
    String a = tensor("a", "U8", "[1]", 0, 1);
    add(cases, "one key twice", "{" + a + "," + a + "}", 1);
    String escaped = tensor("\\u0061", "U8", "[1]", 1, 2);
    add(cases, "one key twice by escape", "{" + a + "," + escaped + "}", 2);
    add(cases, "metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0);
    add(cases, "metadata key twice", "{\"__metadata__\":{\"a\":\"\",\"\\u0061\":\"\"}}", 0);
    add(cases, "metadata is a list", "{\"__metadata__\":[]}", 0);
    add(cases, "metadata holds a number", "{\"__metadata__\":{\"a\":1}}", 0);
    add(cases, "metadata holds null", "{\"__metadata__\":{\"a\":null}}", 0);
    add(cases, "entry is a number", "{\"a\":1}", 0);
    add(cases, "no offsets", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1);
    add(cases, "no type", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
    add(cases, "field twice", "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 1);
    add(cases, "unknown field twice", "{\"a\":{\"x\":8,\"x\":9}}", 1);
    add(cases, "type is a number", "{\"a\":{\"dtype\":8}}", 1);
    add(cases, "unknown type", "{" + tensor("a", "NF4", "[1]", 0, 1) + "}", 1);
    add(cases, "lower-case type", "{" + tensor("a", "u8", "[1]", 0, 1) + "}", 1);
    add(cases, "hostile name", "{" + tensor("\\u202egpj\\u0007", "u8", "[1]", 0, 1) + "}", 1);
    add(cases, "fraction", "{" + tensor("a", "U8", "[1.0]", 0, 1) + "}", 1);
    add(cases, "exponent", "{" + tensor("a", "U8", "[1e0]", 0, 1) + "}", 1);
    add(cases, "negative", "{" + tensor("a", "U8", "[-1]", 0, 1) + "}", 1);
    add(cases, "minus zero", "{" + tensor("a", "U8", "[-0]", 0, 0) + "}", 0);
    add(cases, "string", "{" + tensor("a", "U8", "[\"1\"]", 0, 1) + "}", 1);
    add(cases, "2^63", "{" + tensor("a", "U8", "[9223372036854775808]", 0, 1) + "}", 1);
    add(cases, "19 nines", "{" + tensor("a", "U8", "[9999999999999999999]", 0, 1) + "}", 1);
    add(cases, "shape in a shape", "{" + tensor("a", "U8", "[[1]]", 0, 1) + "}", 1);
    add(cases, "three offsets", "{\"a\":{\"data_offsets\":[0,1,2]}}", 1);
    add(cases, "one offset", oneOffset(), 1);
    add(cases, "ends before it begins", "{" + tensor("a", "U8", "[1]", 1, 0) + "}", 1);
    String huge = "[4294967296,4294967296]";
    add(cases, "product overflows", "{" + tensor("a", "U8", huge, 0, 0) + "}", 0);
    add(cases, "bytes overflow", "{" + tensor("a", "F64", "[2305843009213693952]", 0, 0) + "}", 0);
    add(cases, "half a byte", "{" + tensor("a", "F4", "[3]", 0, 1) + "}", 1);
    add(cases, "wrong size", "{" + tensor("a", "F32", "[2,3]", 0, 20) + "}", 20);
    String hole = tensor("b", "U8", "[1]", 3, 4);
    add(cases, "hole", "{" + a + "," + hole + "}", 4);
    add(cases, "hole at the beginning", "{" + hole + "}", 4);
    String wide = tensor("b", "U8", "[4]", 0, 4);
    add(cases, "overlap", "{" + a + "," + wide + "}", 4);
    add(cases, "three bytes missing", "{" + wide + "}", 1);
    add(cases, "two bytes too many", "{" + a + "}", 3);
    add(cases, "deep nesting", "{\"a\":{\"x\":" + "[".repeat(50_000), 0);
    add(cases, "long number", "{" + tensor("a", "U8", "[" + "1".repeat(20_000) + "]", 0, 1), 1);
    add(cases, "many dimensions", "{" + tensor("a", "U8", ones(1025), 0, 1) + "}", 1);
    String encoder = "cond_stage_model.transformer.%sencoder.w";
    String old = tensor(encoder.formatted(""), "U8", "[1]", 0, 1);
    String now = tensor(encoder.formatted("text_model."), "U8", "[1]", 1, 2);
    add(cases, "two spellings", "{" + old + "," + now + "}", 2);
    var report = new StringBuilder();
    for (var one : cases.entrySet()) {
      Path file = Files.write(folder.resolve("x.safetensors"), one.getValue());
      Problem problem = SampleFiles.problemOf(file);
      assertInstanceOf(FileProblem.class, problem);
      String message = problem.message().replace(file.toString(), "x.safetensors");
      report.append("%-26s %s %s%n".formatted(one.getKey(), problem.code(), message));
    }
    Golden.check("checkpoint/header-faults.golden", report.toString());
  }

  private static String oneOffset() {
    return "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}";
  }

  private static String ones(int count) {
    return "[" + "1,".repeat(count - 1) + "1]";
  }

  private static void add(Map<String, byte[]> cases, String name, String header, int data) {
    cases.put(name, SampleFiles.bytes(header, data));
  }

  private static byte[] length(long value) {
    byte[] bytes = SampleFiles.bytes("{}", 0);
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  @Test
  void tensorsComeInTheOrderOfTheirBytes() throws IOException {
    String header =
        "{"
            + tensor("late", "U8", "[2]", 1, 3)
            + ",\"__metadata__\":{\"z\":\"1\",\"a\":\"\\u00e4\"},"
            + tensor("none", "F32", "[0,7]", 1, 1)
            + ","
            + tensor("early", "U8", "[]", 0, 1)
            + "}";
    try (Checkpoint checkpoint = Checkpoint.open(file(header, 3))) {
      assertEquals(List.of("early", "none", "late"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(Map.of("z", "1", "a", "\u00e4"), checkpoint.metadata());
      assertEquals(8 + header.length() + 1, checkpoint.stored().get("late").position());
      assertEquals(Shape.of(), checkpoint.tensors().get("early").shape());
      assertEquals("x", checkpoint.name());
    }
  }

  @Test
  void blanksBeforeTheBraceAreNoted() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(file(" \n{}", 0))) {
      assertInstanceOf(HeaderProblem.LeadingBlanks.class, checkpoint.notes().getFirst());
    }
  }

  @Test
  void oldClipKeysAreSpelledAnew() throws IOException {
    String old = "cond_stage_model.transformer.final_layer_norm.bias";
    String openClip = "cond_stage_model.model.ln_final.bias";
    String header =
        "{" + tensor(old, "U8", "[1]", 0, 1) + "," + tensor(openClip, "U8", "[1]", 1, 2) + "}";
    try (Checkpoint checkpoint = Checkpoint.open(file(header, 2))) {
      String now = "cond_stage_model.transformer.text_model.final_layer_norm.bias";
      assertEquals(List.of(now, openClip), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(old, checkpoint.stored().get(now).storedKey());
      assertEquals(now, checkpoint.stored().get(now).info().key());
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    long seed = 20_240_817;
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      String at = "seed " + seed + ", round " + round;
      var tensors = new ArrayList<TensorInfo>();
      int count = random.nextInt(8);
      for (int i = 0; i < count; i++) {
        tensors.add(randomTensor(random, i));
      }
      var metadata = new LinkedHashMap<String, String>();
      for (int i = random.nextInt(4); i > 0; i--) {
        metadata.put(randomText(random), randomText(random));
      }
      long bytes = tensors.stream().mapToLong(TensorInfo::bytes).sum();
      Path file = folder.resolve("random.safetensors");
      SampleFiles.write(file, tensors, metadata, new byte[(int) bytes]);
      var layout = SafetensorsLayout.of(tensors, metadata);
      assertEquals(layout.size(), Files.size(file), at);
      assertEquals(0, layout.header().length % 8, at);
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        assertEquals(metadata, checkpoint.metadata(), at);
        assertEquals(tensors.size(), checkpoint.tensors().size(), at);
        for (int i = 0; i < tensors.size(); i++) {
          var stored = checkpoint.stored().get(tensors.get(i).key());
          assertEquals(tensors.get(i), stored.info(), at);
          assertEquals(layout.positions().get(i), stored.position(), at);
        }
      }
    }
  }

  private static TensorInfo randomTensor(Random random, int index) {
    DType dtype = DType.values()[random.nextInt(DType.values().length)];
    long[] dimensions = random.longs(random.nextInt(4), 0, 5).toArray();
    if (dtype.bits() < 8) {
      dimensions = new long[] {4, random.nextInt(3)};
    }
    return new TensorInfo(randomText(random) + index, dtype, Shape.of(dimensions));
  }

  private static String randomText(Random random) {
    int[] points =
        random
            .ints(random.nextInt(6), 0, 0x11000)
            .map(point -> point % 3 == 0 ? point % 128 : point)
            .filter(point -> point < 0xd800 || point > 0xdfff)
            .toArray();
    return new String(points, 0, points.length);
  }

  @Test
  void everyTruncationIsReported() throws IOException {
    var tensors =
        List.of(
            new TensorInfo("a.weight", DType.F32, Shape.of(2, 3)),
            new TensorInfo("b", DType.F16, Shape.of(5)));
    Path file = folder.resolve("whole.safetensors");
    SampleFiles.write(file, tensors, Map.of("format", "pt"), new byte[34]);
    byte[] whole = Files.readAllBytes(file);
    int header = whole.length - 34;
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      Problem problem = SampleFiles.problemOf(file);
      if (length >= header) {
        assertEquals(
            new HeaderProblem.Truncated(file, whole.length - length, length, false), problem);
      } else {
        Class<?> expected =
            length == 0 ? FileProblem.EmptyFile.class : HeaderProblem.Truncated.class;
        assertEquals(expected, problem.getClass(), "cut to " + length);
      }
    }
  }

  @Test
  void damagedHeadersAreReadOrRefused() throws IOException {
    var tensors =
        List.of(
            new TensorInfo("a.weight", DType.F32, Shape.of(2, 3)),
            new TensorInfo("b", DType.F16, Shape.of(5)));
    byte[] framed = SafetensorsLayout.of(tensors, Map.of("format", "pt")).header();
    byte[] whole = Arrays.copyOfRange(framed, 8, framed.length);
    byte[] likely = "{}[]\",:\\u0019-.eE\u0000 \n".getBytes(ISO_8859_1);
    Path file = Path.of("fuzzed.safetensors");
    long seed = 7;
    var random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(whole.length)] =
            random.nextBoolean() ? (byte) random.nextInt() : likely[random.nextInt(likely.length)];
      }
      try {
        var header = SafetensorsHeaderReader.read(file, new ByteArrayInputStream(damaged));
        long bytes = header.entries().stream().mapToLong(one -> one.end() - one.begin()).sum();
        assertEquals(header.dataSize(), bytes, "seed " + seed + ", round " + round);
      } catch (ProblemException e) {
        refused++;
      }
    }
    assertTrue(refused > 5000, "seed " + seed);
    assertTrue(refused < 20_000, "seed " + seed);
  }

  @Test
  void manyTensorsAtOnePlaceAreRefused() throws IOException {
    var header = new StringBuilder("{");
    for (int i = 0; i < 20_000; i++) {
      header.append(tensor("t" + i, "F32", "[200,200]", 0, 160_000)).append(',');
    }
    header.setCharAt(header.length() - 1, '}');
    Problem problem = SampleFiles.problemOf(file(header.toString(), 160_000));
    assertEquals(HeaderProblem.Overlap.class, problem.getClass());
  }

  @Test
  @Tag("slow")
  void moreTensorsThanFitInMemoryAreRefused() throws IOException {
    var header = new StringBuilder("{");
    for (int i = 0; i <= SafetensorsHeaderReader.MOST_TENSORS; i++) {
      header.append(tensor("t" + i, "U8", "[0]", 0, 0)).append(',');
    }
    header.setCharAt(header.length() - 1, '}');
    Problem problem = SampleFiles.problemOf(file(header.toString(), 0));
    assertEquals(HeaderProblem.HeaderTooRich.class, problem.getClass());
  }

  @Test
  @Tag("slow")
  void theLargestLegalHeaderIsRead() throws IOException {
    int blanks = 99_999_900 - 24;
    String header = "{\"__metadata__\":{\"a\":\"" + " ".repeat(blanks) + "\"}}";
    try (Checkpoint checkpoint = Checkpoint.open(file(header, 0))) {
      assertEquals(blanks, checkpoint.metadata().get("a").length());
    }
  }
}
