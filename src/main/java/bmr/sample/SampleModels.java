package bmr.sample;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.SafetensorsLayout;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.model.Architecture;
import bmr.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Synthetic checkpoints with real key names, for the demo, tests and benchmarks. Their metadata
 * says that they are synthetic. The same arguments give the same bytes.
 */
public final class SampleModels {
  private SampleModels() {}

  /** How large the tensors are. */
  public enum Scale {
    /** Shrunken shapes, a few hundred kilobytes a file. */
    TINY,
    /** The real shapes: 2.13 GB a file in F16 for SD 1.x. */
    FULL;

    private static final int MOST = 12;

    /**
     * The shape of a tensor at this scale. Equal lengths stay equal; lengths up to 16 (kernels,
     * channels of images and latents) and the 77 tokens are kept.
     */
    Shape shape(Shape real) {
      return switch (this) {
        case FULL -> real;
        case TINY -> new Shape(real.dimensions().stream().map(Scale::shrunken).toList());
      };
    }

    private static long shrunken(long length) {
      return length <= 16 || length == 77 ? length : Math.clamp(length / 32, 1, MOST);
    }
  }

  /** Metadata key that samples carry; only files with it are ever replaced. */
  public static final String SYNTHETIC = "bmr.synthetic";

  /** Changed when the same design gives other bytes than before. */
  private static final String REVISION = "1";

  /**
   * A file that was written.
   *
   * @param oddity what is special about it, empty if nothing
   */
  public record Sample(Path file, long size, String oddity) {}

  /**
   * Writes the eleven models of the Blessing Mix (SD 1.x) or three models (SDXL). Samples that are
   * there already are left alone: those whose size and header are as they should be.
   *
   * @throws bmr.diagnostic.ProblemException with a RunProblem where another file has a sample's
   *     name, or where a file cannot be written
   * @throws IllegalArgumentException for other architectures
   */
  public static List<Sample> write(Path folder, Scale scale, Architecture architecture) {
    SequencedMap<String, Shape> table = TensorTable.of(architecture);
    List<SampleDesign> designs =
        architecture.equals(Architecture.SD1) ? SampleDesign.blessingMix() : SampleDesign.sdxl();
    for (SampleDesign design : designs) {
      refuseForeign(file(folder, design));
    }
    var field = new NoiseField(Mixture.Direction.values().length);
    var samples = new ArrayList<Sample>();
    for (SampleDesign design : designs) {
      samples.add(
          write(
              file(folder, design),
              design,
              scale,
              SampleContents.of(design, architecture, scale, table, field)));
    }
    return List.copyOf(samples);
  }

  private static Path file(Path folder, SampleDesign design) {
    return folder.resolve(design.name() + ".safetensors");
  }

  private static Sample write(
      Path file, SampleDesign design, Scale scale, List<SampleTensor> tensors) {
    Map<String, String> metadata =
        Map.of(
            "format",
            "pt",
            SYNTHETIC,
            "true",
            "bmr.note",
            "Random numbers under the key names of real models, made by bmr; no trained model",
            "bmr.scale",
            scale.name().toLowerCase(Locale.ROOT),
            "bmr.revision",
            REVISION);
    SafetensorsLayout layout = SampleFile.layout(tensors, metadata);
    if (!isThere(file, layout)) {
      SampleFile.write(file, tensors, metadata);
    }
    return new Sample(file, layout.size(), design.oddityText(scale));
  }

  static void refuseForeign(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      if (checkpoint.metadata().containsKey(SYNTHETIC)) {
        return;
      }
    } catch (ProblemException e) {
      // no readable model, so none of ours either
    }
    throw new ProblemException(new RunProblem.NotASample(file));
  }

  private static boolean isThere(Path file, SafetensorsLayout layout) {
    byte[] expected = layout.header();
    try (InputStream stream = Files.newInputStream(file)) {
      return Files.size(file) == layout.size()
          && Arrays.equals(stream.readNBytes(expected.length), expected);
    } catch (IOException e) {
      return false;
    }
  }
}
