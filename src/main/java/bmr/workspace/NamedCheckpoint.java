package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.WrappedCheckpoint;

/** An open file under the name that the script gives it. */
record NamedCheckpoint(String name, Checkpoint file) implements WrappedCheckpoint {}
