parser grammar BmrParser;

options { tokenVocab = BmrLexer; }

line : UNRECOGNIZED* EOF ;
