package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.diagnostic.Problem;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scaled 8-bit floats, decoded, against plain loops; packed kinds, refused by name. */
class ScaledFloat8Test {
  private static final long SEED = 411_2026;

  @TempDir private Path folder;

  /** A file under construction. */
  private final class Draft {
    private final List<TensorInfo> infos = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private Map<String, String> metadata = Map.of();

    Draft add(String key, DType dtype, Shape shape, byte[] bytes) {
      infos.add(new TensorInfo(key, dtype, shape));
      data.writeBytes(bytes);
      return this;
    }

    Draft zeros(String key, DType dtype, long... shape) {
      var info = new TensorInfo(key, dtype, Shape.of(shape));
      return add(key, dtype, info.shape(), new byte[(int) info.bytes()]);
    }

    Path write() throws IOException {
      return SampleFiles.write(
          folder.resolve("x.safetensors"), infos, metadata, data.toByteArray());
    }

    String refusal() throws IOException {
      Problem problem = SampleFiles.problemOf(write());
      return problem.code()
          + " "
          + problem.message().replace(folder.toString(), "FOLDER")
          + problem.hint().map(hint -> "\nhint: " + hint).orElse("")
          + "\n";
    }
  }

  private static byte[] floats(float... values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static byte[] codes(int n, Random random) {
    var codes = new byte[n];
    for (int i = 0; i < n; i++) {
      // 0x7f and 0xff are NaN
      codes[i] = (byte) (random.nextInt(0x7f) | (random.nextBoolean() ? 0x80 : 0));
    }
    return codes;
  }

  /** The value of a code of E4M3 by its definition. */
  private static double e4m3(byte code) {
    int exponent = (code >> 3) & 15;
    double fraction = (code & 7) / 8.0;
    double size =
        exponent == 0 ? fraction * Math.pow(2, -6) : (1 + fraction) * Math.pow(2, exponent - 7);
    return code < 0 ? -size : size;
  }

  @Test
  void valuesAreCodesTimesScales() throws IOException {
    var random = new Random(SEED);
    int rows = 37;
    int columns = 1001;
    byte[] one = codes(rows * columns, random);
    byte[] two = codes(rows * columns, random);
    float[] perRow = new float[rows];
    for (int i = 0; i < rows; i++) {
      perRow[i] = random.nextFloat() * 3 - 1;
    }
    float scale = 0.013671f;
    Path path =
        new Draft()
            .add("d.scaled_fp8", DType.F8_E4M3, Shape.of(2), new byte[2])
            .add("d.one.weight", DType.F8_E4M3, Shape.of(rows, columns), one)
            .add("d.one.scale_weight", DType.F32, Shape.of(), floats(scale))
            .add("d.one.scale_input", DType.F32, Shape.of(), floats(9))
            .add("d.two.weight", DType.F8_E4M3, Shape.of(rows, columns), two)
            .add("d.two.weight_scale", DType.F32, Shape.of(rows, 1), floats(perRow))
            .add("d.two.input_scale", DType.F32, Shape.of(1), floats(9))
            .add("d.two.bias", DType.F32, Shape.of(2), floats(1, 2))
            .add("d.plain.weight", DType.F8_E4M3, Shape.of(3), new byte[] {1, 2, 3})
            .write();
    float[] expectedOne = new float[rows * columns];
    float[] expectedTwo = new float[rows * columns];
    for (int i = 0; i < rows * columns; i++) {
      expectedOne[i] = (float) (e4m3(one[i]) * scale);
      expectedTwo[i] = (float) (e4m3(two[i]) * perRow[i / columns]);
    }
    try (Checkpoint file = Checkpoint.open(path)) {
      assertEquals(
          new LinkedHashSet<>(
              List.of("d.one.weight", "d.two.weight", "d.two.bias", "d.plain.weight")),
          new LinkedHashSet<>(file.tensors().keySet()));
      assertEquals(DType.F32, file.tensors().get("d.one.weight").dtype());
      assertEquals(DType.F8_E4M3, file.tensors().get("d.plain.weight").dtype());
      check(file, "d.one.weight", floats(expectedOne), random);
      check(file, "d.two.weight", floats(expectedTwo), random);
      check(file, "d.two.bias", floats(1, 2), random);
      check(file, "d.plain.weight", new byte[] {1, 2, 3}, random);
      // one read over everything, from the first byte of the file
      long end = 0;
      for (var tensor : file.stored().values()) {
        end = Math.max(end, tensor.position() + tensor.info().bytes());
      }
      var all = ByteBuffer.allocate((int) end);
      file.read(all, 0);
      int at = (int) file.stored().get("d.two.weight").position();
      assertEquals(ByteBuffer.wrap(floats(expectedTwo)), all.flip().slice(at, 4 * rows * columns));
    }
  }

  private static void check(Checkpoint file, String key, byte[] expected, Random random)
      throws IOException {
    long position = file.stored().get(key).position();
    for (int i = 0; i < 40; i++) {
      int from = i == 0 ? 0 : random.nextInt(expected.length);
      int to = i == 0 ? expected.length : from + random.nextInt(expected.length - from + 1);
      ByteBuffer part =
          i % 2 == 0 ? ByteBuffer.allocate(to - from) : ByteBuffer.allocateDirect(to - from);
      file.read(part, position + from);
      assertTrue(!part.hasRemaining());
      assertEquals(
          ByteBuffer.wrap(expected, from, to - from), part.flip(), "seed " + SEED + " " + key);
    }
  }

  @Test
  void whatIsNotUnderstoodIsRefusedByName() throws IOException {
    var text = new StringBuilder();
    text.append(
        new Draft()
            .zeros("a.weight", DType.F8_E4M3, 256, 256)
            .zeros("a.weight_scale", DType.F32, 2, 2)
            .refusal());
    text.append(new Draft().zeros("a.scale_weight", DType.F32).refusal());
    text.append(
        new Draft().zeros("a.weight", DType.I8, 4).zeros("a.weight_scale", DType.F32).refusal());
    text.append(
        new Draft()
            .zeros("a.weight", DType.F8_E5M2, 4)
            .zeros("a.weight_scale", DType.U8)
            .refusal());
    text.append(
        new Draft()
            .zeros("a.weight", DType.F8_E5M2, 4)
            .zeros("a.scale_weight", DType.F32)
            .zeros("a.weight_scale", DType.F32)
            .refusal());
    for (String key :
        List.of(
            "a.weight.absmax",
            "a.weight.quant_state.bitsandbytes__nf4",
            "a.SCB",
            "a.qweight",
            "a.qzeros",
            "a.weight_scale_inv",
            "a.weight_packed",
            "a.weight._data",
            "a.wscales",
            "a.comfy_quant")) {
      text.append(new Draft().zeros(key, DType.U8, 4).refusal());
    }
    var told = new Draft().zeros("a.weight", DType.F8_E4M3, 4);
    told.metadata = Map.of("_quantization_metadata", "{}");
    text.append(told.refusal());
    Golden.check("checkpoint/quantized.golden", text.toString());
  }
}
