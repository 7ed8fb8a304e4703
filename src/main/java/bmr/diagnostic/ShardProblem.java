package bmr.diagnostic;

import static bmr.diagnostic.Visible.quoted;

import java.nio.file.Path;
import java.util.Optional;

/** Faults of models in several files with an index. */
public sealed interface ShardProblem extends FileProblem {
  /** An index that cannot be read as one. */
  record BadIndex(Path file, String fault) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0470";
    }

    @Override
    public String message() {
      return quoted(file) + " is no index of a model in several files: " + fault;
    }
  }

  /** A file name with a folder in it, or one of another kind. */
  record ShardName(Path index, String name) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0471";
    }

    @Override
    public String message() {
      return quoted(index)
          + " names "
          + quoted(name)
          + ", which is not the name of a safetensors file beside it";
    }
  }

  /** A file that the index names is not there. */
  record ShardMissing(Path index, String name) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0472";
    }

    @Override
    public String message() {
      return quoted(index) + " needs the file " + quoted(name) + " beside it, which is not there";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("fetch all files of the model into one folder");
    }
  }

  /** The index promises a tensor that its file does not hold. */
  record TensorNotInShard(Path index, String tensor, String name) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0473";
    }

    @Override
    public String message() {
      return quoted(index)
          + " says that "
          + quoted(name)
          + " holds the tensor "
          + quoted(tensor)
          + ", but it does not";
    }
  }

  /** A file holds a tensor that the index does not place there. */
  record TensorNotInIndex(Path index, String tensor, String name) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0474";
    }

    @Override
    public String message() {
      return quoted(name)
          + " holds the tensor "
          + quoted(tensor)
          + ", which "
          + quoted(index)
          + " does not place there";
    }
  }

  /** A size that would make very many files. */
  record TooManyShards(int count, int most) implements ShardProblem {
    @Override
    public String code() {
      return "BMR0475";
    }

    @Override
    public String message() {
      return "shards of that size would be " + count + " files, and at most " + most + " are made";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write a larger size, such as `shards 5GB`");
    }
  }
}
