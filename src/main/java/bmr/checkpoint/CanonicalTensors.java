package bmr.checkpoint;

import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.diagnostic.HeaderProblem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The tensors of one file under their canonical keys. */
record CanonicalTensors(
    SequencedMap<String, StoredTensor> stored, SequencedMap<String, TensorInfo> tensors) {
  /**
   * Translates the keys of a whole file; its order stays.
   *
   * @param own the tensors under the keys that the file has for them
   * @throws ProblemException if two keys are spellings of one
   */
  static CanonicalTensors of(Path path, List<StoredTensor> own) {
    boolean vaeAlone = KeyDialect.isVaeAlone(own.stream().map(StoredTensor::storedKey).toList());
    var stored = new LinkedHashMap<String, StoredTensor>();
    var tensors = new LinkedHashMap<String, TensorInfo>();
    for (StoredTensor tensor : own) {
      String written = tensor.storedKey();
      String key = vaeAlone ? KeyDialect.canonicalVae(written) : KeyDialect.canonical(written);
      var info = new TensorInfo(key, tensor.info().dtype(), tensor.info().shape());
      StoredTensor other = stored.put(key, new StoredTensor(written, info, tensor.position()));
      if (other != null) {
        throw new ProblemException(
            new HeaderProblem.TwoSpellings(path, other.storedKey(), written));
      }
      tensors.put(key, info);
    }
    return new CanonicalTensors(
        Collections.unmodifiableSequencedMap(stored),
        Collections.unmodifiableSequencedMap(tensors));
  }
}
