package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.model.ArchitectureDetection;
import bmr.model.ArchitectureText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Architectures that users describe: files that end in {@code .architecture}. */
public final class OwnArchitectures {
  private static final String ENDING = "*.architecture";
  private static final int MOST_FILES = 100;

  private OwnArchitectures() {}

  /**
   * Reads a description.
   *
   * @throws ProblemException if the file is not there, or a line of it cannot be read
   */
  public static Architecture read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(ArchitectureText.LONGEST + 1);
      Architecture own =
          ArchitectureText.parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      if (Architecture.values().contains(own)) {
        throw new ProblemException(
            new DialectProblem.ArchitectureLine(
                file, 1, "bmr has an architecture of the name `" + own.label() + "` already"));
      }
      return own;
    } catch (ArchitectureText.Fault e) {
      throw new ProblemException(new DialectProblem.ArchitectureLine(file, e.line(), e.reason()));
    } catch (CharacterCodingException e) {
      throw new ProblemException(
          new DialectProblem.ArchitectureLine(file, 1, "the file is not text in UTF-8"));
    } catch (NoSuchFileException e) {
      throw new ProblemException(new FileProblem.FileMissing(file));
    } catch (IOException e) {
      throw new ProblemException(new FileProblem.Unreadable(file, SafetensorsFile.reason(e)));
    }
  }

  /** The descriptions in a model's folder, by name. */
  private static List<Architecture> beside(Path model) {
    Path folder = model.toAbsolutePath().getParent();
    var files = new ArrayList<Path>();
    if (folder != null) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, ENDING)) {
        for (Path file : stream) {
          if (files.size() < MOST_FILES && Files.isRegularFile(file)) {
            files.add(file);
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        // a file may lie in a folder that cannot be listed
        return List.of();
      }
    }
    Collections.sort(files);
    return files.stream().map(OwnArchitectures::read).toList();
  }

  /** The file as what the first description that fits says, if one does. */
  static Checkpoint described(Checkpoint file, List<Architecture> named) {
    boolean done = false;
    try {
      var own = new ArrayList<>(named);
      own.addAll(beside(file.path()));
      Checkpoint described = file;
      if (!own.isEmpty()) {
        Architecture architecture = ArchitectureDetection.of(file.tensors(), own);
        if (!architecture.equals(file.architecture())) {
          described = new DescribedCheckpoint(file, architecture);
        }
      }
      done = true;
      return described;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }
}
