package bmr.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.checkpoint.Checkpoint;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFileTest {
  @Test
  void givenValuesAreEncoded(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.safetensors");
    List<SampleTensor> tensors =
        List.of(
            SampleTensor.of("f64", DType.F64, Shape.of(2), 0.1, -1e300),
            SampleTensor.of("i64", DType.I64, Shape.of(1), -3),
            SampleTensor.of("f32", DType.F32, Shape.of(1, 1), 0.1),
            SampleTensor.of("i32", DType.I32, Shape.of(), 7),
            SampleTensor.of("f16", DType.F16, Shape.of(3), 1, 65504, 1 + 0x1p-11),
            SampleTensor.of("bf16", DType.BF16, Shape.of(3), 1 + 0x1p-8, 1 + 0x3p-8, -2),
            SampleTensor.of("none", DType.F16, Shape.of(0)));
    long size = SampleFile.write(file, tensors, Map.of("k", "v"));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertEquals(size, checkpoint.size());
      assertEquals(Map.of("k", "v"), checkpoint.metadata());
      assertEquals(7, checkpoint.tensors().size());
      assertEquals(0.1, bytes(checkpoint, "f64").getDouble());
      assertEquals(-3, bytes(checkpoint, "i64").getLong());
      assertEquals(0.1f, bytes(checkpoint, "f32").getFloat());
      assertEquals(7, bytes(checkpoint, "i32").getInt());
      assertEquals(List.of(0x3c00, 0x7bff, 0x3c00), shorts(bytes(checkpoint, "f16")));
      assertEquals(List.of(0x3f80, 0x3f82, 0xc000), shorts(bytes(checkpoint, "bf16")));
    }
  }

  @Test
  void largeTensorsAreWrittenInPieces(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.safetensors");
    var field = new NoiseField(1);
    double[] load = {1};
    var large = new TensorInfo("large.weight", DType.F32, Shape.of(1000, 3001));
    var next = new TensorInfo("next.weight", DType.F16, Shape.of(70_000, 2));
    SampleFile.write(
        file,
        List.of(
            new NoiseTensor(large, large.key(), field, load),
            SampleTensor.of("between", DType.F16, Shape.of(1), 7),
            new NoiseTensor(next, next.key(), field, load)),
        Map.of());
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      float[] expected = new float[NoiseField.LENGTH];
      ByteBuffer written = bytes(checkpoint, "large.weight");
      double squares = 0;
      for (long block = 0; written.hasRemaining(); block++) {
        int count = Math.min(NoiseField.LENGTH, written.remaining() / 4);
        field.fill(
            expected,
            count,
            NoiseField.seed("large.weight"),
            block,
            new float[] {(float) Math.sqrt(1.0 / 3001)});
        for (int i = 0; i < count; i++) {
          float value = written.getFloat();
          assertEquals(expected[i], value);
          squares += (double) value * value;
        }
      }
      assertEquals(1000, squares, 10, "a deviation of one over the root of 3001 inputs");
      assertEquals(7, Float.float16ToFloat(bytes(checkpoint, "between").getShort()));
      List<Integer> values = shorts(bytes(checkpoint, "next.weight"));
      assertNotEquals(
          values.subList(0, 1000),
          values.subList(NoiseField.LENGTH, NoiseField.LENGTH + 1000),
          "every piece has its own place in the noise");
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> SampleTensor.of("x", DType.F16, Shape.of(2), 1));
    assertThrows(
        IllegalArgumentException.class, () -> SampleTensor.of("x", DType.F8_E4M3, Shape.of(1), 1));
  }

  private static ByteBuffer bytes(Checkpoint checkpoint, String key) throws IOException {
    Checkpoint.StoredTensor tensor = checkpoint.stored().get(key);
    ByteBuffer bytes =
        ByteBuffer.allocate((int) tensor.info().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    checkpoint.read(bytes, tensor.position());
    return bytes.flip();
  }

  private static List<Integer> shorts(ByteBuffer bytes) {
    var values = new ArrayList<Integer>();
    while (bytes.hasRemaining()) {
      values.add(bytes.getShort() & 0xFFFF);
    }
    return values;
  }
}
