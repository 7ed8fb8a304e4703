package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.FileProblem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises, by its first bytes, what a file is that turned out to be no safetensors file. */
final class ForeignFile {
  /** So many bytes are looked at. */
  static final int BEGINNING = 1024;

  private static final Pattern HTML =
      Pattern.compile("(<!doctype html|<html|<head|<body|<\\?xml)", Pattern.CASE_INSENSITIVE);
  private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size ([0-9]{1,18})$");
  private static final String LFS = "version https://git-lfs.github.com/spec/";

  private record Magic(String bytes, String kind) {}

  private static final List<Magic> MAGIC =
      List.of(
          new Magic("\u0089PNG", "a PNG image"),
          new Magic("\u00ff\u00d8\u00ff", "a JPEG image"),
          new Magic("RIFF", "an image or a sound"),
          new Magic("%PDF", "a PDF document"),
          new Magic("\u0089HDF", "an HDF5 file"),
          new Magic("\u001f\u008b", "a gzip archive"),
          new Magic("7z\u00bc\u00af", "a 7z archive"),
          new Magic("Rar!", "a RAR archive"),
          new Magic("(\u00b5/\u00fd", "a zstd archive"),
          new Magic("lmgg", "a GGML file"),
          new Magic("tjgg", "a GGML file"));

  private ForeignFile() {}

  /**
   * What the file is instead.
   *
   * @param size of the whole file in bytes
   * @param beginning the first bytes, at most {@link #BEGINNING}
   */
  static Optional<FileProblem> recognise(Path file, long size, byte[] beginning) {
    if (beginning.length == 0) {
      return Optional.of(new FileProblem.EmptyFile(file));
    }
    String raw = new String(beginning, ISO_8859_1);
    if (raw.startsWith(LFS)) {
      Matcher matcher = LFS_SIZE.matcher(raw);
      Optional<Long> real =
          matcher.find() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
      return Optional.of(new FileProblem.LfsPointer(file, real));
    }
    if (raw.startsWith("GGUF")) {
      return Optional.of(new FileProblem.GgufFile(file));
    }
    Optional<String> text = text(beginning);
    if (text.isPresent()) {
      String stripped = text.get().replaceFirst("^\ufeff", "").strip();
      if (HTML.matcher(stripped).lookingAt()) {
        return Optional.of(new FileProblem.HtmlPage(file, size));
      }
      return Optional.of(new FileProblem.TextFile(file, firstLine(stripped)));
    }
    if (raw.length() > 262 && raw.startsWith("ustar", 257)) {
      return Optional.of(
          new FileProblem.OtherFormat(file, "a tar archive, as torch wrote in 2016"));
    }
    for (Magic magic : MAGIC) {
      if (raw.startsWith(magic.bytes())) {
        return Optional.of(new FileProblem.OtherFormat(file, magic.kind()));
      }
    }
    boolean otherName =
        ModelExtension.of(String.valueOf(file.getFileName()))
            .filter(extension -> extension != ModelExtension.SAFETENSORS)
            .isPresent();
    return otherName ? Optional.of(new FileProblem.UnknownContent(file)) : Optional.empty();
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    int limit = line.offsetByCodePoints(0, Math.min(60, line.codePointCount(0, line.length())));
    return line.substring(0, limit);
  }

  /** The beginning as text if all of it is text; a character cut in two at the end is left out. */
  private static Optional<String> text(byte[] beginning) {
    for (byte value : beginning) {
      boolean blank = value == '\n' || value == '\r' || value == '\t';
      if ((value >= 0 && value < ' ' && !blank) || value == 0x7f) {
        return Optional.empty();
      }
    }
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var chars = CharBuffer.allocate(beginning.length);
    boolean whole = beginning.length < BEGINNING;
    var result = decoder.decode(ByteBuffer.wrap(beginning), chars, whole);
    if (result.isError() || chars.position() == 0) {
      return Optional.empty();
    }
    return Optional.of(new String(Arrays.copyOf(chars.array(), chars.position())));
  }
}
