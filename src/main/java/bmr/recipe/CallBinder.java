package bmr.recipe;

import bmr.diagnostic.LoraProblem.WrongExtraction;
import bmr.diagnostic.NameProblem.TimesMissing;
import bmr.diagnostic.NameProblem.UnknownMethod;
import bmr.diagnostic.NameProblem.WrongArguments;
import bmr.diagnostic.Suggestions;
import bmr.diagnostic.WeightProblem.WrongWeightArguments;
import bmr.model.Adjustment;
import bmr.model.MethodSignature;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Argument;
import bmr.syntax.tree.Expression.Call;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A word with brackets behind it: the call of a method, or a parameter with its list, as
 * SuperMerger prints it ({@code x alpha (0.0, 0.1, ...)}).
 */
final class CallBinder {
  private final ExpressionBinder expressions;
  private final WeightBinder weights;
  private final Scope scope;
  private final Findings findings;
  private final Parameters parameters;

  CallBinder(
      ExpressionBinder expressions,
      WeightBinder weights,
      Scope scope,
      Findings findings,
      Parameters parameters) {
    this.expressions = expressions;
    this.weights = weights;
    this.scope = scope;
    this.findings = findings;
    this.parameters = parameters;
  }

  /** Binds the parameters whose lists stand behind them, before anything refers to them. */
  void collectInlineLists(Expression expression) {
    if (expression instanceof Call call && isParameter(call)) {
      bindInline(call);
    } else {
      Subexpressions.of(expression).forEach(this::collectInlineLists);
    }
  }

  private boolean isParameter(Call call) {
    return scope.method(call.name().text()).isEmpty()
        && !WeightFunctions.isCall(call)
        && !LoraBinder.isCall(call)
        && !LoraExtraction.isCall(call)
        && !isAdjustment(call)
        && !PartBinder.isCall(call, scope)
        && !isModel(call.name())
        && call.arguments().stream()
            .noneMatch(argument ->
                argument.value() instanceof Expression.Word word && isModel(word.name()));
  }

  private boolean isModel(Name name) {
    return scope.definition(name.text()).isPresent() || scope.exactFile(name.text()).isPresent();
  }

  /** {@code alpha (a, b, ...)}, and {@code beta (alpha = a, b, ..., beta = c, d, ...)}. */
  private void bindInline(Call call) {
    Map<Name, List<Expression>> groups = new LinkedHashMap<>();
    @Nullable List<Expression> group = null;
    for (Argument argument : call.arguments()) {
      if (group == null || argument.name().isPresent()) {
        group = new ArrayList<>();
        groups.put(argument.name().orElse(call.name()), group);
      }
      group.add(argument.value());
    }
    groups.forEach((name, values) -> {
      Expression value =
          values.size() == 1 && !(values.getFirst() instanceof Expression.Values)
              ? values.getFirst()
              : values.size() == 1
                  ? values.getFirst()
                  : new Expression.Values(
                      values, values.getFirst().span().to(values.getLast().span()));
      parameters.bind(name, value, findings);
    });
  }

  /** {@code adjust(A, 1, 1, 1, 0, 0, 0, 0)}, the numbers perhaps in brackets of their own. */
  private static boolean isAdjustment(Call call) {
    return call.name().text().equals("adjust") && !call.name().quoted();
  }

  private Value adjusted(Call call) {
    String form = "adjust(A, 1, 1, 1, 0, 0, 0, 0, 0), with 7 or 8 numbers";
    if (call.arguments().size() < 2
        || call.arguments().stream().anyMatch(argument -> argument.name().isPresent())) {
      return expressions.broken(call.span(), new WrongWeightArguments("adjust", form));
    }
    Optional<Formula> operand =
        expressions.model(expressions.bind(call.arguments().getFirst().value()));
    List<Expression> given = call.arguments().stream().skip(1).map(Argument::value).toList();
    if (given.size() == 1 && given.getFirst() instanceof Expression.Values list) {
      given = list.values();
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (Expression one : given) {
      Optional<Weight> weight = expressions.weight(one);
      if (weight.isEmpty()) {
        return new Value.Broken(call.span());
      }
      if (weight.get() instanceof Weight.Constant(BigDecimal number)) {
        numbers.add(number);
      }
    }
    if (numbers.size() != given.size() || !Adjustment.isLength(numbers.size())) {
      return expressions.broken(call.span(), new WrongWeightArguments("adjust", form));
    }
    return operand
        .<Value>map(model ->
            new Value.OfModel(
                Weight.Constant.ONE,
                new Formula.Adjusted(model, new Adjustment(numbers), call.span()),
                call.span()))
        .orElseGet(() -> new Value.Broken(call.span()));
  }

  Value bind(Call call) {
    if (WeightFunctions.isCall(call) && scope.method(call.name().text()).isEmpty()) {
      return weights.function(call);
    }
    if (LoraBinder.isCall(call) && scope.method(call.name().text()).isEmpty()) {
      return new LoraBinder(expressions, scope).bind(call);
    }
    if (LoraExtraction.isCall(call)) {
      return expressions.broken(
          call.span(), new WrongExtraction("stands alone behind `=`: what it makes is a file"));
    }
    if (isAdjustment(call)) {
      return adjusted(call);
    }
    if (PartBinder.isCall(call, scope)) {
      return new PartBinder(expressions, scope).bind(call);
    }
    Optional<MethodSignature> method = scope.method(call.name().text());
    if (method.isPresent()) {
      return method(call, method.get());
    }
    if (isParameter(call)) {
      return expressions.bind(new Expression.Word(call.name()));
    }
    if (isModel(call.name())) {
      String bracket = call.span().text().substring(call.name().span().text().length()).strip();
      return expressions.broken(
          call.span(),
          new TimesMissing(call.name().span().text(), bracket.length() > 40 ? "(...)" : bracket));
    }
    List<String> similar = Suggestions.closest(call.name().text(), scope.methodNames(), 3);
    return expressions.broken(call.name().span(), new UnknownMethod(call.name().text(), similar));
  }

  private Value method(Call call, MethodSignature method) {
    List<String> slots =
        Stream.concat(
                method.operands().stream(),
                method.parameters().stream().map(MethodSignature.Parameter::name))
            .toList();
    Map<String, Expression> given = new LinkedHashMap<>();
    int position = 0;
    for (Argument argument : call.arguments()) {
      String slot;
      if (argument.name().isPresent()) {
        slot = argument.name().get().text();
        if (!slots.contains(slot)) {
          findings.report(
              argument.name().get().span(),
              new WrongArguments(
                  method.name(),
                  "has nothing called `" + slot + "`" + meant(slot, slots, call, method),
                  signature(method)));
          return new Value.Broken(call.span());
        }
      } else if (position < slots.size()) {
        slot = slots.get(position++);
      } else {
        return wrong(call, method, "takes at most " + slots.size() + " things in its brackets");
      }
      if (given.putIfAbsent(slot, argument.value()) != null) {
        return wrong(call, method, "is given `" + slot + "` twice");
      }
    }
    List<Formula> operands = new ArrayList<>();
    boolean broken = false;
    for (String operand : method.operands()) {
      Expression expression = given.get(operand);
      if (expression == null) {
        return wrong(call, method, "lacks its model `" + operand + "`");
      }
      Optional<Formula> formula = expressions.model(expressions.bind(expression));
      formula.ifPresent(operands::add);
      broken |= formula.isEmpty();
    }
    List<Weight> weights = new ArrayList<>();
    for (MethodSignature.Parameter parameter : method.parameters()) {
      Expression expression = given.get(parameter.name());
      Optional<Weight> weight;
      if (expression != null) {
        weight = expressions.weight(expression);
        broken |= weight.isEmpty();
      } else if (parameter.defaultValue().isPresent()) {
        weight = Optional.of(new Weight.Constant(parameter.defaultValue().get()));
      } else {
        return wrong(call, method, "lacks its weight `" + parameter.name() + "`");
      }
      weight.ifPresent(weights::add);
    }
    if (broken) {
      return new Value.Broken(call.span());
    }
    return new Value.OfModel(
        Weight.Constant.ONE, new Formula.Call(method, operands, weights, call.span()), call.span());
  }

  /** The slot that a name is near to, or else the weight that nothing else in the call gives. */
  private static String meant(
      String written, List<String> slots, Call call, MethodSignature method) {
    Optional<String> near = Suggestions.closest(written, slots);
    List<String> named =
        call.arguments().stream()
            .flatMap(argument -> argument.name().stream())
            .map(Name::text)
            .toList();
    int positional = (int) call.arguments().stream().filter(a -> a.name().isEmpty()).count();
    List<String> open =
        method.parameters().stream()
            .map(MethodSignature.Parameter::name)
            .filter(slot -> slots.indexOf(slot) >= positional && !named.contains(slot))
            .toList();
    return near.or(() -> open.size() == 1 ? Optional.of(open.getFirst()) : Optional.empty())
        .map(slot -> "; did you mean `" + slot + "`?")
        .orElse("");
  }

  private Value wrong(Call call, MethodSignature method, String fault) {
    return expressions.broken(
        call.span(), new WrongArguments(method.name(), fault, signature(method)));
  }

  private static String signature(MethodSignature method) {
    String inner =
        Stream.concat(
                method.operands().stream(),
                method.parameters().stream()
                    .map(parameter ->
                        parameter
                            .defaultValue()
                            .map(value -> parameter.name() + " = " + value.toPlainString())
                            .orElse(parameter.name())))
            .collect(Collectors.joining(", "));
    return method.name() + "(" + inner + ")";
  }
}
