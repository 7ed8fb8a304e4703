package bmr.syntax.antlr;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words that mean something at some place, with the place: the one table of them, because
 * ANTLR's vocabulary knows no spelling of words that the lexer retypes.
 */
public enum Keyword {
  TIMES("x", BmrLexer.TIMES, Position.OPERATOR),
  TIMES_UPPER("X", BmrLexer.TIMES, Position.OPERATOR),
  WITH("with", BmrLexer.WITH, Position.OPERATOR),
  AS("as", BmrLexer.AS, Position.OPERATOR),
  ON("on", BmrLexer.ON, Position.OPERATOR),
  LICENSE("license", BmrLexer.LICENSE, Position.OPERATOR),
  SHA256("sha256", BmrLexer.SHA256, Position.OPERATOR),
  F8_E4M3("f8_e4m3", BmrLexer.F8, Position.OPERATOR),
  F8_E5M2("f8_e5m2", BmrLexer.F8, Position.OPERATOR),
  F8_E4M3FNUZ("f8_e4m3fnuz", BmrLexer.F8, Position.OPERATOR),
  F8_E5M2FNUZ("f8_e5m2fnuz", BmrLexer.F8, Position.OPERATOR),
  F16("f16", BmrLexer.F16, Position.OPERATOR),
  BF16("bf16", BmrLexer.BF16, Position.OPERATOR),
  F32("f32", BmrLexer.F32, Position.OPERATOR),
  F64("f64", BmrLexer.F64, Position.OPERATOR),
  UNET("unet", BmrLexer.UNET, Position.OPERATOR),
  SHARDS("shards", BmrLexer.SHARDS, Position.OPERATOR),
  VAE("vae", BmrLexer.VAE, Position.OPERATOR),
  CLIP("clip", BmrLexer.CLIP, Position.OPERATOR),
  ALLOW("allow", BmrLexer.ALLOW, Position.OPERATOR),
  ALLOW_BELOW("allow", BmrLexer.ALLOW, Position.STATEMENT),
  ELSE("else", BmrLexer.ELSE, Position.MAP_ENTRY),
  NOT_BLOCKS("NOT", BmrLexer.NOT, Position.MAP_ENTRY),
  NOT("NOT", BmrLexer.NOT, Position.MAP_ELEMENT),
  /** As Model Mixer reads it; as an element it would mean the opposite. */
  NOT_LOWER("not", BmrLexer.NOT, Position.MAP_ELEMENT),
  RELATIVE("relative", BmrLexer.RELATIVE, Position.EXPECTATION),
  TO("to", BmrLexer.TO, Position.EXPECTATION),
  LET("let", BmrLexer.LET, Position.STATEMENT),
  MODELS("models", BmrLexer.MODELS, Position.STATEMENT),
  MODEL("model", BmrLexer.MODEL, Position.STATEMENT),
  SAVE("save", BmrLexer.SAVE, Position.STATEMENT),
  COMPARE("compare", BmrLexer.COMPARE, Position.STATEMENT),
  BLOCK_MAP("block_map", BmrLexer.BLOCK_MAP, Position.STATEMENT),
  PRECISION("precision", BmrLexer.PRECISION, Position.STATEMENT),
  SEED("seed", BmrLexer.SEED, Position.STATEMENT),
  INCLUDE("include", BmrLexer.INCLUDE, Position.STATEMENT),
  KEEP("keep", BmrLexer.KEEP, Position.STATEMENT),
  DROP("drop", BmrLexer.DROP, Position.STATEMENT),
  EXPECT("expect", BmrLexer.EXPECT, Position.STATEMENT),
  REQUIRE("require", BmrLexer.REQUIRE, Position.STATEMENT),
  FIT("fit", BmrLexer.LATER, Position.STATEMENT),
  MAXIMIZE("maximize", BmrLexer.LATER, Position.STATEMENT),
  MINIMIZE("minimize", BmrLexer.LATER, Position.STATEMENT);

  /** Where a word must stand to be a keyword; anywhere else it is a name. */
  public enum Position {
    /** First word of a statement that is not followed by {@code =} or an arrow. */
    STATEMENT,
    /** Behind an operand. */
    OPERATOR,
    /** Behind the bracket of {@code expect} and {@code require}. */
    EXPECTATION,
    /** First word of an entry of a map. */
    MAP_ENTRY,
    /** Behind the first colon of an entry of a map. */
    MAP_ELEMENT
  }

  private static final Map<Position, Map<String, Keyword>> BY_POSITION =
      Stream.of(values())
          .collect(
              Collectors.groupingBy(
                  Keyword::position, Collectors.toMap(Keyword::spelling, Function.identity())));

  private final String spelling;
  private final int tokenType;
  private final Position position;

  Keyword(String spelling, int tokenType, Position position) {
    this.spelling = spelling;
    this.tokenType = tokenType;
    this.position = position;
  }

  /** As it is written; case matters. */
  public String spelling() {
    return spelling;
  }

  /** The token type that the lexer gives it. */
  public int tokenType() {
    return tokenType;
  }

  /** Where it is a keyword. */
  public Position position() {
    return position;
  }

  /** The keyword that a word is at a place, if it is one there. */
  public static Optional<Keyword> at(Position position, String word) {
    return Optional.ofNullable(BY_POSITION.getOrDefault(position, Map.of()).get(word));
  }

  /** All keywords of a place, in the order of the table. */
  public static List<Keyword> all(Position position) {
    return Stream.of(values()).filter(keyword -> keyword.position == position).toList();
  }
}
