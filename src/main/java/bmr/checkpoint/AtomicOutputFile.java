package bmr.checkpoint;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes {@code .NAME.bmr-....part} beside the target. */
final class AtomicOutputFile implements OutputFile {
  private final Path target;
  private final Path folder;
  private final Path temporary;
  private final long size;
  private final FileChannel channel;
  private final OutputDisk disk;
  private final Deque<Path> madeFolders;
  private boolean committed;
  private boolean closed;

  private AtomicOutputFile(
      Path target,
      Path temporary,
      long size,
      FileChannel channel,
      OutputDisk disk,
      Deque<Path> madeFolders) {
    this.target = target;
    this.folder = PartFiles.folderOf(target);
    this.temporary = temporary;
    this.size = size;
    this.channel = channel;
    this.disk = disk;
    this.madeFolders = madeFolders;
  }

  static AtomicOutputFile create(Path target, long size, OutputDisk disk) {
    if (size < 0) {
      throw new IllegalArgumentException("negative size");
    }
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null || Files.isDirectory(absolute)) {
      throw new ProblemException(new RunProblem.TargetIsFolder(target));
    }
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)
        && !Files.isSymbolicLink(absolute)
        && !Files.isWritable(absolute)) {
      throw new ProblemException(new RunProblem.TargetProtected(target));
    }
    Path folder = PartFiles.folderOf(absolute);
    Deque<Path> made = new ArrayDeque<>();
    boolean created = false;
    try {
      makeFolders(folder, made);
      PartFiles.removeLeftovers(absolute);
      checkSpace(folder, size, disk);
      Path temporary = PartFiles.newName(absolute);
      FileChannel channel = disk.create(temporary);
      PartFiles.markAsLive(channel);
      created = true;
      return new AtomicOutputFile(absolute, temporary, size, channel, disk, made);
    } catch (AccessDeniedException e) {
      throw new ProblemException(new RunProblem.FolderNotWritable(folder, "permission denied"));
    } catch (IOException e) {
      throw new ProblemException(
          new RunProblem.FolderNotWritable(folder, SafetensorsFile.reason(e)));
    } finally {
      if (!created) {
        removeFolders(made);
      }
    }
  }

  private static void makeFolders(Path folder, Deque<Path> made) {
    Deque<Path> missing = new ArrayDeque<>();
    Path at = folder;
    while (at != null && !Files.exists(at)) {
      missing.push(at);
      at = at.getParent();
    }
    if (at != null && !Files.isDirectory(at)) {
      throw new ProblemException(new RunProblem.FolderNotMade(folder, "`" + at + "` is a file"));
    }
    for (Path one : missing) {
      try {
        Files.createDirectory(one);
        made.push(one);
      } catch (FileAlreadyExistsException e) {
        // another process was faster
      } catch (AccessDeniedException e) {
        throw new ProblemException(new RunProblem.FolderNotMade(folder, "permission denied"));
      } catch (IOException e) {
        throw new ProblemException(new RunProblem.FolderNotMade(folder, SafetensorsFile.reason(e)));
      }
    }
  }

  private static void checkSpace(Path folder, long size, OutputDisk disk) throws IOException {
    long needed = Math.addExact(size, size / 50);
    long free = disk.freeBytes(folder);
    if (free >= 0 && free < needed) {
      throw new ProblemException(new RunProblem.NoSpace(folder, needed, free));
    }
  }

  @Override
  public void write(ByteBuffer bytes, long position) throws IOException {
    if (position < 0 || position > size - bytes.remaining()) {
      throw new IllegalArgumentException("outside of the file");
    }
    long left = bytes.remaining();
    try {
      ChannelBytes.writeFully(channel, bytes, position);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e, left);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      channel.force(false);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e, 0);
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    if (committed || closed) {
      throw new IllegalStateException("committed or closed before");
    }
    if (channel.size() != size) {
      throw new IllegalStateException("has " + channel.size() + " bytes, not " + size);
    }
    try {
      channel.force(true);
      move();
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e, 0);
    }
    committed = true;
    syncFolder();
    close();
  }

  private void move() throws IOException {
    try {
      disk.replace(temporary, target);
    } catch (IOException e) {
      // some systems do not move a file that is open
      channel.close();
      disk.replace(temporary, target);
    }
  }

  /** The new name itself reaches the disk where the system lets a folder be synced. */
  private void syncFolder() {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Windows has no such thing; the move has happened
    }
  }

  private ProblemException failure(IOException e, long left) {
    String reason = SafetensorsFile.reason(e);
    boolean full = saysFull(reason);
    if (!full) {
      try {
        long free = disk.freeBytes(folder);
        full = free >= 0 && free < left;
      } catch (IOException again) {
        full = false;
      }
    }
    return new ProblemException(
        full ? new RunProblem.DiskFull(folder, size) : new RunProblem.WriteFailed(target, reason));
  }

  /** Messages are the system's own; in other languages the free space tells. */
  private static boolean saysFull(String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    return lower.contains("no space left")
        || lower.contains("not enough space")
        || lower.contains("quota exceeded");
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // what is committed has been synced, and the rest is deleted
    }
    if (!committed) {
      PartFiles.deleteQuietly(temporary);
      removeFolders(madeFolders);
    }
  }

  /** Removes folders that were made for the file, innermost first, as long as they are empty. */
  private static void removeFolders(Deque<Path> made) {
    made.forEach(PartFiles::deleteQuietly);
    made.clear();
  }
}
