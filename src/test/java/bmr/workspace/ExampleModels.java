package bmr.workspace;

import bmr.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The model files that scripts of mistakes may name. */
public final class ExampleModels {
  private static final List<String> SD1 =
      List.of("A", "B", "C", "OpenBra", "Evt_V4_e04_ema", "v1-5-pruned-emaonly", "Kenshi Mix");

  private ExampleModels() {}

  /** Writes SD 1.x models, two SDXL models (XL1, XL2) and a name that two folders have (Twice). */
  public static void write(Path folder) {
    try {
      SD1.forEach(name -> TinyModel.sd1(name, DType.F16).write(folder));
      TinyModel.sdxl("XL1").write(folder);
      TinyModel.sdxl("XL2").write(folder);
      for (String other : List.of("one", "other")) {
        TinyModel.sd1("Twice").write(Files.createDirectories(folder.resolve(other)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
