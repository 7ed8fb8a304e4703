/** What ANTLR generates and the lexer's hand-written superclass; imported by bmr.syntax only. */
@NullMarked
package bmr.syntax.antlr;

import org.jspecify.annotations.NullMarked;
