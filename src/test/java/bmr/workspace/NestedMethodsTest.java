package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.IN11;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static bmr.workspace.TinyModel.TIME;
import static bmr.workspace.TinyModel.VAE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods in formulas and formulas in methods, against plain loops. */
class NestedMethodsTest {
  private static final String[] KEYS = {CLIP, VAE, TIME, IN04, IN11, MID, OUT03, HEAD};

  @TempDir private Path folder;
  private TinyModel a = TinyModel.sd1("A");
  private TinyModel b = TinyModel.sd1("B");
  private TinyModel c = TinyModel.sd1("C");

  @BeforeEach
  void write() {
    a.write(folder);
    b.write(folder);
    c.write(folder);
  }

  private static double[] sum(double[] left, double share, double[] right, double other) {
    double[] result = new double[left.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = left[i] * share + right[i] * other;
    }
    return result;
  }

  private static double dot(double[] left, double[] right) {
    double dot = 0;
    for (int i = 0; i < left.length; i++) {
      dot += left[i] * right[i];
    }
    return dot;
  }

  private static double[] slerp(double[] left, double[] right, double t) {
    double lengthLeft = Math.sqrt(dot(left, left));
    double lengthRight = Math.sqrt(dot(right, right));
    double angle = Math.acos(dot(left, right) / lengthLeft / lengthRight);
    double length = (1 - t) * lengthLeft + t * lengthRight;
    return sum(
        left,
        length * Math.sin((1 - t) * angle) / Math.sin(angle) / lengthLeft,
        right,
        length * Math.sin(t * angle) / Math.sin(angle) / lengthRight);
  }

  private static double[] train(double[] one, double[] two, double[] three, double alpha) {
    double[] result = new double[one.length];
    for (int i = 0; i < result.length; i++) {
      double near = Math.abs(two[i] - one[i]);
      double change = two[i] - three[i];
      result[i] =
          one[i] + (change == 0 ? 0 : 1.8 * alpha * near / (near + Math.abs(change)) * change);
    }
    return result;
  }

  @Test
  void methodsInFormulas() throws IOException {
    Merged merged =
        Merged.of(
            folder,
            "R = slerp(A, B, 0.3) x 0.5 + trainDifference(A, B, C, 0.7) x 0.25 + C x 0.25",
            "save R f64");
    for (String key : KEYS) {
      double[] arc = slerp(a.values(key), b.values(key), 0.3);
      double[] trained = train(a.values(key), b.values(key), c.values(key), 0.7);
      merged.equal(key, sum(sum(arc, 0.5, trained, 0.25), 1, c.values(key), 0.25));
    }
  }

  @Test
  void formulasInMethods() throws IOException {
    Merged merged =
        Merged.of(
            folder,
            "T = trainDifference(A x 0.5 + B x 0.5, slerp(B, C, 0.6), C)",
            "R = slerp(T, A + (B - C) x 0.2, 0.4)",
            "save R f64");
    for (String key : KEYS) {
      double[] mean = sum(a.values(key), 0.5, b.values(key), 0.5);
      double[] arc = slerp(b.values(key), c.values(key), 0.6);
      double[] trained = train(mean, arc, c.values(key), 1);
      double[] added = sum(a.values(key), 1, sum(b.values(key), 1, c.values(key), -1), 0.2);
      merged.equal(key, slerp(trained, added, 0.4));
    }
  }

  @Test
  void weightsPerBlock() throws IOException {
    Merged merged =
        Merged.of(
            folder,
            "R = slerp(A, B, t)",
            "  t = {CLIP: 1, IN: 0.25, OUT: 0.75, HEAD: 0.5}",
            "save R f64");
    merged.exactly(a, VAE, MID).exactly(b, CLIP);
    merged.equal(IN04, slerp(a.values(IN04), b.values(IN04), 0.25));
    merged.equal(OUT03, slerp(a.values(OUT03), b.values(OUT03), 0.75));
    merged.equal(HEAD, slerp(a.values(HEAD), b.values(HEAD), 0.5));
    assertEquals(6 * 24, merged.readOf("B"));
    assertEquals(7 * 24, merged.readOf("A"));
  }

  @Test
  void endsReadOneModel() throws IOException {
    Merged start = Merged.of(folder, "R = slerp(A, B, 0)", "save R f64").exactly(a, KEYS);
    assertEquals(0, start.readOf("B"));
    Merged end = Merged.of(folder, "R = slerp(A, B, 1)", "save R f64").exactly(b, KEYS);
    assertEquals(0, end.readOf("A"));
    assertEquals(8 * 24, end.plan().readBytes());
    Merged still =
        Merged.of(folder, "R = trainDifference(A, B, C, 0)", "save R f64").exactly(a, KEYS);
    assertEquals(0, still.readOf("B") + still.readOf("C"));
  }

  @Test
  void missingOperands() throws IOException {
    TinyModel.sd1("B").without(VAE, MID).write(folder);
    Merged arc = Merged.of(folder, "R = slerp(B, A, 0.5)", "save R f64").exactly(a, VAE, MID);
    arc.equal(OUT03, slerp(b.values(OUT03), a.values(OUT03), 0.5));
    Merged.of(folder, "R = trainDifference(A, B, C)", "save R f64").exactly(a, VAE, MID);
  }

  @Test
  void cancelledSourcesAreNotRead() throws IOException {
    Merged merged =
        Merged.of(
            folder, "T = A x 0.5 + B x 0.5", "R = T + (C - B) x 0.5 + (A - C) x 0.5", "save R f64");
    merged.exactly(a, KEYS);
    assertEquals(0, merged.readOf("B") + merged.readOf("C"));
    assertEquals(8 * 24, merged.plan().readBytes());
  }
}
