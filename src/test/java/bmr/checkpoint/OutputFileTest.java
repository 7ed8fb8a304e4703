package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bmr.diagnostic.Problem;
import bmr.diagnostic.RunProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void nameTarget() {
    target = folder.resolve("x.safetensors");
  }

  /** The system but for what a test changes. */
  private static class FaultyDisk implements OutputDisk {
    @Override
    public long freeBytes(Path folder) throws IOException {
      return OutputDisk.REAL.freeBytes(folder);
    }

    @Override
    public FileChannel create(Path file) throws IOException {
      return OutputDisk.REAL.create(file);
    }

    @Override
    public void replace(Path file, Path target) throws IOException {
      OutputDisk.REAL.replace(file, target);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void theTargetAppearsWithTheCommit() throws IOException {
    Files.writeString(target, "old");
    try (OutputFile file = OutputFile.create(target, 6)) {
      file.write(bytes("def"), 3);
      file.flush();
      file.write(bytes("abc"), 0);
      assertEquals("old", Files.readString(target));
      file.commit();
      assertEquals("abcdef", Files.readString(target));
      assertThrows(IllegalStateException.class, file::commit);
    }
    assertEquals(List.of("x.safetensors"), files());
  }

  @Test
  void withoutCommitNothingHappened() throws IOException {
    Files.writeString(target, "old");
    try (OutputFile file = OutputFile.create(target, 6)) {
      file.write(bytes("abcdef"), 0);
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("x.safetensors"), files());
  }

  @Test
  void missingFoldersAreMadeAndRemovedAgain() throws IOException {
    Path deep = folder.resolve("a/b/x.safetensors");
    try (OutputFile file = OutputFile.create(deep, 1)) {
      assertTrue(Files.isDirectory(deep.getParent()));
      file.flush();
    }
    assertEquals(List.of(), files());
    try (OutputFile file = OutputFile.create(deep, 1)) {
      file.write(bytes("x"), 0);
      file.commit();
    }
    assertEquals("x", Files.readString(deep));
  }

  @Test
  void targetsThatCannotBeAreRefused() throws IOException {
    assertEquals(
        new RunProblem.TargetIsFolder(folder),
        SampleFiles.problem(() -> OutputFile.create(folder, 1)));
    Path file = Files.writeString(folder.resolve("file"), "");
    Path below = file.resolve("sub/x.safetensors");
    assertInstanceOf(
        RunProblem.FolderNotMade.class, SampleFiles.problem(() -> OutputFile.create(below, 1)));
    var locked =
        new FaultyDisk() {
          @Override
          public FileChannel create(Path path) throws IOException {
            throw new AccessDeniedException(path.toString());
          }
        };
    Path deep = folder.resolve("new/x.safetensors");
    assertEquals(
        new RunProblem.FolderNotWritable(deep.getParent(), "permission denied"),
        SampleFiles.problem(() -> AtomicOutputFile.create(deep, 1, locked)));
    assertEquals(List.of("file"), files());
  }

  @Test
  void spaceIsCheckedWithAReserve() throws IOException {
    var small =
        new FaultyDisk() {
          @Override
          public long freeBytes(Path path) {
            return 1020;
          }
        };
    assertEquals(
        new RunProblem.NoSpace(folder, 1021, 1020),
        SampleFiles.problem(() -> AtomicOutputFile.create(target, 1001, small)));
    AtomicOutputFile.create(target, 1000, small).close();
    assertEquals(List.of(), files());
  }

  @Test
  void aDiskThatFillsUpIsSaid() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    Files.writeString(target, "old");
    var disk =
        new FaultyDisk() {
          @Override
          public FileChannel create(Path file) throws IOException {
            return FileChannel.open(full, StandardOpenOption.WRITE);
          }
        };
    try (OutputFile file = AtomicOutputFile.create(target, 3, disk)) {
      assertEquals(
          new RunProblem.DiskFull(folder, 3), SampleFiles.problem(() -> file.write(bytes("a"), 0)));
    }
    assertEquals(List.of("x.safetensors"), files());
    assertEquals("old", Files.readString(target));
  }

  @Test
  void aFailingMoveLeavesTheTarget() throws IOException {
    Files.writeString(target, "old");
    var disk =
        new FaultyDisk() {
          @Override
          public void replace(Path file, Path path) throws IOException {
            throw new IOException("the server is gone");
          }
        };
    try (OutputFile file = AtomicOutputFile.create(target, 1, disk)) {
      file.write(bytes("x"), 0);
      assertEquals(
          new RunProblem.WriteFailed(target, "the server is gone"),
          SampleFiles.problem(file::commit));
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("x.safetensors"), files());
  }

  @Test
  void anOpenFileThatCannotBeMovedIsClosedFirst() throws IOException {
    var disk =
        new FaultyDisk() {
          private int attempts;

          @Override
          public void replace(Path file, Path path) throws IOException {
            if (attempts++ == 0) {
              throw new IOException("in use");
            }
            super.replace(file, path);
          }
        };
    try (OutputFile file = AtomicOutputFile.create(target, 1, disk)) {
      file.write(bytes("x"), 0);
      file.commit();
    }
    assertEquals("x", Files.readString(target));
  }

  @Test
  void leftoversOfTheSameTargetAreRemoved() throws IOException {
    String dead = ".x.safetensors.bmr-0123abcd-4567cdef.part";
    Files.writeString(folder.resolve(dead), "left");
    var others =
        List.of(
            ".x.safetensors.bmr-0123abcd.part",
            ".x.safetensors.part",
            ".y.safetensors.bmr-0123abcd-4567cdef.part");
    for (String name : others) {
      Files.writeString(folder.resolve(name), "not ours");
    }
    OutputFile first = OutputFile.create(target, 1);
    OutputFile second = OutputFile.create(target, 1);
    assertEquals(others.size() + 2, files().size());
    assertFalse(Files.exists(folder.resolve(dead)));
    first.close();
    second.close();
    assertEquals(others, files());
  }

  /** Another process holds the lock on the file that it writes. */
  @Test
  void filesOfLivingProcessesStay() throws Exception {
    Path live = folder.resolve(".x.safetensors.bmr-0123abcd-4567cdef.part");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                live.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('1', process.getInputStream().read());
      OutputFile.create(target, 1).close();
      assertTrue(Files.exists(live));
    } finally {
      process.getOutputStream().close();
      process.waitFor();
    }
    OutputFile.create(target, 1).close();
    assertEquals(List.of(), files());
  }

  /** Creates and locks a file until its input ends. */
  static final class LockHolder {
    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel = OutputDisk.REAL.create(Path.of(arguments[0]))) {
        PartFiles.markAsLive(channel);
        System.out.print('1');
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void longNamesFit() throws IOException {
    Path longest = folder.resolve("\u00e4".repeat(120) + ".safetensors");
    try (OutputFile file = OutputFile.create(longest, 1)) {
      file.write(bytes("x"), 0);
      file.commit();
    }
    assertEquals("x", Files.readString(longest));
  }

  @Test
  void manyThreadsWriteOneFile() throws Exception {
    byte[] data = new byte[3_000_000];
    new Random(5).nextBytes(data);
    try (OutputFile file = OutputFile.create(target, data.length);
        var threads = Executors.newFixedThreadPool(4)) {
      var tasks = new ArrayList<Callable<Void>>();
      int piece = 70_001;
      for (int from = 0; from < data.length; from += piece) {
        int start = from;
        tasks.add(() -> {
          int length = Math.min(piece, data.length - start);
          file.write(ByteBuffer.wrap(data, start, length), start);
          return null;
        });
      }
      for (Future<Void> result : threads.invokeAll(tasks)) {
        result.get();
      }
      file.commit();
    }
    assertArrayEquals(data, Files.readAllBytes(target));
  }

  @Test
  void misuseIsRefused() throws IOException {
    OutputFile file = OutputFile.create(target, 4);
    assertThrows(IllegalArgumentException.class, () -> file.write(bytes("abc"), 2));
    assertThrows(IllegalArgumentException.class, () -> file.write(bytes("abc"), -1));
    assertThrows(IllegalStateException.class, file::commit);
    file.close();
    assertThrows(ClosedChannelException.class, () -> file.write(bytes("a"), 0));
    assertThrows(IllegalStateException.class, file::commit);
    assertEquals(List.of(), files());
  }

  @Test
  void aLinkIsReplacedAndNotFollowed() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "precious");
    link(target, source);
    assertTrue(OutputFile.sameFile(target, source));
    try (OutputFile file = OutputFile.create(target, 1)) {
      file.write(bytes("x"), 0);
      file.commit();
    }
    assertEquals("precious", Files.readString(source));
    assertEquals("x", Files.readString(target));
    assertFalse(OutputFile.sameFile(target, source));
  }

  @Test
  void filesAreTheSameThroughLinksAndDots() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    link(folder.resolve("other"), sub);
    assertTrue(OutputFile.sameFile(source, sub.resolve("../source")));
    assertFalse(OutputFile.sameFile(source, target));
    assertTrue(OutputFile.sameFile(target, sub.resolve("../x.safetensors")));
    Path inside = Files.writeString(sub.resolve("inside"), "");
    assertTrue(OutputFile.sameFile(inside, folder.resolve("other/inside")));
  }

  private static void link(Path link, Path to) throws IOException {
    try {
      Files.createSymbolicLink(link, to);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "no links here");
    }
  }

  @Test
  void problemsReadAsTheyShould() {
    Problem space = new RunProblem.NoSpace(Path.of("out"), 2_174_000_000L, 31_000_000L);
    assertEquals("writing in `out` needs 2.17 GB, and 31 MB are free", space.message());
  }
}
