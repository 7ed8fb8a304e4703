package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Names, texts and numbers of one statement. */
final class Words {
  private static final int LONGEST_NUMBER = 1000;
  private static final int LARGEST_EXPONENT = 400;
  private static final int SHOWN = 32;

  private final StatementTokens.Cut cut;
  private final List<Diagnostic> problems;

  Words(StatementTokens.Cut cut, List<Diagnostic> problems) {
    this.cut = cut;
    this.problems = problems;
  }

  Span span(Token token) {
    return cut.span(token);
  }

  Span span(ParserRuleContext context) {
    return cut.span(context.start).to(cut.span(context.stop));
  }

  /** NFC, so that one name written in two ways is one name. */
  static String normalized(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** Long texts cut in the middle of nowhere, for messages. */
  static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    if (line.length() <= SHOWN) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
    return line.substring(0, end) + "...";
  }

  Name name(BmrParser.NameContext context) {
    return context.STRING() != null ? quoted(context.STRING().getSymbol()) : name(context.word());
  }

  Name name(BmrParser.WordContext context) {
    Span span = span(context);
    return new Name(span.source().shared(normalized(context.getText())), false, span);
  }

  Name quoted(Token string) {
    return new Name(normalized(unquoted(string.getText())), true, span(string));
  }

  static String unquoted(String string) {
    return string.substring(1, string.length() - 1);
  }

  /** What stands in quotes, untouched: a path must stay as it is. */
  static String text(TerminalNode string) {
    return unquoted(string.getText());
  }

  /** {@code owner/repo/file} of {@code hf:owner/repo/file}. */
  String hubReference(TerminalNode reference) {
    String path = reference.getText().substring("hf:".length());
    return path.startsWith("\"") ? unquoted(path) : path;
  }

  Expression number(BmrParser.NumberContext context) {
    Optional<BigDecimal> value = decimal(context.NUMBER().getText(), span(context));
    if (value.isEmpty()) {
      return new Expression.Broken(span(context));
    }
    boolean percent = context.PERCENT() != null;
    BigDecimal exact = percent ? value.get().movePointLeft(2) : value.get();
    Span span = span(context);
    SourceText source = span.source();
    return new Expression.Number(source.shared(exact), source.shared(span.text()), span);
  }

  /** The exact value, unless it has more digits or a larger exponent than any weight. */
  Optional<BigDecimal> decimal(String text, Span place) {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    try {
      if (text.length() <= LONGEST_NUMBER
          && (e < 0 || Math.abs(Integer.parseInt(text.substring(e + 1))) <= LARGEST_EXPONENT)) {
        return Optional.of(new BigDecimal(text));
      }
    } catch (NumberFormatException tooLong) {
      // an exponent that no int holds, or `?1.2.3`: reported below
    }
    problems.add(Diagnostic.at(place, new FormulaProblem.NumberOutOfRange(shortened(text))));
    return Optional.empty();
  }
}
