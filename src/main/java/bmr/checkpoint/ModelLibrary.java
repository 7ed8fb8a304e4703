package bmr.checkpoint;

import bmr.checkpoint.ModelFolders.Found;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.Problem;
import bmr.model.ModelNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models in some folders and files by their names; built without opening any. Immutable.
 *
 * <p>A name is looked for exactly first, then without regard to case and the separators {@code -_.}
 * and blank. A declared name comes before a found file. Where the same stem stands in one folder
 * with several endings, the safetensors file is the model; any other two files of one name are
 * ambiguous, unless links make them one.
 */
public final class ModelLibrary implements ModelNames {
  /**
   * A file that has the ending of a model.
   *
   * @param kind what its name and folder say
   */
  public record Entry(ModelFile file, ModelKind kind) {}

  private record Candidate(ModelFile file, @Nullable Path real) {}

  private final Map<String, List<Candidate>> declared;
  private final Map<String, List<Candidate>> found;
  private final Map<String, List<Candidate>> twins;
  private final List<Entry> entries;
  private final List<Problem> notes;
  private final HashCache hashes;
  private final @Nullable ModelLibrary later;

  private ModelLibrary(
      Map<String, List<Candidate>> declared,
      Map<String, List<Candidate>> found,
      Map<String, List<Candidate>> twins,
      List<Entry> entries,
      List<Problem> notes,
      HashCache hashes,
      @Nullable ModelLibrary later) {
    this.declared = declared;
    this.found = found;
    this.twins = twins;
    this.entries = List.copyOf(entries);
    this.notes = List.copyOf(notes);
    this.hashes = hashes;
    this.later = later;
  }

  /** No models. */
  public static ModelLibrary empty() {
    return of(List.of());
  }

  /**
   * The models in these places: folders, searched with all folders below, and single files. Files
   * in folders such as {@code Lora} or {@code VAE} and files such as {@code x.vae.pt} are entries
   * but answer to no name.
   *
   * @throws bmr.diagnostic.ProblemException with a FileProblem if a place is not there or cannot be
   *     listed
   */
  public static ModelLibrary of(List<Path> places) {
    return of(places, HashCache.none());
  }

  /** The same with hashes that are known already. */
  public static ModelLibrary of(List<Path> places, HashCache hashes) {
    var folders = new ModelFolders();
    places.forEach(folders::add);
    var byPath = new LinkedHashMap<Path, Found>();
    for (Found file : folders.found()) {
      byPath.merge(file.path(), file, (a, b) -> a.kind() == ModelKind.MODEL ? a : b);
    }
    var entries = new ArrayList<Entry>();
    var found = new LinkedHashMap<String, List<Candidate>>();
    for (Found file : byPath.values()) {
      var model = new ModelFile(ModelExtension.stem(file.path()), file.path());
      entries.add(new Entry(model, file.kind()));
      if (file.kind() == ModelKind.MODEL) {
        add(found, new Candidate(model, file.real()));
      }
    }
    var twins = new LinkedHashMap<String, List<Candidate>>();
    found.replaceAll((name, all) -> withoutTwins(all, name, twins));
    return new ModelLibrary(Map.of(), found, twins, entries, folders.notes(), hashes, null);
  }

  /** Leaves out files that have a safetensors file of the same name beside them. */
  private static List<Candidate> withoutTwins(
      List<Candidate> all, String name, Map<String, List<Candidate>> twins) {
    var left = new ArrayList<Candidate>();
    for (Candidate one : all) {
      boolean shadowed =
          !isSafetensors(one)
              && all.stream().anyMatch(other -> isSafetensors(other) && beside(one, other));
      if (shadowed) {
        twins.computeIfAbsent(name, key -> new ArrayList<>()).add(one);
      } else {
        left.add(one);
      }
    }
    return left;
  }

  private static boolean isSafetensors(Candidate candidate) {
    String name = String.valueOf(candidate.file().path().getFileName());
    return ModelExtension.of(name).filter(ModelExtension.SAFETENSORS::equals).isPresent();
  }

  private static boolean beside(Candidate a, Candidate b) {
    return Objects.equals(a.file().path().getParent(), b.file().path().getParent());
  }

  private static void add(Map<String, List<Candidate>> index, Candidate candidate) {
    String key = ModelSpelling.exact(candidate.file().name());
    index.computeIfAbsent(key, name -> new ArrayList<>()).add(candidate);
  }

  /** This library with a name declared for a file; the file need not be there yet. */
  public ModelLibrary withFile(String name, Path path) {
    var more = new LinkedHashMap<>(declared);
    more.put(ModelSpelling.exact(name), List.of(new Candidate(new ModelFile(name, path), null)));
    return new ModelLibrary(more, found, twins, entries, notes, hashes, later);
  }

  /**
   * This library, and another one for names that this one has not. A name to the letter there comes
   * before one without regard to case and separators here.
   */
  public ModelLibrary followedBy(ModelLibrary other) {
    return new ModelLibrary(declared, found, twins, entries, notes, hashes, other);
  }

  /** This library with a name declared for a model whose file is not known yet. */
  public ModelLibrary withUnknown(String name) {
    return withFile(name, ModelFile.unknown(name).path());
  }

  @Override
  public Lookup find(String name) {
    List<Candidate> exact = exactly(ModelSpelling.exact(name));
    if (!exact.isEmpty()) {
      return lookup(exact, true);
    }
    List<Candidate> loose = loosely(ModelSpelling.loose(name));
    if (!loose.isEmpty()) {
      return lookup(loose, false);
    }
    return new Lookup.Missing(ModelSpelling.similar(ModelExtension.stem(name), names()));
  }

  private List<Candidate> loosely(String loose) {
    for (var index : List.of(declared, found)) {
      List<Candidate> matches = loose.isEmpty() ? List.of() : looseMatches(index, loose);
      if (!matches.isEmpty()) {
        return matches;
      }
    }
    return later == null ? List.of() : later.loosely(loose);
  }

  @Override
  public Lookup findLora(String name) {
    Lookup lookup = findOwnLora(name);
    if (later == null || !(lookup instanceof Lookup.Missing(List<String> similar))) {
      return lookup;
    }
    return later.findLora(name) instanceof Lookup.Missing(List<String> more)
        ? new Lookup.Missing(Stream.concat(similar.stream(), more.stream()).distinct().toList())
        : later.findLora(name);
  }

  private Lookup findOwnLora(String name) {
    String exact = ModelSpelling.exact(ModelExtension.stem(name));
    String loose = ModelSpelling.loose(ModelExtension.stem(name));
    List<ModelFile> loras =
        entries.stream().filter(entry -> entry.kind() == ModelKind.LORA).map(Entry::file).toList();
    boolean fileName = ModelExtension.of(name).isPresent();
    List<ModelFile> found =
        loras.stream()
            .filter(file -> ModelSpelling.exact(file.name()).equals(exact))
            .filter(file -> !fileName || String.valueOf(file.path().getFileName()).equals(name))
            .toList();
    if (found.isEmpty() && !(find(name) instanceof Lookup.Missing)) {
      return find(name);
    }
    boolean same = !found.isEmpty();
    if (found.isEmpty()) {
      found =
          loras.stream().filter(file -> ModelSpelling.loose(file.name()).equals(loose)).toList();
    }
    return switch (found.size()) {
      case 0 ->
          new Lookup.Missing(
              ModelSpelling.similar(
                  ModelExtension.stem(name), loras.stream().map(ModelFile::name).toList()));
      case 1 -> new Lookup.Found(found.getFirst(), same);
      default -> new Lookup.Ambiguous(found.stream().map(ModelFile::path).toList());
    };
  }

  @Override
  public Optional<ModelFile> findExactly(String name) {
    List<Candidate> exact = exactly(ModelSpelling.exact(name));
    return !exact.isEmpty() && lookup(exact, true) instanceof Lookup.Found(ModelFile file, var _)
        ? Optional.of(file)
        : Optional.empty();
  }

  private List<Candidate> exactly(String exact) {
    for (var index : List.of(declared, found)) {
      List<Candidate> matches = index.getOrDefault(exact, List.of());
      if (!matches.isEmpty()) {
        return matches;
      }
    }
    List<Candidate> matches = byFileName(exact);
    return matches.isEmpty() && later != null ? later.exactly(exact) : matches;
  }

  /** A name may be a whole file name: {@code x.ckpt} is that file even beside x.safetensors. */
  private List<Candidate> byFileName(String fileName) {
    if (ModelExtension.of(fileName).isEmpty()) {
      return List.of();
    }
    String stem = ModelSpelling.exact(ModelExtension.stem(fileName));
    var matches = new ArrayList<Candidate>();
    for (var index : List.of(found, twins)) {
      for (Candidate candidate : index.getOrDefault(stem, List.of())) {
        String has = String.valueOf(candidate.file().path().getFileName());
        if (ModelSpelling.exact(has).equals(fileName)) {
          matches.add(candidate);
        }
      }
    }
    return matches;
  }

  private static List<Candidate> looseMatches(Map<String, List<Candidate>> index, String loose) {
    return index.entrySet().stream()
        .filter(entry -> ModelSpelling.loose(entry.getKey()).equals(loose))
        .map(Map.Entry::getValue)
        .flatMap(Collection::stream)
        .toList();
  }

  private static Lookup lookup(List<Candidate> matches, boolean exact) {
    Candidate first = matches.getFirst();
    boolean one =
        matches.size() == 1
            || matches.stream()
                .allMatch(other -> other.real() != null && other.real().equals(first.real()));
    if (one) {
      return new Lookup.Found(first.file(), exact);
    }
    return new Lookup.Ambiguous(matches.stream().map(match -> match.file().path()).toList());
  }

  @Override
  public ByHash findByHash(String name, String hash) {
    var search = new HashSearch(hashes);
    return switch (find(name)) {
      case Lookup.Found found -> new ByHash.NameDecides();
      case Lookup.Ambiguous(List<Path> files) -> search.among(files, name, hash);
      case Lookup.Missing missing -> search.anywhere(entries(), name, hash);
    };
  }

  @Override
  public List<String> names() {
    var names =
        new TreeSet<>(
            String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.<String>naturalOrder()));
    for (var index : List.of(declared, found)) {
      index.values().forEach(all -> all.forEach(one -> names.add(one.file().name())));
    }
    if (later != null) {
      names.addAll(later.names());
    }
    return List.copyOf(names);
  }

  /** Every file with the ending of a model, those that answer to no name included. */
  public List<Entry> entries() {
    return later == null
        ? entries
        : Stream.concat(entries.stream(), later.entries().stream()).toList();
  }

  /** What is odd about the places themselves, such as a folder that cannot be listed. */
  public List<Problem> notes() {
    return later == null ? notes : Stream.concat(notes.stream(), later.notes().stream()).toList();
  }

  /** What is to be said when this file is used: files beside it that it stands before. */
  public List<Problem> notesOn(ModelFile file) {
    return twins.getOrDefault(ModelSpelling.exact(file.name()), List.of()).stream()
        .filter(twin -> isSafetensorsBeside(file, twin))
        .<Problem>map(
            twin -> new FileProblem.TwinIgnored(file.name(), file.path(), twin.file().path()))
        .toList();
  }

  private static boolean isSafetensorsBeside(ModelFile file, Candidate twin) {
    var candidate = new Candidate(file, null);
    return isSafetensors(candidate) && beside(candidate, twin);
  }
}
