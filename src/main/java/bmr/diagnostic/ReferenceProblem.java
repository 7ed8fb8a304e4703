package bmr.diagnostic;

import java.util.List;
import java.util.Optional;

/** What a script refers to beyond itself: other scripts, files by hash, the hub's cache. */
public sealed interface ReferenceProblem extends Problem {
  /** A script that cannot be included. */
  record IncludeUnreadable(String path, String reason) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0121";
    }

    @Override
    public String message() {
      return "`" + path + "` cannot be included: " + reason;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("paths are relative to the folder of the script they are written in");
    }
  }

  /** Scripts that include each other. */
  record IncludeCycle(List<String> path) implements ReferenceProblem {
    public IncludeCycle {
      path = List.copyOf(path);
    }

    @Override
    public String code() {
      return "BMR0122";
    }

    @Override
    public String message() {
      if (path.size() == 1) {
        return "`" + path.getFirst() + "` includes itself";
      }
      return "`" + String.join("` includes `", path) + "`, which includes the first: a cycle";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("move what both need to a script of its own, and include that in both");
    }
  }

  /** Includes in includes in includes. */
  record IncludeTooDeep(int limit) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0123";
    }

    @Override
    public String message() {
      return "scripts are included more than " + limit + " deep";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("include it from the script that is run, not from one that it includes");
    }
  }

  /** Two scripts of one recipe that say different things about the whole of it. */
  record SettingsDiffer(String statement) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0124";
    }

    @Override
    public String message() {
      return "`" + statement + "` holds for the whole recipe, and another line says otherwise";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave out one of the lines");
    }
  }

  /** A hash that is none of the three kinds. */
  record NoHash(String written) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0125";
    }

    @Override
    public String message() {
      return "`" + written + "` is no hash of a model file";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "a hash has 64 hexadecimal digits (SHA-256), its first 10, 12 for LoRAs, or the 8 of old"
              + " web UIs");
    }
  }

  /** A file that is not the one the script was written for. */
  record HashDiffers(String name, String wanted, String found) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0126";
    }

    @Override
    public String message() {
      return "`" + name + "` is another file: its hash is " + found + ", not " + wanted;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "find the file with the hash " + wanted + ", or take the hash out if this one is meant");
    }
  }

  /** A definition with a hash behind it. */
  record PinnedDefinition(String name) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0127";
    }

    @Override
    public String message() {
      return "`" + name + "` is defined in the script, so no hash can be asked of it";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("hashes stand behind names of files: `OpenBra[1a2b3c4d5e]`");
    }
  }

  /** A file of the hub that was never downloaded. */
  record NotInHubCache(String reference, Optional<String> command) implements ReferenceProblem {
    @Override
    public String code() {
      return "BMR0128";
    }

    @Override
    public String message() {
      return "`hf:" + reference + "` is not in the local cache of the hub";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          command
              .map(line -> "download it: `" + line + "`")
              .orElse("write `hf:owner/repo/file.safetensors`"));
    }
  }
}
