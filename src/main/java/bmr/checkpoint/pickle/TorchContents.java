package bmr.checkpoint.pickle;

import java.util.Map;

/**
 * What a file holds.
 *
 * @param root the value of its pickle
 * @param storages where each storage lies, by key; each has the bytes that its tensors say
 */
record TorchContents(PickleValue root, Map<String, ZipArchive.Entry> storages) {}
