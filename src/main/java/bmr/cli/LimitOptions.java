package bmr.cli;

import bmr.engine.Limits;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How much of the machine a command may use. */
final class LimitOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; all processors by default.",
      converter = Threads.class)
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = {
        "Memory for buffers, such as 256M or 2G; 512M by",
        "default, whatever the size of the models."
      },
      converter = Size.class)
  private Optional<Long> memory = Optional.empty();

  Limits limits() {
    Limits standard = Limits.standard();
    return new Limits(threads.orElse(standard.threads()), memory.orElse(standard.memory()));
  }

  /** {@code 512M}, {@code 2G}, {@code 512MiB}, {@code 1.5GB}: powers of 1024, as memory is sold. */
  static final class Size implements ITypeConverter<Long> {
    private static final Pattern SIZE =
        Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*(?:([KMGT])(?:I?B)?|B)?");

    @Override
    public Long convert(String text) {
      Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException("`" + text + "` is no size: write 512M or 2G");
      }
      String unit = matcher.group(2) == null ? "" : matcher.group(2);
      int shift = unit.isEmpty() ? 0 : 10 * ("KMGT".indexOf(unit) + 1);
      double bytes = Double.parseDouble(matcher.group(1)) * (1L << shift);
      if (bytes < 1) {
        throw new TypeConversionException("a size must be at least one byte");
      }
      return (long) bytes;
    }
  }

  /** A number of threads. */
  static final class Threads implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String text) {
      if (!text.matches("\\d{1,4}")
          || Integer.parseInt(text) < 1
          || Integer.parseInt(text) > MOST) {
        throw new TypeConversionException(
            "`" + text + "` is no number of threads: write 1 to " + MOST);
      }
      return Integer.valueOf(text);
    }
  }
}
