package bmr.recipe;

import bmr.diagnostic.LibraryProblem.FoundByHash;
import bmr.diagnostic.LibraryProblem.HashesUnknown;
import bmr.diagnostic.LibraryProblem.HubFolderUnclear;
import bmr.diagnostic.LibraryProblem.HubNameRefused;
import bmr.diagnostic.LibraryProblem.NoneOfHash;
import bmr.diagnostic.ReferenceProblem.NoHash;
import bmr.diagnostic.ReferenceProblem.NotInHubCache;
import bmr.diagnostic.ReferenceProblem.PinnedDefinition;
import bmr.model.HubReference;
import bmr.model.ModelNames.ByHash;
import bmr.model.ModelNames.Lookup;
import bmr.model.ModelNames.ModelFile;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Files by hash and files of the hub. */
final class ReferenceBinder {
  /** What the names of files of the hub begin with. */
  static final String HUB = "hf:";

  private final Scope scope;
  private final Findings findings;

  ReferenceBinder(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /**
   * {@code OpenBra[1a2b3c4d5e]} where several files have the name and one of them the hash, or none
   * the name and one the hash.
   */
  Optional<Value> chosen(Expression.Pinned pinned) {
    String hash = pinned.hash().toLowerCase(Locale.ROOT);
    if (!isHash(hash) || scope.definition(pinned.name().text()).isPresent()) {
      return Optional.empty();
    }
    String name = pinned.name().text();
    return switch (scope.fileByHash(name, hash)) {
      case ByHash.Found(ModelFile file, boolean renamed) -> {
        if (renamed) {
          findings.report(pinned.span(), new FoundByHash(name, hash, file.path()));
        }
        yield Optional.of(
            new Value.OfModel(
                Weight.Constant.ONE,
                new Formula.OfSource(scope.source(file, pinned.name()), pinned.name().span()),
                pinned.span()));
      }
      case ByHash.None(List<String> files) -> {
        findings.report(pinned.span(), new NoneOfHash(name, hash, files));
        yield Optional.of(new Value.Broken(pinned.span()));
      }
      case ByHash.NameDecides decides -> Optional.empty();
      case ByHash.Unknown unknown -> Optional.empty();
    };
  }

  private static boolean isHash(String text) {
    return text.matches("[0-9a-f]{8}|[0-9a-f]{10}|[0-9a-f]{12}|[0-9a-f]{64}");
  }

  /**
   * {@code OpenBra[1a2b3c4d5e]}: the file that the name stands for, with its hash to be checked.
   */
  Value pinned(Expression.Pinned pinned, Value resolved) {
    Optional<Recipe.Pin> pin = pin(pinned.hash(), pinned.span());
    if (pin.isEmpty()) {
      return new Value.Broken(pinned.span());
    }
    if (resolved instanceof Value.OfModel model) {
      if (model.formula() instanceof Formula.OfSource(int source, Span place)) {
        scope.pin(scope.sources().get(source).name(), pin.get());
        return new Value.OfModel(
            Weight.Constant.ONE, new Formula.OfSource(source, place), pinned.span());
      }
      findings.report(pinned.name().span(), new PinnedDefinition(pinned.name().text()));
      return new Value.Broken(pinned.span());
    }
    if (resolved instanceof Value.Unknown
        && scope.fileByHash(pinned.name().text(), pin.get().hash())
            instanceof ByHash.Unknown(int files)
        && files > 0) {
      findings.report(pinned.span(), new HashesUnknown(pin.get().hash(), files));
    }
    return resolved;
  }

  /** A hash in lower case; empty, and reported, if it is none. */
  Optional<Recipe.Pin> pin(String written, Span place) {
    String hash = written.toLowerCase(Locale.ROOT);
    if (!isHash(hash)) {
      findings.report(place, new NoHash(written));
      return Optional.empty();
    }
    return Optional.of(new Recipe.Pin(hash, place));
  }

  /** {@code hf:owner/repo/file}: what is in the local cache. */
  Value hub(Expression.HubFile hub) {
    String name = HUB + hub.reference();
    if (scope.file(name) instanceof Lookup.Found found) {
      int source = scope.source(found.file(), new Name(name, true, hub.span()));
      return new Value.OfModel(
          Weight.Constant.ONE, new Formula.OfSource(source, hub.span()), hub.span());
    }
    Optional<String> refused = HubReference.fault(hub.reference());
    if (refused.isPresent()) {
      findings.report(hub.span(), new HubNameRefused(hub.reference(), refused.get()));
    } else if (scope.file(name) instanceof Lookup.Missing(List<String> files) && !files.isEmpty()) {
      findings.report(hub.span(), new HubFolderUnclear(hub.reference(), files));
    } else {
      findings.report(hub.span(), new NotInHubCache(hub.reference(), command(hub.reference())));
    }
    return new Value.Broken(hub.span());
  }

  /** The line that downloads a file or a repository, if it can be typed without quotes. */
  static Optional<String> command(String reference) {
    return reference.matches("[\\p{L}\\p{N}_./@-]+")
        ? HubReference.of(reference)
            .map(parts ->
                "hf download "
                    + parts.owner()
                    + "/"
                    + parts.repository()
                    + parts.file().map(file -> " " + file).orElse("")
                    + (parts.revision().equals(HubReference.MAIN)
                        ? ""
                        : " --revision " + parts.revision()))
        : Optional.empty();
  }
}
