package bmr.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Says in words what the operating system refused. */
final class FileFailures {
  private FileFailures() {}

  static String describe(@Nullable IOException exception) {
    return switch (exception) {
      case NoSuchFileException e -> "there is no file `" + e.getFile() + "`";
      case AccessDeniedException e -> "no permission for `" + e.getFile() + "`";
      case NotDirectoryException e -> "`" + e.getFile() + "` is no folder";
      case FileAlreadyExistsException e -> "`" + e.getFile() + "` is in the way";
      case FileSystemException e ->
          "`" + e.getFile() + "`: " + (e.getReason() == null ? "unreadable" : e.getReason());
      case null -> "a file cannot be read or written";
      default -> "a file cannot be read or written: " + exception.getMessage();
    };
  }
}
