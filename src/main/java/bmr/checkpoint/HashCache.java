package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hashes of files that were computed once. Each file has an entry of its own, a small text file
 * whose name is a digest of path, size, time of change and the system's key of the file: a changed
 * file has another entry, and processes never write into each other's. An entry that is not right
 * to the letter counts for nothing. Safe for use by many threads and processes.
 */
public final class HashCache {
  private static final String HEAD = "bmr hashes 1";
  private static final Pattern LINE = Pattern.compile("(whole|legacy|tensors) ([0-9a-f]{64})");
  private static final int MOST_BYTES = 1024;
  private static final int MOST_ENTRIES = 4096;

  /** A file that changed so lately may change again without a change of its time. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final int STAMP_DIGITS = 40;
  private static final int CHECK_DIGITS = 16;

  private final Optional<Path> folder;
  private final FileHash.Watch watch;

  /**
   * A cache.
   *
   * @param folder of the entries, made when it is needed; without one nothing is kept
   * @param watch is told of files while they are hashed
   */
  public HashCache(Optional<Path> folder, FileHash.Watch watch) {
    this.folder = folder;
    this.watch = watch;
  }

  /** Keeps nothing. */
  public static HashCache none() {
    return new HashCache(Optional.empty(), FileHash.Watch.NOBODY);
  }

  /**
   * The hash of a file in as many digits as another one has, and of its kind; computed if it is not
   * known.
   *
   * @throws IOException if the file cannot be read
   */
  public String like(String hash, Path file) throws IOException {
    return hash(FileHash.Kind.of(hash), file).substring(0, hash.length());
  }

  /**
   * All 64 digits of a hash; computed if it is not known.
   *
   * @throws IOException if the file cannot be read
   */
  public String hash(FileHash.Kind kind, Path file) throws IOException {
    Optional<String> known = known(kind, file);
    if (known.isPresent()) {
      return known.get();
    }
    Optional<String> before = stamp(file);
    String hash = FileHash.of(kind, file, watch);
    if (before.isPresent() && before.equals(stamp(file)) && isSettled(file)) {
      keep(before.get(), kind, hash);
    }
    return hash;
  }

  /** All 64 digits of a hash, if they are known; the file itself is not read. */
  public Optional<String> known(FileHash.Kind kind, Path file) {
    return folder.isEmpty()
        ? Optional.empty()
        : stamp(file).flatMap(stamp -> Optional.ofNullable(entry(stamp).get(kind)));
  }

  private Map<FileHash.Kind, String> entry(String stamp) {
    Map<FileHash.Kind, String> hashes = new EnumMap<>(FileHash.Kind.class);
    try {
      Path file = folder.orElseThrow().resolve(stamp);
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
        return hashes;
      }
      String text = Files.readString(file, UTF_8);
      for (String line : text.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          hashes.put(
              FileHash.Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), matcher.group(2));
        }
      }
      return text.equals(text(stamp, hashes)) ? hashes : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  private static String text(String stamp, Map<FileHash.Kind, String> hashes) {
    var text = new StringBuilder(HEAD).append('\n');
    hashes.forEach((kind, hash) ->
        text.append(kind.name().toLowerCase(Locale.ROOT)).append(' ').append(hash).append('\n'));
    String check = digest(stamp + text).substring(0, CHECK_DIGITS);
    return text.append("check ").append(check).append('\n').toString();
  }

  /** A cache that cannot be written is none; another process may have added a hash meanwhile. */
  private void keep(String stamp, FileHash.Kind kind, String hash) {
    if (folder.isEmpty()) {
      return;
    }
    Map<FileHash.Kind, String> hashes = new EnumMap<>(FileHash.Kind.class);
    hashes.putAll(entry(stamp));
    hashes.put(kind, hash);
    try {
      Files.createDirectories(folder.get());
      Path draft = Files.createTempFile(folder.get(), "new", ".part");
      try {
        Files.writeString(draft, text(stamp, hashes), UTF_8);
        Files.move(
            draft,
            folder.get().resolve(stamp),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      prune(folder.get());
    } catch (IOException e) {
      // it is computed again next time
    }
  }

  /** Removes the oldest quarter of too many entries. */
  private static void prune(Path folder) throws IOException {
    record Aged(Path file, FileTime time) {}
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (files.size() <= MOST_ENTRIES) {
      return;
    }
    List<Aged> aged = new ArrayList<>();
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        aged.add(new Aged(file, Files.getLastModifiedTime(file)));
      }
    }
    aged.sort(Comparator.comparing(Aged::time));
    for (Aged old : aged.subList(0, aged.size() / 4)) {
      Files.deleteIfExists(old.file());
    }
  }

  /** Empty for what is no plain file. */
  private static Optional<String> stamp(Path file) {
    try {
      Path real = file.toRealPath();
      var attributes = Files.readAttributes(real, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(
              digest(
                      String.join(
                          "\0",
                          real.toString(),
                          Long.toString(attributes.size()),
                          attributes.lastModifiedTime().toInstant().toString(),
                          String.valueOf(attributes.fileKey())))
                  .substring(0, STAMP_DIGITS))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isSettled(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(SETTLED));
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
