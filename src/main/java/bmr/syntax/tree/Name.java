package bmr.syntax.tree;

import bmr.source.Span;

/**
 * A name as written.
 *
 * @param text without quotes, NFC-normalised
 * @param quoted whether it stood in quotes: a quoted name is never split at hyphens
 */
public record Name(String text, boolean quoted, Span span) {}
