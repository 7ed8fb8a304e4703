lexer grammar BmrLexer;

UNRECOGNIZED : . ;
