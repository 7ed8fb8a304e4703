package bmr.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes by which web UIs and sites tell model files apart. */
public final class FileHash {
  private static final int LEGACY_OFFSET = 0x100000;
  private static final int LEGACY_LENGTH = 0x10000;
  private static final int PIECE = 1 << 20;

  private FileHash() {}

  /** What is hashed. */
  public enum Kind {
    /** The file: SHA-256, of which web UIs print the first 10 digits ("AutoV2"). */
    WHOLE,
    /**
     * The 64 KiB behind the first MiB: the 8 digits ("AutoV1") that A1111's web UI printed until
     * January 2023.
     */
    LEGACY,
    /**
     * What stands behind the header of a safetensors file, so that metadata do not matter: kohya's
     * {@code sshs_model_hash}, of which web UIs print the first 12 digits for LoRAs ("AutoV3").
     */
    TENSORS;

    /** The kind that has so many digits where people write it. */
    public static Kind of(String digits) {
      return switch (digits.length()) {
        case 8 -> LEGACY;
        case 12 -> TENSORS;
        default -> WHOLE;
      };
    }
  }

  /** Is told how far the hashing of a file is; stops it by throwing. */
  @FunctionalInterface
  public interface Watch {
    /** Nobody waits. */
    Watch NOBODY = (file, done, total) -> {};

    /** So many bytes of a file are done; called about once for each MiB, and at the end. */
    void hashed(Path file, long done, long total);
  }

  /**
   * The hash of a file in as many hexadecimal digits as another one has, and of its kind.
   *
   * @throws IOException if it cannot be read
   */
  public static String like(String hash, Path file) throws IOException {
    return of(Kind.of(hash), file, Watch.NOBODY).substring(0, hash.length());
  }

  /**
   * All 64 digits of a hash.
   *
   * @throws IOException if the file cannot be read
   */
  public static String of(Kind kind, Path file, Watch watch) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    try (FileChannel in = FileChannel.open(file)) {
      long size = in.size();
      long from =
          switch (kind) {
            case WHOLE -> 0;
            case LEGACY -> LEGACY_OFFSET;
            case TENSORS -> behindHeader(in, size);
          };
      long end = kind == Kind.LEGACY ? Math.min(size, from + LEGACY_LENGTH) : size;
      ByteBuffer buffer = ByteBuffer.allocate(PIECE);
      for (long at = from; at < end; ) {
        buffer.clear().limit((int) Math.min(PIECE, end - at));
        int n = in.read(buffer, at);
        if (n < 0) {
          break;
        }
        digest.update(buffer.flip());
        at += n;
        watch.hashed(file, at - from, end - from);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The whole of a file that is no safetensors file. */
  private static long behindHeader(FileChannel in, long size) throws IOException {
    var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (in.read(length, 0) < Long.BYTES) {
      return 0;
    }
    long header = length.flip().getLong();
    return header > 0 && header <= size - Long.BYTES ? header + Long.BYTES : 0;
  }
}
