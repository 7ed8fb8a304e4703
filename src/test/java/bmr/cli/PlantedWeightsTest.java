package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thirteen hidden weights come back from a target that was written in half precision. */
@Tag("slow")
class PlantedWeightsTest {
  private static final long SEED = 13;

  @TempDir private Path folder;

  private void plant(double far) throws Exception {
    Path models = Files.createDirectories(folder.resolve("models"));
    PlantedModels.write(models, far, SEED);
    SampleFolder.write(folder, "hidden.bmr", PlantedModels.recipe(PlantedModels.HIDDEN));
    SampleFolder.write(folder, "form.bmr", PlantedModels.form(false));
    CommandRun run =
        CommandRun.in(
            folder, "run", "hidden.bmr", "--models", "models", "-o", "target.safetensors");
    assertEquals(0, run.status(), run.err());
  }

  private JsonObject fit(String recipe, String... more) {
    var arguments =
        new java.util.ArrayList<String>(
            java.util.List.of(
                "fit",
                recipe,
                "FINAL",
                "--target",
                "target.safetensors",
                "--relative-to",
                "v15",
                "--models",
                "models",
                "--no-cache",
                "--json"));
    arguments.addAll(java.util.List.of(more));
    CommandRun run = CommandRun.in(folder, arguments.toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    return JsonParser.parseString(run.out()).getAsJsonObject();
  }

  private static double[] weights(JsonObject fit) {
    var weights = new double[PlantedModels.HIDDEN.size()];
    for (JsonElement element : fit.getAsJsonArray("weights")) {
      JsonObject weight = element.getAsJsonObject();
      int index = Integer.parseInt(weight.get("name").getAsString().substring("?w".length())) - 1;
      weights[index] = weight.get("value").getAsDouble();
    }
    return weights;
  }

  /** Plain cosine of two relatives: about 0.999 and 0.75. */
  @ParameterizedTest
  @CsvSource({"0.0316, 2e-4", "0.5, 1e-5"})
  void comeBack(double far, double within) throws Exception {
    plant(far);
    JsonObject fit = fit("form.bmr");
    double[] weights = weights(fit);
    double worst = 0;
    for (int i = 0; i < weights.length; i++) {
      double hidden = Double.parseDouble(PlantedModels.HIDDEN.get(i));
      worst = Math.max(worst, Math.abs(weights[i] - hidden));
    }
    String found = String.format(Locale.ROOT, "seed %d far %s: off by %.2g", SEED, far, worst);
    System.out.println(found);
    assertTrue(worst <= within, found + "\n" + fit);
    assertEquals(0, fit.getAsJsonArray("undetermined").size(), fit.toString());
    SampleFolder.write(folder, "truth.bmr", PlantedModels.form(true));
    double truth = fit("truth.bmr").get("before").getAsDouble();
    assertTrue(fit.get("after").getAsDouble() <= 1.001 * truth, truth + "\n" + fit);

    // all in another order, the origin of the table too
    SampleFolder.write(
        folder,
        "order.bmr",
        "Order = (dream - sxd) x 0.1 + (age - era) x 0.1 + v15\n" + PlantedModels.form(false));
    double[] again = weights(fit("order.bmr"));
    for (int i = 0; i < weights.length; i++) {
      assertEquals(weights[i], again[i], 2e-7, "w" + (i + 1));
    }
  }

  @Test
  void areExactWhenRounded() throws Exception {
    plant(0.0316);
    double[] weights = weights(fit("form.bmr", "--round", "0.01"));
    for (int i = 0; i < weights.length; i++) {
      assertEquals(Double.parseDouble(PlantedModels.HIDDEN.get(i)), weights[i], "w" + (i + 1));
    }
  }
}
