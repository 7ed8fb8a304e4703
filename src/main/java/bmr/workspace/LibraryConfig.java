package bmr.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.checkpoint.WebUiFolders;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.LibraryProblem.ConfigLine;
import bmr.diagnostic.LibraryProblem.ConfigUnusable;
import bmr.diagnostic.ProblemException;
import bmr.source.SourceText;
import bmr.source.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A user's file of folders of models: UTF-8, one folder in each line, which is a whole path, may
 * begin with {@code ~} or {@code webui:}, and goes to the end of the line; comments begin with
 * {@code #}. Lines that are not touched keep their bytes when it is edited.
 */
public final class LibraryConfig {
  private static final int MOST_BYTES = 1 << 16;
  private static final int MOST_FOLDERS = 1000;

  private final Path file;
  private final List<Line> lines;

  private LibraryConfig(Path file, List<Line> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * A line of the file.
   *
   * @param folders the one folder, or none in comments and empty lines
   */
  private record Line(String text, List<Path> folders) {}

  /**
   * Reads the file; one that is not there has no folders.
   *
   * @throws ProblemException with all lines that are wrong, or the reason why it cannot be read
   */
  public static LibraryConfig read(Path file) {
    SourceText text = SourceText.of(file.toString(), content(file));
    var lines = new ArrayList<Line>();
    var wrong = new ArrayList<Diagnostic>();
    int start = 0;
    for (String line : text.text().split("\n", -1)) {
      try {
        lines.add(line(line));
      } catch (InvalidPathException e) {
        int from = start + line.length() - line.stripLeading().length();
        int to = start + line.stripTrailing().length();
        wrong.add(Diagnostic.at(new Span(text, from, to), new ConfigLine(e.getReason())));
      }
      start += line.length() + 1;
    }
    if (!wrong.isEmpty()) {
      throw new ProblemException(wrong);
    }
    if (lines.size() > MOST_FOLDERS) {
      throw new ProblemException(
          new ConfigUnusable(file, "it has more than " + MOST_FOLDERS + " lines"));
    }
    // what follows the last line end is no line
    if (lines.getLast().text().isEmpty()) {
      lines.removeLast();
    }
    return new LibraryConfig(file, lines);
  }

  private static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw unusable(file, "it is larger than " + MOST_BYTES / 1024 + " KiB");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (CharacterCodingException e) {
      throw unusable(file, "it is not text in UTF-8");
    } catch (IOException e) {
      throw unusable(file, reason(e));
    }
  }

  private static ProblemException unusable(Path file, String reason) {
    return new ProblemException(new ConfigUnusable(file, reason));
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : "the system refuses it";
  }

  private static Line line(String text) {
    String written = text.strip();
    if (written.startsWith("\ufeff")) {
      throw new InvalidPathException(written, "a byte order mark stands before it");
    }
    if (written.isEmpty() || written.startsWith("#")) {
      return new Line(text, List.of());
    }
    if (written.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidPathException(written, "it has a control character");
    }
    return new Line(text, List.of(path(written)));
  }

  private static Path path(String written) {
    boolean webUi = written.startsWith(WebUiFolders.PREFIX);
    String path = webUi ? written.substring(WebUiFolders.PREFIX.length()).strip() : written;
    Path folder =
        ScriptFolders.resolve(Path.of(""), path)
            .orElseThrow(() -> new InvalidPathException(written, "it is no path"));
    if (!folder.isAbsolute()) {
      throw new InvalidPathException(written, "it is not a whole path");
    }
    return folder;
  }

  public Path file() {
    return file;
  }

  /** The folders in the order of the file, each once. */
  public List<Path> folders() {
    return lines.stream().flatMap(line -> line.folders().stream()).distinct().toList();
  }

  /** With a folder at the end; the same if it has it already. */
  public LibraryConfig with(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    if (folders().stream().map(Path::normalize).anyMatch(whole::equals)) {
      return this;
    }
    var more = new ArrayList<>(lines);
    try {
      more.add(line(whole.toString()));
    } catch (InvalidPathException e) {
      throw new ProblemException(new ConfigLine(e.getReason()));
    }
    return new LibraryConfig(file, more);
  }

  /** Without a folder; the same if it has it not. */
  public LibraryConfig without(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    var left = new ArrayList<>(lines);
    left.removeIf(line -> line.folders().stream().map(Path::normalize).anyMatch(whole::equals));
    return left.size() == lines.size() ? this : new LibraryConfig(file, left);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws ProblemException if that cannot be
   */
  public void write() {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()).append('\n'));
    try {
      // a link to a file elsewhere stays one
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path folder = target.getParent();
      if (folder == null) {
        throw unusable(file, "it is no file");
      }
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "config", ".new");
      try {
        Files.writeString(draft, text, UTF_8);
        Files.move(
            draft, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw unusable(file, "it cannot be written, " + reason(e));
    }
  }
}
