package bmr.analysis;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.checkpoint.ModelPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A cheap name for what a model holds: equal keys are taken for equal content. SHA-256 of every
 * tensor's key, type, shape and place, of the size and time of change of the files, and of samples
 * of the values. The path is no part of it. A change that keeps size and time of change and hits no
 * sample goes unnoticed; everything else gives another key.
 */
public final class ContentKey {
  private static final int SAMPLES = 48;
  private static final int SAMPLE_BYTES = 4096;

  private ContentKey() {}

  /**
   * Computes the key.
   *
   * @throws IOException if the model cannot be read
   */
  public static String of(Checkpoint model) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    add(digest, "bmr content 1");
    add(digest, Long.toString(model.size()));
    add(digest, changed(model.path()));
    for (ModelPart part : model.parts()) {
      add(digest, changed(part.file()));
    }
    List<StoredTensor> tensors = List.copyOf(model.stored().values());
    for (StoredTensor tensor : tensors) {
      add(digest, tensor.info().key());
      add(digest, tensor.info().dtype().tag() + tensor.info().shape() + tensor.position());
    }
    int samples = Math.min(SAMPLES, tensors.size());
    for (int i = 0; i < samples; i++) {
      StoredTensor tensor = tensors.get((int) ((long) i * tensors.size() / samples));
      long size = tensor.info().bytes();
      var bytes = ByteBuffer.allocateDirect((int) Math.min(SAMPLE_BYTES, size));
      model.read(bytes, tensor.position() + (size - bytes.capacity()) / 2);
      digest.update(bytes.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String changed(Path path) throws IOException {
    return Files.exists(path) ? Long.toString(Files.getLastModifiedTime(path).toMillis()) : "";
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }
}
