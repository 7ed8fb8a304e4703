package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The folders of a user's own, and what is found in them by hash or in the hub's cache. */
public sealed interface LibraryProblem extends Problem {
  /** A file under another name than the script's. */
  record FoundByHash(String name, String hash, Path file) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0190";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + name + "` is " + quoted(file) + " here: it has the hash " + hash;
    }
  }

  /** Several files of one name, and none is the right one. */
  record NoneOfHash(String name, String wanted, List<String> found) implements LibraryProblem {
    private static final int MOST = 5;

    public NoneOfHash {
      found = List.copyOf(found);
    }

    @Override
    public String code() {
      return "BMR0191";
    }

    @Override
    public String message() {
      var shown = found.subList(0, Math.min(MOST, found.size()));
      return "no file called `"
          + name
          + "` has the hash "
          + wanted
          + ": "
          + String.join(", ", shown)
          + (found.size() > MOST ? " and " + (found.size() - MOST) + " more" : "");
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("find the file with the hash " + wanted + ", or write the hash of one");
    }
  }

  /** A file might be found by its hash, but that of some files was never computed. */
  record HashesUnknown(String hash, int files) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0192";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "one of "
          + files
          + (files == 1 ? " file" : " files")
          + " whose hash is not known yet may have the hash "
          + hash;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr models --hash DIR` computes them, once");
    }
  }

  /** A line of the configuration that names no folder. */
  record ConfigLine(String reason) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0193";
    }

    @Override
    public String message() {
      return "this line of the configuration names no folder: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("each line is a whole path, or a comment that begins with `#`");
    }
  }

  /** A configuration that cannot be read or written. */
  record ConfigUnusable(Path file, String reason) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0194";
    }

    @Override
    public String message() {
      return "the configuration " + quoted(file) + " cannot be used: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "it is a text file with one folder in each line; `BMR_CONFIG` names another");
    }
  }

  /** {@code webui:} before a folder that is none of a web UI. */
  record NoWebUi(Path folder) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0195";
    }

    @Override
    public String message() {
      return quoted(folder) + " is not the folder of a web UI that bmr knows";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "in it should be `models/Stable-diffusion` or `models/checkpoints`;"
              + " leave out `webui:` to search any folder");
    }
  }

  /** A repository of the hub that is not one model. */
  record HubFolderUnclear(String reference, List<String> files) implements LibraryProblem {
    private static final int MOST = 5;

    public HubFolderUnclear {
      files = List.copyOf(files);
    }

    @Override
    public String code() {
      return "BMR0196";
    }

    @Override
    public String message() {
      return "`hf:" + reference + "` is in the local cache, but not as one model";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "name one of its files: "
              + files.stream()
                  .limit(MOST)
                  .map(file -> "`hf:" + reference + "/" + Visible.text(file) + "`")
                  .collect(java.util.stream.Collectors.joining(", ")));
    }
  }

  /** A folder of the configuration that is not there now. */
  record FolderAway(Path folder, String reason) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0197";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the folder " + quoted(folder) + " of the configuration is left out: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "`bmr models --remove " + Visible.text(folder.toString()) + "` forgets it");
    }
  }

  /** What cannot be the name of a file of the hub. */
  record HubNameRefused(String reference, String reason) implements LibraryProblem {
    @Override
    public String code() {
      return "BMR0198";
    }

    @Override
    public String message() {
      return "`hf:" + Visible.text(reference) + "` names no file of the hub: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "write `hf:owner/repo/file.safetensors` or `hf:owner/repo@revision/file.safetensors`");
    }
  }
}
