package bmr.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.model.Architecture;
import bmr.model.Part;
import bmr.model.TensorRole;
import bmr.sample.SampleModels.Sample;
import bmr.sample.SampleModels.Scale;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleModelsTest {
  @TempDir static Path folder;
  private static List<Sample> samples = List.of();

  @BeforeAll
  static void write() {
    samples = SampleModels.write(folder, Scale.TINY, Architecture.SD1);
  }

  @Test
  void filesAreTheSameEverywhere() throws IOException {
    var text = new StringBuilder();
    for (Sample sample : samples) {
      var crc = new CRC32();
      crc.update(Files.readAllBytes(sample.file()));
      text.append(
          "%-40s %8d %08x %s%n"
              .formatted(
                  sample.file().getFileName(), sample.size(), crc.getValue(), sample.oddity()));
    }
    Golden.check("sample/tiny-sd1.golden", text.toString().replaceAll(" +\\R", "\n"));
  }

  @Test
  void everyFileIsMarkedAndIsAnSd1Model() throws IOException {
    assertEquals(11, samples.size());
    for (Sample sample : samples) {
      assertEquals(Files.size(sample.file()), sample.size());
      assertTrue(sample.size() < 1_200_000, sample.toString());
      try (Checkpoint checkpoint = Checkpoint.open(sample.file())) {
        assertEquals(Architecture.SD1, checkpoint.architecture());
        assertEquals("true", checkpoint.metadata().get(SampleModels.SYNTHETIC));
        assertEquals("pt", checkpoint.metadata().get("format"));
      }
    }
  }

  @Test
  void shapesAgreeAmongAllFiles() {
    try (Checkpoint base = open("v1-5-pruned-emaonly")) {
      for (Sample sample : samples) {
        try (Checkpoint checkpoint = Checkpoint.open(sample.file())) {
          checkpoint
              .tensors()
              .forEach(
                  (key, info) -> assertEquals(base.tensors().get(key).shape(), info.shape(), key));
        }
      }
      assertEquals(
          Shape.of(10, 4, 3, 3),
          base.tensors().get("model.diffusion_model.input_blocks.0.0.weight").shape());
    }
  }

  @Test
  void odditiesAreThere() {
    assertEquals(Set.of(DType.F16, DType.I64), dtypes("OpenBra"));
    assertEquals(Set.of(DType.F32, DType.I64, DType.I32), dtypes("v1-5-pruned-emaonly"));
    assertEquals(Set.of(DType.BF16, DType.I64), dtypes("epicrealism_newEra"));
    assertEquals(Set.of(DType.F16, DType.F32), dtypes("epicrealism_newAge"));
    try (Checkpoint noVae = open("dreamshaper_6NoVae");
        Checkpoint base = open("v1-5-pruned-emaonly");
        Checkpoint coal = open("diamondcoalmix_diamondcoalv2pruned");
        Checkpoint bra = open("OpenBra")) {
      assertTrue(noVae.tensors().keySet().stream().noneMatch(key -> Part.of(key) == Part.VAE));
      assertEquals(883, noVae.tensors().size());
      assertEquals(1131, bra.tensors().size());
      assertEquals(1131, base.tensors().keySet().stream().filter(SampleModelsTest::isKept).count());
      assertTrue(base.tensors().containsKey("betas"));
      assertTrue(base.tensors().containsKey("model_ema.diffusion_modelinput_blocks00bias"));
      assertEquals(bra.tensors().keySet(), Set.copyOf(coal.tensors().keySet()));
      assertTrue(
          coal.stored().values().stream()
              .anyMatch(tensor ->
                  tensor.storedKey().startsWith("cond_stage_model.transformer.encoder.")));
    }
  }

  @Test
  void writingAgainLeavesThemAlone() throws IOException {
    Path file = samples.getFirst().file();
    FileTime before = FileTime.fromMillis(1_000_000_000);
    Files.setLastModifiedTime(file, before);
    SampleModels.write(folder, Scale.TINY, Architecture.SD1);
    assertEquals(before, Files.getLastModifiedTime(file));
  }

  @Test
  void otherFilesAreNeverReplaced(@TempDir Path other) throws IOException {
    Path real = other.resolve("sxd_10Pruned.safetensors");
    SampleFile.write(
        real, List.of(SampleTensor.of("x", DType.F16, Shape.of(1), 1)), java.util.Map.of());
    byte[] before = Files.readAllBytes(real);
    ProblemException e =
        assertThrows(
            ProblemException.class, () -> SampleModels.write(other, Scale.TINY, Architecture.SD1));
    assertEquals(new RunProblem.NotASample(real), e.diagnostics().getFirst().problem());
    assertArrayEquals(before, Files.readAllBytes(real));
    try (var files = Files.list(other)) {
      assertEquals(1, files.count(), "nothing else was written");
    }
    Files.writeString(real, "no model");
    assertThrows(
        ProblemException.class, () -> SampleModels.write(other, Scale.TINY, Architecture.SD1));
  }

  @Test
  void sdxlHasItsMarkers(@TempDir Path other) {
    List<Sample> written = SampleModels.write(other, Scale.TINY, Architecture.SDXL);
    assertEquals(3, written.size());
    for (Sample sample : written) {
      try (Checkpoint checkpoint = Checkpoint.open(sample.file())) {
        assertEquals(Architecture.SDXL, checkpoint.architecture());
        boolean vPrediction = sample.file().toString().contains("vpred");
        assertEquals(vPrediction, checkpoint.tensors().containsKey("v_pred"));
        assertEquals(vPrediction ? 2517 : 2515, checkpoint.tensors().size());
      }
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> SampleModels.write(other, Scale.TINY, Architecture.FLUX));
  }

  private static boolean isKept(String key) {
    TensorRole role = TensorRole.of(key);
    return role == TensorRole.BLENDED || role == TensorRole.POSITION_IDS;
  }

  private static Set<DType> dtypes(String name) {
    try (Checkpoint checkpoint = open(name)) {
      assertFalse(checkpoint.tensors().isEmpty());
      return checkpoint.tensors().values().stream()
          .map(info -> info.dtype())
          .collect(Collectors.toSet());
    }
  }

  private static Checkpoint open(String name) {
    return Checkpoint.open(folder.resolve(name + ".safetensors"));
  }
}
