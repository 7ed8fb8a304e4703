// Tokens of the language. What a word is, its position decides: see PositionLexer, which retypes
// words, splits `x0.5` and decides which ends of lines end a statement.
lexer grammar BmrLexer;

options { superClass = PositionLexer; }

tokens {
  // words in operator position
  TIMES, WITH, AS, ON, LICENSE, SHA256, F8, F16, BF16, F32, F64, UNET, SHARDS,
  VAE, CLIP, ALLOW,
  // words that begin a map entry or an element
  ELSE, NOT,
  // words that begin a statement
  LET, MODELS, MODEL, SAVE, COMPARE, BLOCK_MAP, PRECISION, SEED, INCLUDE, KEEP, DROP, EXPECT,
  REQUIRE,
  // behind the bracket of `expect` and `require`
  RELATIVE, TO, COMPARISON,
  // words that begin a statement of a later version
  LATER,
  // any other word in operator position, and a bracket nested too deeply: accepted nowhere
  STRAY, TOO_DEEP
}

NEWLINE : '\r'? '\n' | '\r' ;
BLANKS  : BLANK+ -> channel(HIDDEN) ;
COMMENT : ('#' | '//') ~[\r\n]* -> channel(HIDDEN) ;

NUMBER : DIGIT+ ('.' DIGIT*)? EXPONENT? | '.' DIGIT+ EXPONENT? ;

// presets with an operator in their name; glued with anything in front of them they stay one word,
// or `1-SMOOTHSTEP/2` would mean (1 - SMOOTHSTEP) / 2
STEP_PRESET : (PARTS JOINT)? 'R_'? 'SMOOTHSTEP' [*/] [234] ;

HF_REF  : 'hf:' ([\p{L}\p{M}\p{N}_./@-]+ | '"' ~["\r\n]* '"') ;
WORD    : PARTS ;
UNKNOWN : '?' PARTS? ;

STRING      : '"' ~["\r\n]* '"' | CURLY ~["\u201C\u201D\u201E\r\n]* ["\u201C\u201D\u201E] ;
OPEN_STRING : '"' ~["\r\n]* | CURLY ~["\u201C\u201D\u201E\r\n]* ;

PLUS              : '+' ;
MINUS             : '-' ;
MINUS_SIGN        : '\u2212' ;
EN_DASH           : '\u2013' ;
STAR              : '*' ;
CROSS             : '\u00D7' ;
MIDDLE_DOT        : '\u00B7' ;
DOT_OPERATOR      : '\u22C5' ;
SLASH             : '/' ;
AT                : '@' ;
BAR               : '|' ;
EQ                : '=' ;
ARROW             : '->' ;
FAT_ARROW         : '=>' ;
ARROW_SIGN        : '\u2192' ;
DOUBLE_ARROW_SIGN : '\u21D2' ;
COMMA             : ',' ;
COLON             : ':' ;
TILDE             : '~' ;
DOT_DOT           : '..' ;
PERCENT           : '%' ;
LPAREN            : '(' ;
RPAREN            : ')' ;
LBRACKET          : '[' ;
RBRACKET          : ']' ;
LBRACE            : '{' ;
RBRACE            : '}' ;
BULLET            : [\u2022\u25E6\u25AA] ;

UNRECOGNIZED : . ;

fragment DIGIT     : [0-9] ;
fragment EXPONENT  : [eE] [+-]? DIGIT+ ;
fragment CURLY     : [\u201C\u201D\u201E] ;
fragment BLANK     : [\t\u000B\u000C\u0085\p{Zs}\u2028\u2029\u200B\uFEFF] ;

// never ends in `.` or `-` and never holds `..`: so `A -B`, `A- B` and `OUT03..OUT05` come out right
fragment PARTS : LETTER+ (JOINT LETTER+)* ;
fragment JOINT : '.' | '-'+ ;
// marks too: names written with decomposed accents are words
fragment LETTER : [\p{L}\p{M}\p{N}_] ;
