package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** PyTorch files that are dangerous, damaged, or of a kind that is not read. */
public sealed interface PickleProblem extends Problem {
  /** The file that is at fault. */
  Path file();

  /** A name of Python's that no model needs, used or not. */
  record ForeignGlobal(Path file, String module, String name) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0444";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is refused: it names "
          + quoted(module + "." + name)
          + ", which could run code elsewhere and which no model needs; nothing was run";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "take the model from a place you trust, as `.safetensors` if there is one");
    }
  }

  /**
   * A pickle that breaks the rules of its format.
   *
   * @param at byte in the pickle
   */
  record DamagedPickle(Path file, String fault, long at) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0445";
    }

    @Override
    public String message() {
      return "the pickle in " + quoted(file) + " is damaged at byte " + at + ": " + fault;
    }
  }

  /** A pickle beyond the limits that every model stays far below. */
  record PickleTooLarge(Path file, String what, long limit) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0446";
    }

    @Override
    public String message() {
      return "the pickle in " + quoted(file) + " has more than " + limit + " " + what;
    }
  }

  /** A pickle or an archive of something else. */
  record NoStateDict(Path file, String reason) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0447";
    }

    @Override
    public String message() {
      return quoted(file) + " is no PyTorch model: " + reason;
    }
  }

  /** A zip archive that breaks the rules of its format. */
  record DamagedArchive(Path file, String fault) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0448";
    }

    @Override
    public String message() {
      return "the archive " + quoted(file) + " is damaged: " + fault;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("if the download stopped half-way, fetch the file again");
    }
  }

  /** An entry that is encrypted, or compressed in a way that is not read. */
  record UnreadableEntry(Path file, String entry, String reason) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0449";
    }

    @Override
    public String message() {
      return quoted(entry) + " in the archive " + quoted(file) + " is " + reason;
    }
  }

  /** One name for two entries: programs would not agree on which one counts. */
  record DuplicateEntry(Path file, String entry) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0450";
    }

    @Override
    public String message() {
      return "the archive " + quoted(file) + " has two entries called " + quoted(entry);
    }
  }

  /** Two entries made of the same bytes. */
  record OverlappingEntries(Path file, String first, String second) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0451";
    }

    @Override
    public String message() {
      return quoted(first) + " and " + quoted(second) + " overlap in the archive " + quoted(file);
    }
  }

  /** Entries outside the one folder that a PyTorch archive has. */
  record TwoRoots(Path file, String root, String other) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0452";
    }

    @Override
    public String message() {
      return "the archive "
          + quoted(file)
          + " has more than one root: "
          + quoted(root)
          + " and "
          + quoted(other);
    }
  }

  /** Numbers with the high byte first, or in an order nobody knows. */
  record ByteOrder(Path file, String order) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0453";
    }

    @Override
    public String message() {
      return quoted(file)
          + " was written with the byte order "
          + quoted(order)
          + ", and only `little` is read";
    }
  }

  /** A tensor whose shape, strides and offset do not fit what is stored. */
  record BadTensor(Path file, String tensor, String fault) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0454";
    }

    @Override
    public String message() {
      return "the tensor " + quoted(tensor) + " in " + quoted(file) + " " + fault;
    }
  }

  /** Stored numbers that are missing or too few. */
  record BadStorage(Path file, String storage, String fault) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0455";
    }

    @Override
    public String message() {
      return "the storage " + quoted(storage) + " of " + quoted(file) + " " + fault;
    }
  }

  /** A kind of tensor that safetensors files do not have, with its article or in the plural. */
  record UnsupportedTensors(Path file, String kind) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0456";
    }

    @Override
    public String message() {
      return quoted(file) + " holds " + kind + ", which bmr does not read";
    }
  }

  /** A compiled program, not a file of tensors. */
  record TorchScript(Path file) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0457";
    }

    @Override
    public String message() {
      return quoted(file) + " is a TorchScript program, not a file of tensors";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("use the model's checkpoint, which the program was made from");
    }
  }

  /** Two tensors that get one name when nested names are joined with dots. */
  record SameName(Path file, String tensor) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0458";
    }

    @Override
    public String message() {
      return quoted(file) + " has two tensors called " + quoted(tensor);
    }
  }

  /**
   * What stands in the file beside the tensors of the model.
   *
   * @param values that are no tensors
   * @param tensors that stand beside the model and are no known training state
   */
  record LeftOut(Path file, long values, long tensors) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0459";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      String beside =
          tensors == 0
              ? ""
              : (values == 0 ? "" : " and ") + counted(tensors, "tensor") + " beside the model";
      return quoted(file)
          + " also holds "
          + (values == 0 ? "" : counted(values, "value") + " that " + are(values))
          + beside
          + ", left out";
    }

    private static String counted(long n, String noun) {
      return n + " " + noun + (n == 1 ? "" : "s");
    }

    private static String are(long n) {
      return n == 1 ? "is no tensor" : "are no tensors";
    }
  }

  /** A conversion asks for EMA copies that are not there. */
  record NoEmaWeights(Path file) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0435";
    }

    @Override
    public String message() {
      return quoted(file) + " has no EMA copies of its U-Net";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave out `--ema`: such files often hold the averaged weights already");
    }
  }

  /** A conversion asks for the VAE of a file that has none. */
  record NoVae(Path file) implements PickleProblem {
    @Override
    public String code() {
      return "BMR0436";
    }

    @Override
    public String message() {
      return quoted(file) + " has no VAE";
    }
  }
}
