package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.FileProblem;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one header. Stricter than the reference implementation: no key twice, however it is
 * escaped. Limits of its own: {@link #MOST_TENSORS}, {@link #HIGHEST_RANK}, and numbers are signed
 * 64-bit. As there, unknown fields of an entry are ignored (with a note), and a shape whose product
 * overflows before a zero is refused.
 */
final class SafetensorsHeaderReader {
  /** Ten times what the largest files that people share hold; bounds the memory of a header. */
  static final int MOST_TENSORS = 250_000;

  static final int HIGHEST_RANK = 1024;

  private static final String METADATA = "__metadata__";
  private static final int NESTING = 32;

  private final Path file;
  private final JsonReader json;
  private final List<SafetensorsHeader.Entry> entries = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Map<Shape, Shape> shapes = new HashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Problem> notes = new ArrayList<>();
  private boolean notedField;

  private SafetensorsHeaderReader(Path file, InputStream header) {
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.file = file;
    this.json = new JsonReader(new InputStreamReader(header, decoder));
    json.setStrictness(Strictness.STRICT);
    json.setNestingLimit(NESTING);
  }

  /**
   * Reads a header to the stream's end.
   *
   * @throws ProblemException with a HeaderProblem for every fault
   * @throws IOException if the system fails
   */
  static SafetensorsHeader read(Path file, InputStream header) throws IOException {
    var reader = new SafetensorsHeaderReader(file, header);
    try {
      reader.readAll();
    } catch (CharacterCodingException e) {
      throw reader.damaged("it is not UTF-8");
    } catch (EOFException e) {
      throw reader.damaged("it ends in the middle");
    } catch (MalformedJsonException e) {
      throw reader.damaged("it is not valid JSON" + place(e));
    }
    return SafetensorsHeader.of(file, reader.entries, reader.metadata, reader.notes);
  }

  /** Gson tells the place only in a sentence, which ends in a link to its documentation. */
  private static String place(MalformedJsonException e) {
    Matcher place =
        Pattern.compile("at line ([0-9]+) column ([0-9]+)").matcher(String.valueOf(e.getMessage()));
    return place.find() ? " (line " + place.group(1) + ", column " + place.group(2) + ")" : "";
  }

  private void readAll() throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      throw new ProblemException(
          new FileProblem.NotSafetensors(file, "its header does not begin with `{`"));
    }
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (!keys.add(key)) {
        throw new ProblemException(new HeaderProblem.DuplicateKey(file, key));
      }
      if (key.equals(METADATA)) {
        readMetadata();
      } else {
        readEntry(key);
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw damaged("something follows its closing brace");
    }
  }

  private void readMetadata() throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      throw new ProblemException(new HeaderProblem.BadMetadata(file, "they are no JSON object"));
    }
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (json.peek() != JsonToken.STRING) {
        throw new ProblemException(new HeaderProblem.BadMetadata(file, "a value is not a string"));
      }
      if (metadata.put(key, json.nextString()) != null) {
        throw new ProblemException(new HeaderProblem.DuplicateKey(file, key));
      }
    }
    json.endObject();
  }

  private void readEntry(String key) throws IOException {
    if (entries.size() == MOST_TENSORS) {
      throw new ProblemException(new HeaderProblem.HeaderTooRich(file, MOST_TENSORS + " tensors"));
    }
    expect(JsonToken.BEGIN_OBJECT, key, "it is no JSON object");
    json.beginObject();
    @Nullable String dtype = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    Set<String> unknown = Set.of();
    while (json.hasNext()) {
      String field = json.nextName();
      switch (field) {
        case "dtype" -> {
          requireFirst(dtype, key);
          expect(JsonToken.STRING, key, "its `dtype` is not a string");
          dtype = json.nextString();
        }
        case "shape" -> {
          requireFirst(shape, key);
          shape = numbers(key, field, HIGHEST_RANK);
        }
        case "data_offsets" -> {
          requireFirst(offsets, key);
          offsets = numbers(key, field, 2);
        }
        default -> {
          unknown = unknown.isEmpty() ? new HashSet<>() : unknown;
          requireFirst(unknown.add(field) ? null : field, key);
          json.skipValue();
          noteField(key, field);
        }
      }
    }
    json.endObject();
    entries.add(entry(key, dtype, shape, offsets));
  }

  private SafetensorsHeader.Entry entry(
      String key,
      @Nullable String dtype,
      @Nullable List<Long> shape,
      @Nullable List<Long> offsets) {
    if (dtype == null || shape == null || offsets == null) {
      String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw bad(key, "it has no `" + missing + "`");
    }
    if (offsets.size() != 2) {
      throw bad(key, "its `data_offsets` are not two numbers");
    }
    long begin = offsets.getFirst();
    long end = offsets.getLast();
    if (begin > end) {
      throw bad(key, "its `data_offsets` end before they begin");
    }
    var type =
        DType.ofTag(dtype)
            .orElseThrow(
                () -> new ProblemException(new HeaderProblem.UnknownDType(file, key, dtype)));
    return new SafetensorsHeader.Entry(
        key, type, shapes.computeIfAbsent(new Shape(shape), same -> same), begin, end);
  }

  private List<Long> numbers(String key, String field, int most) throws IOException {
    expect(JsonToken.BEGIN_ARRAY, key, "its `" + field + "` is no list");
    json.beginArray();
    var numbers = new ArrayList<Long>();
    while (json.hasNext()) {
      if (numbers.size() == most) {
        throw bad(key, "its `" + field + "` is a list of more than " + most + " numbers");
      }
      expect(
          JsonToken.NUMBER,
          key,
          "its `" + field + "` holds something other than whole numbers from 0 to 2^63-1");
      OptionalLong number = natural(json.nextString());
      if (number.isEmpty()) {
        throw bad(
            key, "its `" + field + "` holds something other than whole numbers from 0 to 2^63-1");
      }
      numbers.add(number.getAsLong());
    }
    json.endArray();
    return numbers;
  }

  /** No sign, no exponent; loops and not streams, for a header has thousands of numbers. */
  private static OptionalLong natural(String digits) {
    if (digits.isEmpty() || digits.length() > 19) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalLong.empty();
      }
      // 19 digits stay below 2^64, so that an overflow shows as a negative number
      number = 10 * number + (digit - '0');
    }
    return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private void noteField(String key, String field) {
    // one note tells it; a file may have thousands of such fields
    if (!notedField) {
      notes.add(new HeaderProblem.UnknownField(file, key, field));
      notedField = true;
    }
  }

  private void requireFirst(@Nullable Object before, String key) {
    if (before != null) {
      throw bad(key, "it has one field twice");
    }
  }

  private void expect(JsonToken token, String key, String otherwise) throws IOException {
    if (json.peek() != token) {
      throw bad(key, otherwise);
    }
  }

  private ProblemException bad(String key, String fault) {
    return new ProblemException(new HeaderProblem.BadEntry(file, key, fault));
  }

  private ProblemException damaged(String fault) {
    return new ProblemException(new HeaderProblem.HeaderSyntax(file, fault));
  }
}
