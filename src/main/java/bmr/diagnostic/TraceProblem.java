package bmr.diagnostic;

import java.util.Optional;

/** Searching for a model's ancestors. Codes BMR0870 to BMR0889. */
public sealed interface TraceProblem extends Problem {
  /** Nothing is left to search among. */
  record NoCandidates(String target) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0870";
    }

    @Override
    public String message() {
      return "no candidate for an ancestor of `" + target + "` is left";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("name models or folders of models behind `--from`");
    }
  }

  /** The target is no whole model. */
  record NoTarget(String target, String content) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0871";
    }

    @Override
    public String message() {
      return "`" + target + "` is no model but: " + content;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("name a model, such as a merge of others");
    }
  }

  /** A file among the candidates that cannot be an ancestor. */
  record CandidateLeftOut(String name, String reason) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0872";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + name + "` is left out: " + reason;
    }
  }

  /** No tensor is in all models. */
  record NothingShared(String target) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0873";
    }

    @Override
    public String message() {
      return "`" + target + "` and the candidates have no tensor in common";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr inspect FILE` says what a file holds");
    }
  }

  /** The target itself among the candidates. */
  record TargetAmongCandidates(String target, String name) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0874";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + name + "` is the target `" + target + "` itself and is left out";
    }
  }

  /** A base that was not asked for. */
  record BaseOffered(String name) implements TraceProblem {
    @Override
    public String code() {
      return "BMR0875";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "the known base `" + name + "` is a candidate too";
    }
  }
}
