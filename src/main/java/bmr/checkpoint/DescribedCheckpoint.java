package bmr.checkpoint;

import bmr.model.Architecture;

/** An open file that a user's description says the architecture of. */
record DescribedCheckpoint(Checkpoint file, Architecture architecture)
    implements WrappedCheckpoint {}
