// One statement at a time: PositionLexer ends it with NEWLINE, the reader adds EOF. No recursion but
// through brackets, whose depth the lexer limits. Which side of `=` is the name, and what belongs to
// which definition, is decided on the tree.
parser grammar BmrParser;

options { tokenVocab = BmrLexer; }

line : BULLET* statement? NEWLINE? EOF ;

// what `-e` and `--set` give
formula : weights NEWLINE? EOF ;

statement
  : LET name EQ weights                                                        # let
  | MODELS STRING                                                              # modelsFolder
  | MODEL name EQ file (LICENSE STRING | SHA256 digest)*                       # modelFile
  | SAVE name (COMMA? saveOption)*                                             # save
  | COMPARE left = name WITH right = name (ON block (COMMA? block)*)?          # compare
  | (EXPECT | REQUIRE) word LPAREN left = name COMMA right = name
      (COMMA selection (COMMA? selection)*)? RPAREN
      (RELATIVE TO base = name)? COMPARISON EQ? signedNumber                     # expectation
  | BLOCK_MAP STRING                                                           # blockMap
  | PRECISION kind (dtype | STRING)?                                           # precision
  | SEED NUMBER                                                                # seed
  | INCLUDE STRING                                                             # include
  | (KEEP | DROP) WORD                                                         # ema
  | allowance                                                                  # allow
  | expression (bind weights)? (COMMA binding)* allowance?                     # definition
  ;

bind    : EQ | COLON | ARROW | FAT_ARROW | ARROW_SIGN | DOUBLE_ARROW_SIGN ;
// the one thing that can be allowed is a sum that is neither 1 nor 0
allowance : ALLOW WORD ;

binding : name (EQ | COLON) weights ;

// a list without brackets is possible behind `W =` only
weights : expression (COMMA expression)* ;

saveOption
  : AS (STRING | word)   # saveAs
  | dtype                # saveType
  | UNET                 # saveUnet
  | SHARDS (WORD | NUMBER) # saveShards
  | (UNET | CLIP) COLON name # saveComponent
  | VAE COLON name       # saveVae
  ;

// `?`: which file it is, is not known yet
file   : STRING | word | HF_REF | UNKNOWN ;
digest : STRING | WORD | STRAY | NUMBER ;
kind   : word | STRING ;
dtype  : F8 | F16 | BF16 | F32 | F64 ;
block  : blockWord (rangeSign blockWord)? ;

// a text is a pattern of keys
selection : block | STRING ;

expression   : alternatives (AT sum)? ;
alternatives : sum (BAR sum)* ;
sum          : sign* product (sign+ product)* ;
product      : operand (times sign* operand)* ;
operand      : primary (WITH map)* ;

primary
  : number group?                            # numeric
  | group (number | group)?                  # grouped
  | (word | STRING) (pin | arguments)?       # named
  | HF_REF                                   # hubFile
  | UNKNOWN bounds? (TILDE signedNumber)?    # unknown
  | modelList                                # models
  | map                                      # weightMap
  ;

number       : NUMBER PERCENT? ;
signedNumber : sign? number ;
group        : LPAREN expression (COMMA expression)* COMMA? RPAREN ;
pin          : LBRACKET (WORD | NUMBER) RBRACKET ;
bounds       : LBRACKET signedNumber COMMA signedNumber RBRACKET ;
arguments    : LPAREN (argument (COMMA argument)* COMMA?)? RPAREN ;
argument     : (name (EQ | COLON))? expression ;
modelList    : LBRACKET (expression (COMMA expression)* COMMA?)? RBRACKET ;

map : LBRACE (mapEntry (COMMA mapEntry)* COMMA?)? RBRACE ;

// the last colon of an entry stands before its weight; what stands between two are elements; without
// a block in front of them they are those of all blocks; lines of a map are entries too: PositionLexer
// makes commas of their ends
mapEntry
  : ELSE COLON? expression                             # otherwise
  | NOT? selector+ COLON (elements? COLON)? expression # entry
  | COLON elements? COLON expression                   # entryEverywhere
  ;

selector  : blockWord (rangeSign blockWord)? ;
blockWord : WORD | STRAY ;
elements  : NOT? element+ ;
element   : WORD | STRAY | NUMBER | STRING ;
rangeSign : TILDE | DOT_DOT | MINUS | MINUS_SIGN | EN_DASH ;

name  : word | STRING ;
word  : WORD | STEP_PRESET ;
sign  : PLUS | MINUS | MINUS_SIGN | EN_DASH ;
times : TIMES | STAR | CROSS | MIDDLE_DOT | DOT_OPERATOR | SLASH ;
