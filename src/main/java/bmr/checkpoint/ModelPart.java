package bmr.checkpoint;

import java.nio.file.Path;

/**
 * One file of a model that several files make.
 *
 * @param role what it holds, as its folder is called: {@code unet}
 * @param size in bytes
 */
public record ModelPart(String role, Path file, long size) {}
