package bmr.syntax;

import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Trees in brackets, for expectations: {@code (+ A (x (- B C) 0.08))}. */
final class TreePrinter {
  private TreePrinter() {}

  static String print(List<Statement> statements) {
    return statements.stream().map(TreePrinter::print).collect(Collectors.joining());
  }

  private static String print(Statement statement) {
    String line =
        switch (statement) {
          case Statement.Definition d ->
              (d.resultOnRight() ? "define-right " : "define ")
                  + name(d.name())
                  + " "
                  + print(d.value())
                  + (d.sumAllowed().isPresent() ? " allow-sum" : "")
                  + d.clauses().stream()
                      .map(c -> "\n  " + name(c.parameter()) + " " + print(c.weight()))
                      .collect(Collectors.joining());
          case Statement.Let let -> "let " + name(let.name()) + " " + print(let.value());
          case Statement.ModelsFolder models -> "models " + models.folder();
          case Statement.ModelFile m ->
              "model %s %s license=%s sha256=%s"
                  .formatted(
                      name(m.name()),
                      m.file().orElse("?"),
                      m.license().orElse("-"),
                      m.sha256().orElse("-"));
          case Statement.Save save ->
              "save "
                  + name(save.model())
                  + " file="
                  + save.file().orElse("-")
                  + save.options().stream().map(o -> " " + option(o)).collect(Collectors.joining());
          case Statement.Compare c ->
              "compare " + name(c.left()) + " " + name(c.right()) + " on " + c.blocks();
          case Statement.Expectation e ->
              "%s %s %s %s on %s relative=%s %s %s%s"
                  .formatted(
                      e.required() ? "require" : "expect",
                      name(e.measure()),
                      name(e.left()),
                      name(e.right()),
                      e.blocks(),
                      e.base().map(TreePrinter::name).orElse("-"),
                      e.comparison().sign(),
                      e.limit().toPlainString(),
                      e.percentage() ? " percent" : "");
          case Statement.BlockMapChoice map -> "block_map " + map.map();
          case Statement.Precision p -> "precision " + p.kind() + " " + p.dtype().orElse("-");
          case Statement.Seed seed -> "seed " + seed.value();
          case Statement.EmaChoice ema -> (ema.keep() ? "keep" : "drop") + " ema";
          case Statement.Include include -> "include " + include.file();
        };
    return line + "\n";
  }

  private static String option(Statement.SaveOption option) {
    return switch (option) {
      case Statement.SaveOption.AsType type -> type.dtype();
      case Statement.SaveOption.AsSource _ -> "as-source";
      case Statement.SaveOption.AsDifference _ -> "as-difference";
      case Statement.SaveOption.UnetOnly _ -> "unet";
      case Statement.SaveOption.Shards shards -> "shards=" + shards.size();
      case Statement.SaveOption.Vae vae ->
          "vae=" + name(vae.value()) + vae.dtype().map(type -> " as " + type).orElse("");
      case Statement.SaveOption.Typed typed -> typed.component() + "=" + name(typed.dtype());
    };
  }

  static String name(Name name) {
    return name.quoted() ? '"' + name.text() + '"' : name.text();
  }

  static String print(Expression expression) {
    return switch (expression) {
      case Expression.Word word -> name(word.name());
      case Expression.Pinned pinned -> name(pinned.name()) + "[" + pinned.hash() + "]";
      case Expression.HubFile file -> "(hub " + file.reference() + ")";
      case Expression.Number number -> number.value().toPlainString();
      case Expression.Sum sum ->
          list("sum", sum.terms(), t -> (t.negative() ? "-" : "+") + print(t.operand()));
      case Expression.Product product ->
          list("product", product.factors(), f -> (f.divided() ? "/" : "") + print(f.operand()));
      case Expression.Negated negated -> "(negated " + print(negated.operand()) + ")";
      case Expression.Bracket bracket -> "(" + print(bracket.inner()) + ")";
      case Expression.Call call ->
          list(
              "call " + name(call.name()),
              call.arguments(),
              a -> a.name().map(n -> name(n) + ":").orElse("") + print(a.value()));
      case Expression.Values values -> list("values", values.values(), TreePrinter::print);
      case Expression.ModelList models -> list("models", models.models(), TreePrinter::print);
      case Expression.WeightMap map ->
          list("map", map.entries(), TreePrinter::entry)
              + map.otherwise().map(o -> " else " + print(o)).orElse("");
      case Expression.With with ->
          "(with " + print(with.weight()) + " " + print(with.overrides()) + ")";
      case Expression.At at -> "(at " + print(at.operand()) + " " + print(at.weight()) + ")";
      case Expression.Fallback f -> list("fallback", f.alternatives(), TreePrinter::print);
      case Expression.Unknown u ->
          "(unknown %s low=%s high=%s start=%s)"
              .formatted(
                  u.name().orElse("-"),
                  u.low().map(Object::toString).orElse("-"),
                  u.high().map(Object::toString).orElse("-"),
                  u.start().map(Object::toString).orElse("-"));
      case Expression.Broken _ -> "BROKEN";
    };
  }

  private static String entry(Expression.MapEntry entry) {
    String selectors =
        entry.selectors().stream()
            .map(s -> s.first() + s.last().map(l -> ".." + l).orElse(""))
            .collect(Collectors.joining("+"));
    return selectors
        + (entry.negated() ? " not" : "")
        + (entry.elements().isEmpty() ? "" : entry.elements().toString())
        + "="
        + print(entry.weight());
  }

  private static <T> String list(String head, List<T> parts, Function<T, String> print) {
    return parts.stream().map(print).collect(Collectors.joining(" ", "(" + head + " ", ")"));
  }
}
