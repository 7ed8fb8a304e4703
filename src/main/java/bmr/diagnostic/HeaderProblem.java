package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Faults of a safetensors file that its header, or the file's length, shows. */
public sealed interface HeaderProblem extends FileProblem {
  /**
   * The file ends too early.
   *
   * @param missing bytes; of a header that is cut, and so does not say what follows, at least
   * @param size bytes that are there
   */
  record Truncated(Path file, long missing, long size, boolean inHeader) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0420";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is cut off after "
          + ByteSize.text(size)
          + (inHeader ? ", within its header: at least " : ": ")
          + exact(missing)
          + (missing == 1 ? " is missing" : " are missing");
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("the download stopped half-way: resume it or fetch the file again");
    }
  }

  /** Bytes after the last tensor. */
  record TrailingBytes(Path file, long extra) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0421";
    }

    @Override
    public String message() {
      return quoted(file) + " has " + exact(extra) + " after its last tensor";
    }
  }

  /**
   * More than 100 MB of header.
   *
   * @param length as the file says it, an unsigned 64-bit number
   */
  record HeaderTooLong(Path file, long length) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0422";
    }

    @Override
    public String message() {
      return quoted(file)
          + " is not a safetensors file: it announces a header of "
          + Long.toUnsignedString(length)
          + " bytes, and 100000000 are allowed";
    }
  }

  /** Broken JSON or broken UTF-8. */
  record HeaderSyntax(Path file, String fault) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0423";
    }

    @Override
    public String message() {
      return "the header of " + quoted(file) + " is damaged: " + fault;
    }
  }

  /** One key twice in one object. */
  record DuplicateKey(Path file, String key) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0424";
    }

    @Override
    public String message() {
      return "the header of " + quoted(file) + " has the key " + quoted(key) + " twice";
    }
  }

  /** Metadata that are not strings. */
  record BadMetadata(Path file, String fault) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0425";
    }

    @Override
    public String message() {
      return "the metadata of " + quoted(file) + " are damaged: " + fault;
    }
  }

  /** A type of numbers that the format does not have. */
  record UnknownDType(Path file, String tensor, String dtype) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0426";
    }

    @Override
    public String message() {
      return "the tensor "
          + quoted(tensor)
          + " in "
          + quoted(file)
          + " has the unknown type "
          + quoted(dtype);
    }
  }

  /** An entry that lacks something or has something of the wrong kind. */
  record BadEntry(Path file, String tensor, String fault) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0427";
    }

    @Override
    public String message() {
      return "the entry of the tensor "
          + quoted(tensor)
          + " in "
          + quoted(file)
          + " is damaged: "
          + fault;
    }
  }

  /** Type and shape need other bytes than the offsets span. */
  record SizeMismatch(Path file, String tensor, String type, long needed, long given)
      implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0428";
    }

    @Override
    public String message() {
      return "the tensor "
          + quoted(tensor)
          + " in "
          + quoted(file)
          + " is "
          + type
          + " and needs "
          + exact(needed)
          + ", but its offsets span "
          + given;
    }
  }

  /** Two tensors share bytes. */
  record Overlap(Path file, String first, String second) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0429";
    }

    @Override
    public String message() {
      return "the tensors "
          + quoted(first)
          + " and "
          + quoted(second)
          + " in "
          + quoted(file)
          + " overlap";
    }
  }

  /** Bytes that belong to no tensor. */
  record Hole(Path file, String tensor, long bytes) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0430";
    }

    @Override
    public String message() {
      return quoted(file)
          + " has a hole: "
          + exact(bytes)
          + " before the tensor "
          + quoted(tensor)
          + " belong to none";
    }
  }

  /** More of something than bmr holds in memory. */
  record HeaderTooRich(Path file, String what) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0431";
    }

    @Override
    public String message() {
      return "the header of " + quoted(file) + " has more than " + what;
    }
  }

  /** One tensor under its old and its new name. */
  record TwoSpellings(Path file, String one, String other) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0432";
    }

    @Override
    public String message() {
      return quoted(file)
          + " holds one tensor under two names, "
          + quoted(one)
          + " and "
          + quoted(other);
    }
  }

  /** White space before the header's first brace. */
  record LeadingBlanks(Path file) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0433";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "the header of "
          + quoted(file)
          + " begins with blanks, which the format forbids and other tools may refuse";
    }
  }

  /** A field of an entry that the format does not know; it is ignored. */
  record UnknownField(Path file, String tensor, String field) implements HeaderProblem {
    @Override
    public String code() {
      return "BMR0434";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "the field "
          + quoted(field)
          + " of the tensor "
          + quoted(tensor)
          + " in "
          + quoted(file)
          + " is unknown and ignored";
    }
  }

  private static String exact(long bytes) {
    String text = ByteSize.text(bytes);
    return bytes < 1000 ? text : text + " (" + bytes + " bytes)";
  }
}
