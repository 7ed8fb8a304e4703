package bmr.engine;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run did.
 *
 * @param readBytes bytes read from sources
 * @param writtenBytes size of the file
 * @param nonFinite values that are NaN or infinite (only where they were allowed)
 */
public record RunReport(
    Path target, long readBytes, long writtenBytes, long nonFinite, Duration time) {}
