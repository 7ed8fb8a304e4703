package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bmr report}: the page as text, and in a browser where there is one. */
class ReportCommandTest {
  private static final String RECIPE =
      """
      # faces and skin
      HALF = "A <b>" x 0.5 + Base x 0.5
      MIX = HALF x (1-alpha) + Skin x alpha, alpha = {OUT06~OUT11: 0.15, VAE: 1}
      model Skin = "Skin.safetensors" license "CC0"
      save MIX
      """;

  @TempDir private Path folder;

  private String page() throws IOException {
    Files.writeString(folder.resolve("soft.bmr"), RECIPE);
    CommandRun run = CommandRun.in(folder, "report", "soft.bmr");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("soft.html: "), run.out());
    return Files.readString(folder.resolve("soft.html"));
  }

  @Test
  void writesAPage() throws IOException {
    String page = page();
    assertFalse(page.contains("A <b>"), "names are escaped");
    Golden.check("cli/report.golden", page.replaceAll("Made by bmr [^<]*", "Made by bmr."));
    CommandRun again = CommandRun.in(folder, "report", "soft.bmr");
    assertEquals(1, again.status());
    assertTrue(again.err().contains("`soft.html` exists"), again.err());
    assertEquals(0, CommandRun.in(folder, "report", "soft.bmr", "--overwrite").status());
    assertEquals(page, Files.readString(folder.resolve("soft.html")));
  }

  @Test
  void everyLinkHasItsPlaceAndNothingIsFetched() throws IOException {
    String page = page();
    Matcher links = Pattern.compile("href=\"#([^\"]*)\"").matcher(page);
    int count = 0;
    while (links.find()) {
      assertTrue(page.contains("id=\"" + links.group(1) + "\""), links.group());
      count++;
    }
    assertTrue(count > 5, "links: " + count);
    assertFalse(
        Pattern.compile("(src|href)=\"(?!#)").matcher(page).find(), "the page asks for a file");
  }

  @Test
  void drawsTheGraphAlone() throws IOException {
    page();
    for (String form : List.of("mermaid", "dot", "svg")) {
      CommandRun run = CommandRun.in(folder, "report", "soft.bmr", "--as", form);
      assertEquals(0, run.status(), run.err());
      Golden.check("cli/report-" + form + ".golden", run.out());
    }
  }

  @Test
  void scriptsInOtherEncodingsAreShown() throws IOException {
    Files.write(
        folder.resolve("old.bmr"),
        "M = A x 0.5 + B x 0.5 # f\u00fcr\n".getBytes(StandardCharsets.ISO_8859_1));
    CommandRun run = CommandRun.in(folder, "report", "old.bmr");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().contains("BMR0026"), run.err());
    assertTrue(Files.readString(folder.resolve("old.html")).contains("# f\ufffdr"));
  }

  @Test
  void errorsOfTheRecipeWriteNothing() throws IOException {
    Files.writeString(folder.resolve("bad.bmr"), "M = A x\n");
    CommandRun run = CommandRun.in(folder, "report", "bad.bmr");
    assertEquals(1, run.status());
    assertFalse(Files.exists(folder.resolve("bad.html")));
  }

  /** In a window of two widths the page itself never scrolls sideways; only its pictures do. */
  @Test
  @Tag("slow")
  void fitsTheWindow() throws Exception {
    String browser = browser();
    Assumptions.assumeFalse(browser.isEmpty(), "no Chromium here: the page is not looked at");
    String probe =
        "<script>addEventListener('load',()=>{const d=document;d.title=[d.documentElement"
            + ".scrollWidth,innerWidth,d.querySelectorAll('svg').length,getComputedStyle(d.body)"
            + ".backgroundColor].join('|')})</script></body>";
    Path file = folder.resolve("probe.html");
    Files.writeString(file, page().replace("</body>", probe));
    for (int width : new int[] {1280, 500}) {
      String dom = dom(browser, file, width);
      Matcher title =
          Pattern.compile("<title>(\\d+)\\|(\\d+)\\|(\\d+)\\|([^<]*)</title>").matcher(dom);
      assertTrue(title.find(), dom.substring(0, Math.min(400, dom.length())));
      int page = Integer.parseInt(title.group(1));
      assertTrue(page <= Integer.parseInt(title.group(2)), width + ": " + title.group());
      assertEquals("2", title.group(3), "pictures");
    }
  }

  private static String browser() {
    for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
      for (String place :
          System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
        Path file = Path.of(place).resolve(name);
        if (Files.isExecutable(file)) {
          return file.toString();
        }
      }
    }
    return "";
  }

  private String dom(String browser, Path file, int width) throws Exception {
    Path out = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                String.format(Locale.ROOT, "--window-size=%d,900", width),
                "--dump-dom",
                file.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser does not end");
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
