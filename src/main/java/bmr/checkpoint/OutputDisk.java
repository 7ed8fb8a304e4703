package bmr.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The few things that writing asks of the system and that tests let fail. */
interface OutputDisk {
  OutputDisk REAL =
      new OutputDisk() {
        @Override
        public long freeBytes(Path folder) throws IOException {
          return Files.getFileStore(folder).getUsableSpace();
        }

        @Override
        public FileChannel create(Path file) throws IOException {
          return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void replace(Path file, Path target) throws IOException {
          try {
            Files.move(
                file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          } catch (AtomicMoveNotSupportedException e) {
            Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      };

  /** Bytes that may still be written in a folder; negative where the system does not know. */
  long freeBytes(Path folder) throws IOException;

  /** Creates a file that must not be there. */
  FileChannel create(Path file) throws IOException;

  /** Gives a file another name in the same folder, replacing what has it. */
  void replace(Path file, Path target) throws IOException;
}
