package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Files that are no models, or damaged ones, and what is odd about folders of models. */
public sealed interface FileProblem extends Problem
    permits FileProblem.FileMissing,
        FileProblem.IsFolder,
        FileProblem.Unreadable,
        FileProblem.EmptyFile,
        FileProblem.HtmlPage,
        FileProblem.LfsPointer,
        FileProblem.UnknownContent,
        FileProblem.RenamedPyTorchFile,
        FileProblem.GgufFile,
        FileProblem.TextFile,
        FileProblem.OtherFormat,
        FileProblem.NotSafetensors,
        FileProblem.PlaceUnusable,
        FileProblem.FolderSkipped,
        FileProblem.TwinIgnored,
        FileProblem.EmbeddingAsModel,
        DialectProblem,
        HeaderProblem,
        QuantizationProblem,
        ShardProblem {
  /** Nothing is there. */
  record FileMissing(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0401";
    }

    @Override
    public String message() {
      return "there is no file " + quoted(file);
    }
  }

  /** A folder stands where a file should. */
  record IsFolder(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0402";
    }

    @Override
    public String message() {
      return quoted(file) + " is a folder, not a model file";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("name a `.safetensors` file in it");
    }
  }

  /** The system does not let it be read. */
  record Unreadable(Path file, String reason) implements FileProblem {
    @Override
    public String code() {
      return "BMR0403";
    }

    @Override
    public String message() {
      return quoted(file) + " cannot be read: " + Visible.text(reason);
    }
  }

  /** No bytes. */
  record EmptyFile(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0404";
    }

    @Override
    public String message() {
      return quoted(file) + " is empty";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("the download failed or the disk was full: fetch the file again");
    }
  }

  /** A web page under a model's name. */
  record HtmlPage(Path file, long size) implements FileProblem {
    @Override
    public String code() {
      return "BMR0405";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is no model, this is an HTML page of "
          + ByteSize.text(size)
          + ": the download failed";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("fetch the file again; some sites want you to be signed in first");
    }
  }

  /**
   * The stand-in that Git leaves where Git LFS is not installed.
   *
   * @param size of the real file in bytes, where the pointer says it
   */
  record LfsPointer(Path file, Optional<Long> size) implements FileProblem {
    @Override
    public String code() {
      return "BMR0406";
    }

    @Override
    public String message() {
      String real = size.map(bytes -> "the model of " + ByteSize.text(bytes)).orElse("the model");
      return quoted(file) + " is only a Git-LFS pointer, not " + real + " itself";
    }

    @Override
    public Optional<String> hint() {
      String name = Visible.text(String.valueOf(file.getFileName()));
      return Optional.of("type in its folder: git lfs pull --include \"" + name + "\"");
    }
  }

  /** The name of a model, and a content that means nothing. */
  record UnknownContent(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0407";
    }

    @Override
    public String message() {
      return quoted(file) + " is neither a PyTorch file nor a safetensors file";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("if it was downloaded, fetch it again");
    }
  }

  /** A PyTorch file called {@code .safetensors}; it is read all the same. */
  record RenamedPyTorchFile(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0408";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return quoted(file) + " is a PyTorch file that was renamed, not a safetensors file";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("web UIs will not load it: `bmr convert` makes a safetensors file of it");
    }
  }

  /** A quantized model of llama.cpp's format. */
  record GgufFile(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0409";
    }

    @Override
    public String message() {
      return quoted(file) + " is a GGUF file: its packed values cannot be merged";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("use the model's F16 or BF16 safetensors file");
    }
  }

  /** Readable text, mostly a server's complaint. */
  record TextFile(Path file, String beginning) implements FileProblem {
    @Override
    public String code() {
      return "BMR0410";
    }

    @Override
    public String message() {
      return quoted(file) + " is no model but a text that begins with " + quoted(beginning);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("if it was downloaded, the download failed: fetch it again");
    }
  }

  /**
   * Some other kind of file.
   *
   * @param kind with its article, such as "a PNG image"
   */
  record OtherFormat(Path file, String kind) implements FileProblem {
    @Override
    public String code() {
      return "BMR0411";
    }

    @Override
    public String message() {
      return quoted(file) + " is " + kind + ", not a safetensors file";
    }
  }

  /** Bytes that mean nothing. */
  record NotSafetensors(Path file, String reason) implements FileProblem {
    @Override
    public String code() {
      return "BMR0412";
    }

    @Override
    public String message() {
      return quoted(file) + " is not a safetensors file: " + reason;
    }
  }

  /** A folder or file given as a place of models is not there or cannot be listed. */
  record PlaceUnusable(Path place, String reason) implements FileProblem {
    @Override
    public String code() {
      return "BMR0441";
    }

    @Override
    public String message() {
      return "no models can be looked up in " + quoted(place) + ": " + Visible.text(reason);
    }
  }

  /** A folder inside a place of models was passed over. */
  record FolderSkipped(Path folder, String reason) implements FileProblem {
    @Override
    public String code() {
      return "BMR0442";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the folder " + quoted(folder) + " is passed over: " + Visible.text(reason);
    }
  }

  /** Two files of one name in one folder, of which the safetensors file is used. */
  record TwinIgnored(String name, Path used, Path ignored) implements FileProblem {
    @Override
    public String code() {
      return "BMR0443";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return quoted(name)
          + " is "
          + quoted(String.valueOf(used.getFileName()))
          + "; "
          + quoted(String.valueOf(ignored.getFileName()))
          + " beside it is ignored";
    }
  }

  /** The vectors of a word stand where a model should. */
  record EmbeddingAsModel(Path file) implements FileProblem {
    @Override
    public String code() {
      return "BMR0670";
    }

    @Override
    public String message() {
      return quoted(file) + " is a textual inversion, which cannot be merged with models";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("keep it beside the result and use its word in the prompt");
    }
  }
}
