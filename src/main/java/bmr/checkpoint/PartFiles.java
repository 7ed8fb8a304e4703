package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Names of unfinished files, {@code .TARGET.bmr-PROCESS-RANDOM.part}, and what killed processes
 * left of them. The process that writes one holds a lock on it, which the system releases when the
 * process ends: an unlocked one has no owner.
 */
final class PartFiles {
  private static final int LONGEST_STEM = 150;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Files of this process are known by name: to open and close one of them would release its lock.
   */
  private static final String PROCESS = token();

  private PartFiles() {}

  /** The folder of an absolute path of a file. */
  static Path folderOf(Path target) {
    return Objects.requireNonNull(target.getParent(), "a file lies in a folder");
  }

  /** A name beside the target that nobody has. */
  static Path newName(Path target) {
    return target.resolveSibling(prefix(target) + PROCESS + "-" + token() + ".part");
  }

  private static String prefix(Path target) {
    String name = String.valueOf(target.getFileName());
    if (name.getBytes(UTF_8).length > LONGEST_STEM) {
      int end = name.offsetByCodePoints(0, Math.min(30, name.codePointCount(0, name.length())));
      name = name.substring(0, end) + "~" + HexFormat.of().toHexDigits(name.hashCode());
    }
    return "." + name + ".bmr-";
  }

  private static String token() {
    return HexFormat.of().toHexDigits(RANDOM.nextInt());
  }

  /** Locks the file; where the system has no locks, killed runs leave their files. */
  static void markAsLive(FileChannel channel) {
    try {
      channel.tryLock();
    } catch (IOException e) {
      // see above
    }
  }

  /** Removes what processes that are gone left for the target. */
  static void removeLeftovers(Path target) {
    String prefix = prefix(target);
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            folderOf(target), entry -> isPart(String.valueOf(entry.getFileName()), prefix))) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && !isLive(entry)) {
          deleteQuietly(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // a folder that cannot be listed may still be written
    }
  }

  private static boolean isPart(String name, String prefix) {
    return name.startsWith(prefix)
        && name.substring(prefix.length()).matches("[0-9a-f]{8}-[0-9a-f]{8}\\.part")
        && !name.startsWith(PROCESS, prefix.length());
  }

  private static boolean isLive(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException | OverlappingFileLockException e) {
      return true;
    }
  }

  static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // a leftover does no harm, and the next run tries again
    }
  }
}
