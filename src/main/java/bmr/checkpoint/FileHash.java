package bmr.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes by which web UIs and sites tell model files apart. */
public final class FileHash {
  private static final int LEGACY_OFFSET = 0x100000;
  private static final int LEGACY_LENGTH = 0x10000;

  private FileHash() {}

  /**
   * The hash of a file in as many hexadecimal digits as another one has: 64 are SHA-256, 10 its
   * first ones ("AutoV2"), 8 the first ones of the SHA-256 of the 64 KiB behind the first MiB,
   * which A1111's web UI printed until January 2023.
   *
   * @throws IOException if it cannot be read
   */
  public static String like(String hash, Path file) throws IOException {
    return digest(file, hash.length() == 8).substring(0, hash.length());
  }

  private static String digest(Path file, boolean legacy) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (legacy) {
        in.skip(LEGACY_OFFSET);
        digest.update(in.readNBytes(LEGACY_LENGTH));
      } else {
        byte[] buffer = new byte[1 << 20];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
