package bmr.workspace;

import java.nio.file.Path;
import java.util.Locale;

/** File names from names of models. */
final class OutputNames {
  private OutputNames() {}

  /** The name and {@code .safetensors}; what Windows forbids in file names becomes {@code _}. */
  static Path file(String name) {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      file.append(c < ' ' || "<>:\"/\\|?*".indexOf(c) >= 0 ? '_' : c);
    }
    return Path.of(file + ".safetensors");
  }

  static boolean sameLoosely(String left, String right) {
    return loose(left).equals(loose(right));
  }

  private static String loose(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }
}
