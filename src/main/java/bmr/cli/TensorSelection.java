package bmr.cli;

import bmr.model.Part;
import bmr.model.Place;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Tensors as {@code --on} names them: blocks and ranges as {@link BlockSelection}, components
 * ({@code CLIP}, {@code VAE}), and element patterns ({@code *attn1*}).
 *
 * @param text as typed
 */
record TensorSelection(String text, BiPredicate<String, Place> tensors) {
  static final TensorSelection ALL = new TensorSelection("ALL", (key, place) -> true);

  /**
   * Understands a selection.
   *
   * @throws IllegalArgumentException saying what is not understood
   */
  static TensorSelection of(String text) {
    BiPredicate<String, Place> tensors = (key, place) -> false;
    for (String item : text.strip().split("[,+\\s]+", -1)) {
      tensors = tensors.or(item(item));
    }
    return new TensorSelection(text, tensors);
  }

  private static BiPredicate<String, Place> item(String item) {
    switch (item.toUpperCase(Locale.ROOT)) {
      case "CLIP" -> {
        return (key, place) -> place.part().isTextEncoder();
      }
      case "VAE" -> {
        return (key, place) -> place.part() == Part.VAE;
      }
      default -> {}
    }
    if (item.indexOf('*') >= 0) {
      String pattern =
          Arrays.stream(item.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining(".*"));
      Pattern keys = Pattern.compile(pattern);
      return (key, place) -> keys.matcher(key).matches();
    }
    BlockSelection blocks = BlockSelection.of(item);
    return (key, place) -> blocks.blocks().test(place.block());
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<TensorSelection> {
    @Override
    public TensorSelection convert(String text) {
      try {
        return of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
