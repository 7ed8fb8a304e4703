package bmr.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages use only those that the table in docs/architecture.md allows them. */
class ArchitectureTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final Path TABLE = Path.of("docs/architecture.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(bmr\\.[a-z.]+)` \\|[^|]*\\| ?([a-z., ]*?) ?\\|");
  private static final Pattern TYPE = Pattern.compile("(?:^|L)(bmr/(?:[a-z]+/)*)[A-Z]\\w*");

  @Test
  void packagesUseOnlyWhatTheTableAllows() throws IOException {
    Map<String, Set<String>> allowed = table();
    var forbidden = new TreeSet<String>();
    uses()
        .forEach((user, used) ->
            used.forEach((other, example) -> {
              if (!allowed.getOrDefault(user, Set.of()).contains(other)) {
                forbidden.add(user + " -> " + other + " (in " + example + ")");
              }
            }));
    assertEquals(Set.of(), forbidden, "edges that docs/architecture.md does not allow");
  }

  @Test
  void theTableNamesEveryPackageAndNoOther() throws IOException {
    var there = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        there.add(packageOf(file));
      }
    }
    assertEquals(there, new TreeSet<>(table().keySet()));
  }

  @Test
  void theTableHasNoCycles() throws IOException {
    Map<String, Set<String>> left = new TreeMap<>(table());
    boolean removed = true;
    while (removed) {
      removed =
          left.keySet().removeIf(name -> left.get(name).stream().noneMatch(left::containsKey));
    }
    assertTrue(left.isEmpty(), () -> "cycle among " + left.keySet());
  }

  private static Map<String, Set<String>> table() throws IOException {
    var table = new TreeMap<String, Set<String>>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        var used = new TreeSet<String>();
        for (String name : row.group(2).split(", ")) {
          if (!name.isBlank()) {
            used.add("bmr." + name);
          }
        }
        table.put(row.group(1), used);
      }
    }
    assertTrue(table.size() > 10, "the table was not found in " + TABLE);
    return table;
  }

  /** For each package, the packages it uses, each with a class that does. */
  private static Map<String, Map<String, String>> uses() throws IOException {
    var uses = new TreeMap<String, Map<String, String>>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String user = packageOf(file);
        ClassModel model = ClassFile.of().parse(file);
        for (PoolEntry entry : model.constantPool()) {
          // class entries, and descriptors and signatures, which are plain texts
          String text =
              switch (entry) {
                case ClassEntry type -> type.asInternalName();
                case Utf8Entry utf8 when utf8.stringValue().contains("Lbmr/") -> utf8.stringValue();
                default -> "";
              };
          Matcher type = TYPE.matcher(text);
          while (type.find()) {
            String other = type.group(1).replace('/', '.').replaceAll("\\.$", "");
            if (!other.equals(user)) {
              uses.computeIfAbsent(user, _ -> new TreeMap<>())
                  .putIfAbsent(other, String.valueOf(file.getFileName()));
            }
          }
        }
      }
    }
    assertTrue(uses.size() > 10, "no classes in " + CLASSES);
    return uses;
  }

  private static String packageOf(Path file) {
    return String.valueOf(CLASSES.relativize(file).getParent())
        .replace(java.io.File.separator, ".");
  }
}
