package bmr.syntax;

import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Spells the tokens of a statement canonically; decides nothing about lines. */
final class AtomReader {
  private static final Pattern NUMERIC =
      Pattern.compile("[-+\u2212\u2013]?[0-9.]+(?:[eE][-+]?[0-9]+)?%?");

  /** What takes numbers alone and is no parameter with its list. */
  private static final Set<String> FUNCTIONS = Set.of("random", "lerp");

  private final StatementTokens.Cut cut;
  private final List<Atom> atoms = new ArrayList<>();
  private List<Atom.Comment> pending = new ArrayList<>();
  private int depth;
  private int end = -1;
  private boolean glue = true;
  private boolean newline;
  private boolean operandBefore;

  private AtomReader(StatementTokens.Cut cut) {
    this.cut = cut;
  }

  /** The atoms of a statement without its bullets; empty where bullets are all there is. */
  static List<Atom> read(StatementTokens.Cut cut, BmrParser.LineContext line) {
    var reader = new AtomReader(cut);
    if (line.statement() != null) {
      reader.walk(line.statement());
    }
    return reader.atoms;
  }

  private void walk(ParserRuleContext context) {
    boolean bareList =
        context instanceof BmrParser.WeightsContext list && list.expression().size() > 1;
    if (bareList) {
      comments(context.start);
      add("(", true, Atom.Kind.OPENER);
    }
    for (ParseTree child : context.children) {
      if (child instanceof TerminalNode node) {
        token(node.getSymbol(), context);
      } else {
        walk((ParserRuleContext) child);
      }
    }
    if (bareList) {
      add(")", false, Atom.Kind.CLOSER);
    }
  }

  // ---- comments ----

  private void comments(Token token) {
    int start = cut.span(token).start();
    if (end >= 0 && end < start) {
      String text = cut.source().text();
      pending.addAll(Gap.read(text, end, start, true).comments());
      newline |= text.substring(end, start).chars().anyMatch(c -> c == '\n' || c == '\r');
      end = start;
    }
  }

  // ---- tokens ----

  private void token(Token token, ParserRuleContext context) {
    comments(token);
    end = cut.span(token).end();
    switch (token.getType()) {
      case BmrLexer.COMMA -> {
        if (!isDropped(token, context)) {
          add(",", false, Atom.Kind.COMMA);
          newline = !token.getText().equals(",");
          operandBefore = false;
        }
      }
      case BmrLexer.COLON -> colon(token, context);
      case BmrLexer.LPAREN, BmrLexer.LBRACKET, BmrLexer.LBRACE -> {
        boolean glued =
            context instanceof BmrParser.PinContext
                || context instanceof BmrParser.BoundsContext
                || context instanceof BmrParser.ExpectationContext
                || context instanceof BmrParser.ArgumentsContext call && !isList(call);
        add(token.getText(), !glued, Atom.Kind.OPENER);
        operandBefore = false;
      }
      case BmrLexer.RPAREN, BmrLexer.RBRACKET, BmrLexer.RBRACE -> {
        add(token.getText(), false, Atom.Kind.CLOSER);
        operandBefore = true;
      }
      case BmrLexer.PLUS, BmrLexer.MINUS, BmrLexer.MINUS_SIGN, BmrLexer.EN_DASH ->
          sign(token, context);
      case BmrLexer.BAR -> {
        add("|", true, Atom.Kind.SIGN);
        operandBefore = false;
      }
      case BmrLexer.TILDE, BmrLexer.DOT_DOT -> {
        add("~", false, Atom.Kind.PLAIN);
        glue = true;
      }
      case BmrLexer.TIMES,
          BmrLexer.STAR,
          BmrLexer.CROSS,
          BmrLexer.MIDDLE_DOT,
          BmrLexer.DOT_OPERATOR ->
          operator("x", Atom.Kind.PLAIN);
      case BmrLexer.SLASH, BmrLexer.AT -> operator(token.getText(), Atom.Kind.PLAIN);
      case BmrLexer.COMPARISON -> comparison((BmrParser.ExpectationContext) context);
      case BmrLexer.EQ -> {
        if (!(context instanceof BmrParser.ExpectationContext)) { // written with the comparison
          operator(
              "=", context instanceof BmrParser.BindContext ? Atom.Kind.BINDER : Atom.Kind.PLAIN);
        }
      }
      case BmrLexer.ARROW, BmrLexer.FAT_ARROW, BmrLexer.ARROW_SIGN, BmrLexer.DOUBLE_ARROW_SIGN ->
          operator("->", Atom.Kind.BINDER);
      case BmrLexer.PERCENT -> add("%", false, Atom.Kind.PLAIN);
      default -> {
        add(spelled(token, context), true, Atom.Kind.PLAIN);
        operandBefore = true;
      }
    }
  }

  private void comparison(BmrParser.ExpectationContext context) {
    operator(
        Comparison.of(context.COMPARISON().getText(), context.EQ() != null).sign(),
        Atom.Kind.PLAIN);
  }

  private void operator(String text, Atom.Kind kind) {
    add(text, true, kind);
    operandBefore = false;
  }

  private void sign(Token token, ParserRuleContext context) {
    if (context instanceof BmrParser.RangeSignContext) {
      add("~", false, Atom.Kind.PLAIN);
      glue = true;
      return;
    }
    String text = token.getType() == BmrLexer.PLUS ? "+" : "-";
    if (operandBefore && context.getParent() instanceof BmrParser.SumContext) {
      operator(text, Atom.Kind.SIGN);
    } else {
      add(text, true, Atom.Kind.PLAIN);
      glue = true;
    }
    operandBefore = false;
  }

  private void colon(Token token, ParserRuleContext context) {
    operandBefore = false;
    switch (context) {
      case BmrParser.OtherwiseContext _ -> {}
      case BmrParser.EntryContext entry -> {
        boolean first = isSame(entry.COLON(0), token);
        boolean two = entry.COLON().size() == 2;
        if (first && two && entry.elements() == null) {
          return;
        }
        add(":", false, Atom.Kind.PLAIN);
        glue = first && two;
      }
      case BmrParser.EntryEverywhereContext entry -> {
        boolean first = isSame(entry.COLON(0), token);
        add(":", first, Atom.Kind.PLAIN);
        glue = first;
      }
      case BmrParser.BindContext _ -> operator("=", Atom.Kind.BINDER);
      case BmrParser.BindingContext _ -> operator("=", Atom.Kind.PLAIN);
      default -> add(":", false, Atom.Kind.PLAIN);
    }
  }

  private static boolean isSame(TerminalNode node, Token token) {
    return node.getSymbol().getTokenIndex() == token.getTokenIndex();
  }

  /** A comma that separates nothing: a last one, or one between the options of a statement. */
  private static boolean isDropped(Token comma, ParserRuleContext context) {
    if (context instanceof BmrParser.SaveContext || context instanceof BmrParser.CompareContext) {
      return true;
    }
    int count = context.getChildCount();
    boolean last =
        count > 1
            && context.getChild(count - 2) instanceof TerminalNode node
            && isSame(node, comma);
    boolean alone = context instanceof BmrParser.GroupContext group && group.COMMA().size() == 1;
    return last
        && !alone
        && (context instanceof BmrParser.GroupContext
            || context instanceof BmrParser.ArgumentsContext
            || context instanceof BmrParser.ModelListContext
            || context instanceof BmrParser.MapContext);
  }

  /** Whether brackets behind a word hold numbers alone, as a parameter's list does. */
  private static boolean isList(BmrParser.ArgumentsContext call) {
    String name = ((BmrParser.NamedContext) call.getParent()).getStart().getText();
    return !call.argument().isEmpty()
        && !FUNCTIONS.contains(name)
        && call.argument().stream().allMatch(a -> NUMERIC.matcher(a.getText()).matches());
  }

  private static String spelled(Token token, ParserRuleContext context) {
    String text = token.getText();
    return switch (context) {
      case BmrParser.NumberContext _ -> number(text);
      case BmrParser.BlockWordContext word when isSelector(word) -> range(text);
      default ->
          token.getType() == BmrLexer.STRING && text.indexOf('"', 1) < 0
              ? '"' + Words.unquoted(text) + '"'
              : text;
    };
  }

  private static boolean isSelector(BmrParser.BlockWordContext word) {
    return switch (word.getParent()) {
      case BmrParser.SelectorContext selector -> selector.rangeSign() == null;
      case BmrParser.BlockContext block -> block.rangeSign() == null;
      default -> false;
    };
  }

  private static String range(String text) {
    int hyphen = text.indexOf('-');
    return hyphen > 0 && Character.isLetter(text.charAt(0)) && hyphen == text.lastIndexOf('-')
        ? text.replace('-', '~')
        : text;
  }

  /** A point has digits on both sides; no digit is changed. */
  static String number(String text) {
    String number = text.startsWith(".") ? "0" + text : text;
    int point = number.indexOf('.');
    boolean bare =
        point >= 0 && (point + 1 == number.length() || "eE".indexOf(number.charAt(point + 1)) >= 0);
    return bare ? number.substring(0, point) + number.substring(point + 1) : number;
  }

  private void add(String text, boolean blank, Atom.Kind kind) {
    depth -= kind == Atom.Kind.CLOSER ? 1 : 0;
    atoms.add(new Atom(text, blank && !glue, pending, kind, depth, newline));
    depth += kind == Atom.Kind.OPENER ? 1 : 0;
    pending = new ArrayList<>();
    glue = kind == Atom.Kind.OPENER;
    newline = false;
  }
}
