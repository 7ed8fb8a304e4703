package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bmr.diagnostic.FileProblem;
import bmr.model.ModelNames.Lookup;
import bmr.model.ModelNames.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLibraryTest {
  @TempDir Path folder;

  private Path file(String name) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    // nothing in it: a library that opened files would fail
    return Files.write(path, new byte[0]);
  }

  private ModelLibrary library() {
    return ModelLibrary.of(List.of(folder));
  }

  private static Path found(ModelLibrary library, String name, boolean exact) {
    var found = assertInstanceOf(Lookup.Found.class, library.find(name), name);
    assertEquals(exact, found.exact(), name);
    return found.file().path();
  }

  private static List<String> missing(ModelLibrary library, String name) {
    return assertInstanceOf(Lookup.Missing.class, library.find(name), name).similar();
  }

  @Test
  void stemsAreFoundExactlyThenLoosely() throws IOException {
    Path first = file("a/Open_Bra.safetensors");
    Path second = file("b/open-bra.safetensors");
    Path third = file("sd1.4.ckpt");
    Path fourth = file("BlessingMix V1-EvoEnc.SafeTensors");
    var library = library();
    assertEquals(first, found(library, "Open_Bra", true));
    assertEquals(second, found(library, "open-bra", true));
    assertEquals(third, found(library, "sd1.4", true));
    assertEquals(third, found(library, "SD 1.4", false));
    assertEquals(fourth, found(library, "blessingmix_v1_evoenc", false));
    var both = assertInstanceOf(Lookup.Ambiguous.class, library.find("OpenBra"));
    assertEquals(List.of(first, second), both.files());
    assertEquals(
        List.of("BlessingMix V1-EvoEnc", "open-bra", "Open_Bra", "sd1.4"), library.names());
    assertEquals(List.of(), missing(library, "---"));
    assertEquals(List.of(), missing(library, ""));
  }

  @Test
  void aPartOfANameIsNeverEnough() throws IOException {
    file("OpenBra1.1.safetensors");
    file("sxd_10Pruned.safetensors");
    assertEquals(List.of("OpenBra1.1"), missing(library(), "OpenBra"));
    assertEquals(List.of("sxd_10Pruned"), missing(library(), "sdx_10Pruned"));
    assertEquals(List.of("sxd_10Pruned"), missing(library(), "sxd_10"));
    assertEquals(List.of(), missing(library(), "anything"));
  }

  @Test
  void theBestSuggestionComesFirst() throws IOException {
    for (String name : List.of("dreamshaper_6", "dreamshaper_8", "dreamlike", "realistic")) {
      file(name + ".safetensors");
    }
    assertEquals("dreamshaper_8", missing(library(), "dreamshapr_8").getFirst());
    assertEquals(List.of("dreamlike"), missing(library(), "draemlike"));
  }

  @Test
  void sidecarsAndOtherKindsAreNoCandidates() throws IOException {
    for (String name :
        List.of(
            "x.safetensors",
            "x.json",
            "x.yaml",
            "x.txt",
            "x.preview.png",
            "x.civitai.info",
            "x.safetensors.part",
            ".hidden.safetensors",
            ".cache/y.safetensors",
            "x.vae.pt",
            "x.VAE.safetensors",
            "VAE/kl-f8.safetensors",
            "Lora/deep/er/style.safetensors",
            "embeddings/bad.pt",
            "ControlNet/canny.safetensors",
            "text_encoders/t5.safetensors",
            "pipe/model_index.json",
            "pipe/unet/diffusion_pytorch_model.safetensors")) {
      file(name);
    }
    var library = library();
    assertEquals(List.of("pipe", "x"), library.names());
    assertEquals(folder.resolve("pipe"), found(library, "pipe", true));
    assertEquals(folder.resolve("x.safetensors"), found(library, "x", true));
    assertEquals(List.of(), missing(library, "kl-f8"));
    var kinds =
        library.entries().stream()
            .map(entry -> entry.file().name() + ": " + entry.kind())
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "bad: EMBEDDING",
            "canny: CONTROL",
            "kl-f8: VAE",
            "pipe: MODEL",
            "style: LORA",
            "t5: TEXT_ENCODER",
            "x.VAE: VAE",
            "x.vae: VAE",
            "x: MODEL"),
        kinds);
  }

  @Test
  void aPlaceThatIsNamedCountsWhateverItsName() throws IOException {
    Path vae = file("models/VAE/kl.vae.pt");
    Path other = file("models/Lora/mix.safetensors");
    var library = ModelLibrary.of(List.of(vae, other.getParent()));
    assertEquals(vae, found(library, "kl.vae", true));
    assertEquals(other, found(library, "mix", true));
  }

  @Test
  void aSafetensorsTwinIsTheModel() throws IOException {
    Path tensors = file("a/m.safetensors");
    Path pickle = file("a/m.ckpt");
    var library = library();
    assertEquals(tensors, found(library, "m", true));
    assertEquals(
        List.of(new FileProblem.TwinIgnored("m", tensors, pickle)),
        library.notesOn(new ModelFile("m", tensors)));
    assertEquals(pickle, found(library, "m.ckpt", true));
    assertEquals(tensors, found(library, "m.safetensors", true));
    assertEquals(List.of("m"), missing(library, "m.pt"));
    assertEquals(List.of(), library.notesOn(new ModelFile("m", pickle)));
  }

  @Test
  void otherDoublesAreAmbiguous() throws IOException {
    Path tensors = file("a/m.safetensors");
    Path elsewhere = file("b/m.ckpt");
    file("c/n.ckpt");
    file("c/n.pt");
    var both = assertInstanceOf(Lookup.Ambiguous.class, library().find("m"));
    assertEquals(List.of(tensors, elsewhere), both.files());
    assertInstanceOf(Lookup.Ambiguous.class, library().find("n"));
  }

  @Test
  void linksAreFollowedAndMakeNoDoubles() throws IOException {
    Path real = file("store/blobs/m.safetensors");
    file("a/x.txt");
    link(folder.resolve("a/m.safetensors"), real);
    link(folder.resolve("a/other name.safetensors"), real);
    link(folder.resolve("a/loop"), folder);
    link(folder.resolve("a/gone.safetensors"), folder.resolve("nowhere"));
    var library = library();
    assertEquals(folder.resolve("a/m.safetensors"), found(library, "m", true));
    found(library, "other name", true);
    assertEquals(List.of("m", "other name"), library.names());
    var twice = ModelLibrary.of(List.of(folder, folder.resolve("a/.."), real));
    found(twice, "m", true);
  }

  @Test
  void aFolderOfAnotherKindMayBeLinkedAmongModels() throws IOException {
    file("Lora/mix.safetensors");
    link(folder.resolve("My models"), folder.resolve("Lora"));
    assertEquals(folder.resolve("My models/mix.safetensors"), found(library(), "mix", true));
  }

  @Test
  void declaredNamesComeFirst() throws IOException {
    Path found = file("Evt.safetensors");
    Path declared = folder.resolve("not there/evt_V4-preview.safetensors");
    var library = library();
    var more = library.withFile("Evt", declared).withFile("my base", found);
    assertEquals(found, found(library, "Evt", true));
    assertEquals(declared, found(more, "Evt", true));
    assertEquals(declared, found(more, "evt", false));
    assertEquals(found, found(more, "My_Base", false));
    assertEquals(List.of("Evt", "my base"), more.names());
  }

  @Test
  void anotherLibraryIsAskedForWhatThisOneLacks() throws IOException {
    Path named = file("named/Open_Bra.safetensors");
    file("later/Open_Bra.safetensors");
    Path exact = file("later/OpenBra.safetensors");
    Path other = file("later/other one.safetensors");
    Path lora = file("later/Lora/style.safetensors");
    var library =
        ModelLibrary.of(List.of(folder.resolve("named")))
            .followedBy(ModelLibrary.of(List.of(folder.resolve("later"))));
    assertEquals(named, found(library, "Open_Bra", true));
    assertEquals(exact, found(library, "OpenBra", true));
    assertEquals(named, found(library, "open-bra", false));
    assertEquals(other, found(library, "OtherOne", false));
    assertEquals(List.of("Open_Bra", "OpenBra", "other one"), library.names());
    assertEquals(List.of("other one"), missing(library, "othr one"));
    assertEquals(5, library.entries().size());
    assertEquals(
        lora, assertInstanceOf(Lookup.Found.class, library.findLora("style")).file().path());
    assertInstanceOf(Lookup.Missing.class, library.findLora("stile"));
    assertEquals(exact, found(library.withFile("x", named), "OpenBra", true));
  }

  @Test
  void accentsAreOneHoweverTheyAreStored() throws IOException {
    Path file = file("Re\u0301alisme.safetensors");
    assertEquals(file.getParent(), found(library(), "R\u00e9alisme", true).getParent());
  }

  @Test
  void placesThatAreNotThereAreProblems() {
    Path nowhere = folder.resolve("nowhere");
    assertEquals(
        new FileProblem.PlaceUnusable(nowhere, "it is not there"),
        SampleFiles.problem(() -> ModelLibrary.of(List.of(nowhere))));
    assertEquals(List.of(), ModelLibrary.empty().names());
    assertTrue(library().notes().isEmpty());
  }

  private static void link(Path link, Path to) throws IOException {
    try {
      Files.createSymbolicLink(link, to);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no links here");
    }
  }
}
