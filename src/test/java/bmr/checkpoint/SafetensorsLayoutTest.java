package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsLayoutTest {
  private static final TensorInfo A = new TensorInfo("a\"\\", DType.F16, Shape.of(2, 3));
  private static final TensorInfo B = new TensorInfo("b", DType.I64, Shape.of());

  @Test
  void theHeaderIsExactlyThis() {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("z", "tab\t, bell\u0007, \u00e4, \ud83d\ude00, /");
    metadata.put("format", "pt");
    var layout = SafetensorsLayout.of(List.of(A, B), metadata);
    String json =
        "{\"__metadata__\":{\"format\":\"pt\","
            + "\"z\":\"tab\\t, bell\\u0007, \u00e4, \ud83d\ude00, /\"},"
            + "\"a\\\"\\\\\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[12,20]}}";
    int length = json.getBytes(UTF_8).length;
    int padded = (length + 7) / 8 * 8;
    byte[] expected = SampleFiles.bytes(json + " ".repeat(padded - length), 0);
    assertEquals(new String(expected, UTF_8), new String(layout.header(), UTF_8));
    assertEquals(List.of(8L + padded, 8L + padded + 12), layout.positions());
    assertEquals(8 + padded + 20, layout.size());
    assertNotSame(layout.header(), layout.header());
  }

  @Test
  void nothingAtAllIsAFileToo() {
    byte[] header = SafetensorsLayout.of(List.of(), Map.of()).header();
    assertEquals(new String(SampleFiles.bytes("{}      ", 0), UTF_8), new String(header, UTF_8));
  }

  @Test
  void whatNoReaderTakesIsRefused() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    assertThrows(illegal, () -> SafetensorsLayout.of(List.of(B, B), Map.of()));
    var reserved = new TensorInfo("__metadata__", DType.U8, Shape.of());
    assertThrows(illegal, () -> SafetensorsLayout.of(List.of(reserved), Map.of()));
    assertThrows(illegal, () -> SafetensorsLayout.of(List.of(), Map.of("a", "\ud800x")));
    assertThrows(illegal, () -> SafetensorsLayout.of(List.of(), Map.of("\udc00", "")));
    var huge = new TensorInfo("h", DType.U8, Shape.of(Long.MAX_VALUE));
    assertThrows(ArithmeticException.class, () -> SafetensorsLayout.of(List.of(huge, B), Map.of()));
  }
}
