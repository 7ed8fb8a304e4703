package bmr.interchange;

import bmr.diagnostic.Diagnostic;
import java.util.List;

/**
 * What a published recipe turned into.
 *
 * @param script the text of a script, ending in a line feed
 * @param findings questions and what was not understood, placed in the published text
 * @param questions how many of them are questions: until they are answered in the script, it does
 *     not say everything that the recipe says
 */
public record Imported(String script, List<Diagnostic> findings, int questions) {
  public Imported {
    findings = List.copyOf(findings);
  }
}
