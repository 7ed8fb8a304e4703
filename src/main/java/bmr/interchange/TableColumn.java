package bmr.interchange;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the columns of published tables hold. */
enum TableColumn {
  A("(primary|first|base) ?model|model ?[:_-]? ?\\(?a\\)?|a|primary|model ?1"),
  B("(secondary|second) ?model|model ?[:_-]? ?\\(?b\\)?|b|secondary|model ?2"),
  C("(tertiary|third) ?model|model ?[:_-]? ?\\(?c\\)?|c|tertiary|model ?3"),
  /** SuperMerger's calculation mode. */
  CALCULATION("calc(ulation)?[ _-]?mode"),
  /** Settings that change the result beside the formula. */
  EXTRA("elemental( merge)?|adjust(ment)?|lora"),
  METHOD("(interpolation|merge|merging|calculation) ?(method|mode|type)?|method|mode|type"),
  SHARE("(multiplier|alpha|m|ratio|amount|比率|weight ?\\(m\\)|multiplier ?\\(m\\)|α)"),
  BETA("beta|β"),
  WEIGHTS("(block )?weights?( ?values?)?|mbw( ?weights?)?|block ?weights?|weight ?list"),
  BASE("base[ _-]?(alpha|weight|α)|base"),
  RESULT(
      "(merge|merged|output|result|new|custom|model|save)[ _-]?(model )?(name|as)|result|output"
          + "|merge|(output|result|merged|new) ?model|name");

  private final Pattern heading;

  TableColumn(String heading) {
    this.heading = Pattern.compile(heading);
  }

  /** The column that a heading names. */
  static Optional<TableColumn> of(String heading) {
    String words = heading.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (words.length() > 40) {
      return Optional.empty();
    }
    // RESULT and METHOD share words such as `merge`: the order of the constants decides
    for (TableColumn column : values()) {
      if (column != METHOD && column.heading.matcher(words).matches()) {
        return Optional.of(column);
      }
    }
    return METHOD.heading.matcher(words).matches() ? Optional.of(METHOD) : Optional.empty();
  }
}
