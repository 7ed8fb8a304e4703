package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Targets, space, memory, values that do not fit. */
public sealed interface RunProblem extends Problem {
  // Writing a file: BMR0601 to BMR0619.

  /** The target's name belongs to a folder. */
  record TargetIsFolder(Path target) implements RunProblem {
    @Override
    public String code() {
      return "BMR0601";
    }

    @Override
    public String message() {
      return quoted(target) + " is a folder and cannot be written as a file";
    }
  }

  /** The target's folder is not there and cannot be made. */
  record FolderNotMade(Path folder, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0602";
    }

    @Override
    public String message() {
      return "the folder " + quoted(folder) + " cannot be made: " + Visible.text(reason);
    }
  }

  /** Nothing can be created in the target's folder. */
  record FolderNotWritable(Path folder, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0603";
    }

    @Override
    public String message() {
      return "nothing can be written in " + quoted(folder) + ": " + Visible.text(reason);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("choose another folder with `--out DIR`");
    }
  }

  /** The target is there and is write-protected. */
  record TargetProtected(Path target) implements RunProblem {
    @Override
    public String code() {
      return "BMR0604";
    }

    @Override
    public String message() {
      return quoted(target) + " is write-protected";
    }
  }

  /**
   * Too little room, found before anything is written.
   *
   * @param needed bytes, the reserve included
   * @param free bytes
   */
  record NoSpace(Path folder, long needed, long free) implements RunProblem {
    @Override
    public String code() {
      return "BMR0605";
    }

    @Override
    public String message() {
      return "writing in "
          + quoted(folder)
          + " needs "
          + ByteSize.text(needed)
          + ", and "
          + ByteSize.text(free)
          + " are free";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("make room, or choose a folder on another disk with `--out DIR`");
    }
  }

  /** The disk filled up while the file was written; the target is as it was. */
  record DiskFull(Path folder, long size) implements RunProblem {
    @Override
    public String code() {
      return "BMR0606";
    }

    @Override
    public String message() {
      return "the disk of "
          + quoted(folder)
          + " became full while "
          + ByteSize.text(size)
          + " were being written; the unfinished file is removed";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("make room, or choose a folder on another disk with `--out DIR`");
    }
  }

  /** The system refused a write, the sync or the renaming; the target is as it was. */
  record WriteFailed(Path target, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0607";
    }

    @Override
    public String message() {
      return quoted(target) + " could not be written: " + Visible.text(reason);
    }
  }

  /** The target is one of the files that are read. */
  record TargetIsSource(Path target, String source) implements RunProblem {
    @Override
    public String code() {
      return "BMR0608";
    }

    @Override
    public String message() {
      return quoted(target) + " is the file of the source " + quoted(source);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("sources are never overwritten: choose another name with `-o FILE`");
    }
  }

  /** Something is at the target that this run did not make. */
  record TargetExists(Path target) implements RunProblem {
    @Override
    public String code() {
      return "BMR0609";
    }

    @Override
    public String message() {
      return quoted(target) + " is there already";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`--overwrite` replaces it, `--out DIR` writes elsewhere");
    }
  }

  /** A target that web UIs would read as a pickle. */
  record ForeignExtension(Path target, String stem) implements RunProblem {
    @Override
    public String code() {
      return "BMR0610";
    }

    @Override
    public String message() {
      return quoted(target) + " does not end in `.safetensors`, and no other format is written";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("call it `" + Visible.text(stem) + ".safetensors`");
    }
  }

  /** One name for several files. */
  record OneFileForSeveral(int models) implements RunProblem {
    @Override
    public String code() {
      return "BMR0611";
    }

    @Override
    public String message() {
      return "-o names one file, but the recipe makes " + models + " models";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("choose one with `--only NAME`, or use `--out DIR`");
    }
  }

  /** A plan as JSON has one target. */
  record SeveralPlans(List<String> models) implements RunProblem {
    public SeveralPlans {
      models = List.copyOf(models);
    }

    @Override
    public String code() {
      return "BMR0612";
    }

    @Override
    public String message() {
      return "this recipe saves "
          + models.stream().map(Visible::quoted).collect(Collectors.joining(", "))
          + ", and a plan is written as JSON for one model";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("choose one of them: `bmr plan RECIPE NAME --json`");
    }
  }

  /** Models that share no tensor of some blocks. */
  record NothingInCommon(String blocks) implements RunProblem {
    @Override
    public String code() {
      return "BMR0613";
    }

    @Override
    public String message() {
      return "the models have no tensors in common on " + quoted(blocks);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave out `--on`, or compare models of one architecture");
    }
  }

  /** What is to be compared is nowhere. */
  record NothingToCompare(String name, List<String> definitions) implements RunProblem {
    public NothingToCompare {
      definitions = List.copyOf(definitions);
    }

    @Override
    public String code() {
      return "BMR0614";
    }

    @Override
    public String message() {
      return quoted(name) + " is neither a model of the recipe nor a file";
    }

    @Override
    public Optional<String> hint() {
      List<String> near = Suggestions.closest(name, definitions, 3);
      return Optional.of(
          near.isEmpty()
              ? "the recipe defines "
                  + definitions.stream().map(Visible::quoted).collect(Collectors.joining(", "))
              : "did you mean " + NameProblem.oneOf(near) + "?");
    }
  }

  /** The demo's recipe would replace another one. */
  record OtherRecipe(Path target) implements RunProblem {
    @Override
    public String code() {
      return "BMR0615";
    }

    @Override
    public String message() {
      return quoted(target) + " is there already and is another recipe";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("choose another folder with `--dir DIR`");
    }
  }

  // Running a plan: from BMR0620.

  /**
   * A memory limit below what one unit of work takes.
   *
   * @param limit bytes
   * @param minimum bytes
   */
  record MemoryTooSmall(long limit, long minimum) implements RunProblem {
    @Override
    public String code() {
      return "BMR0620";
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "%,d KiB of memory are too little: this run needs at least %,d KiB",
          kibibytes(limit),
          kibibytes(minimum));
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("give `--memory " + kibibytes(minimum) + "K` or more");
    }

    private static long kibibytes(long bytes) {
      return Math.ceilDiv(bytes, 1024L);
    }
  }

  /** A source that could be opened but not read to the end: cut, removed, or on a failing disk. */
  record SourceUnreadable(Path file, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0621";
    }

    @Override
    public String message() {
      return quoted(file) + " cannot be read any more: " + Visible.text(reason);
    }
  }

  /** Values that the output's type does not hold. */
  record NonFinite(String tensor, long values, String dtype) implements RunProblem {
    @Override
    public String code() {
      return "BMR0622";
    }

    @Override
    public String message() {
      return quoted(tensor)
          + String.format(
              Locale.ROOT,
              " would hold %,d %s NaN, infinite or too large for %s",
              values,
              values == 1 ? "value that is" : "values that are",
              dtype);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          dtype.equals("F16")
              ? "`--allow-nan` writes them all the same; `bf16` and `f32` hold larger values"
              : "`--allow-nan` writes them all the same");
    }
  }

  // Synthetic checkpoints: BMR0690 to BMR0699.

  /** A file that bmr did not make has the name of a sample. */
  record NotASample(Path file) implements RunProblem {
    @Override
    public String code() {
      return "BMR0690";
    }

    @Override
    public String message() {
      return quoted(file) + " is no sample that bmr made, and is not overwritten";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write samples in a folder of their own");
    }
  }
}
