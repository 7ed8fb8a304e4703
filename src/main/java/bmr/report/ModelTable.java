package bmr.report;

import bmr.checkpoint.CheckpointDescription;
import bmr.diagnostic.Visible;
import bmr.report.ModelList.Listed;
import bmr.report.ModelList.Unreadable;
import java.util.ArrayList;
import java.util.List;

/** What lies in folders of models: models first, then parts of models, then what is no model. */
public final class ModelTable {
  private final List<Listed> models;
  private final List<Listed> others;
  private final List<Unreadable> unreadable;
  private final boolean reasons;

  /**
   * A table.
   *
   * @param reasons whether to say how each architecture is known
   */
  public ModelTable(ModelList list, boolean reasons) {
    this.models = list.models();
    this.others = list.others();
    this.unreadable = list.unreadable();
    this.reasons = reasons;
  }

  /** The tables, with a line that counts at the end. */
  public List<String> lines(Terminal terminal) {
    var lines = new ArrayList<String>();
    addFiles(lines, models, true, terminal);
    addFiles(lines, others, false, terminal);
    if (reasons) {
      var table = new Table(Table.Column.left("name"), Table.Column.left("known by"));
      for (Listed model : models) {
        String reason = model.file().reason().orElse("nothing: no architecture fits");
        table.row(Visible.text(model.file().name()), Visible.text(reason));
      }
      if (!table.isEmpty()) {
        add(lines, table, terminal);
      }
    }
    if (!unreadable.isEmpty()) {
      lines.add(terminal.paint(Style.HEADING, "cannot be used"));
      for (Unreadable file : unreadable) {
        lines.addAll(Wrap.lines(file.problem().message(), terminal.width(), "    "));
      }
      lines.add("");
    }
    lines.add(count());
    return lines;
  }

  private static void addFiles(
      List<String> lines, List<Listed> files, boolean models, Terminal terminal) {
    if (files.isEmpty()) {
      return;
    }
    boolean hashes = files.stream().anyMatch(file -> file.facts().hash().isPresent());
    boolean remarks = models || files.stream().anyMatch(file -> !special(file, models).isEmpty());
    var columns = new ArrayList<Table.Column>();
    columns.add(Table.Column.left(models ? "name" : "not a whole model"));
    columns.add(Table.Column.left("kind"));
    columns.add(Table.Column.left("type"));
    columns.add(Table.Column.right("size"));
    if (hashes) {
      columns.add(Table.Column.left("hash"));
    }
    if (models) {
      columns.add(Table.Column.left("VAE"));
    }
    if (remarks) {
      columns.add(Table.Column.left("special"));
    }
    var table = new Table(columns.toArray(Table.Column[]::new));
    for (Listed listed : files) {
      CheckpointDescription file = listed.file();
      var cells = new ArrayList<String>();
      cells.add(Visible.text(file.name()));
      cells.add(models ? file.architecture().label() : file.content().label());
      cells.add(file.typeLabel());
      cells.add(Quantities.bytes(file.size()));
      if (hashes) {
        cells.add(listed.facts().hash().orElse(""));
      }
      if (models) {
        cells.add(file.hasVae() ? "yes" : "no");
      }
      if (remarks) {
        cells.add(special(listed, models));
      }
      table.row(cells.toArray(String[]::new));
    }
    add(lines, table, terminal);
  }

  private static void add(List<String> lines, Table table, Terminal terminal) {
    lines.addAll(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    lines.add("");
  }

  /** Of models a column tells of the VAE already; of others only the licence counts. */
  private static String special(Listed listed, boolean model) {
    var special = new ArrayList<String>();
    if (model) {
      special.addAll(listed.file().oddities());
      special.remove("no VAE");
    }
    listed.facts().licence().ifPresent(licence -> special.add("licence: " + licence));
    return Visible.text(String.join(", ", special));
  }

  private String count() {
    long bytes = models.stream().mapToLong(model -> model.file().size()).sum();
    String text = Quantities.count(models.size(), "model") + ", " + Quantities.bytes(bytes);
    if (!others.isEmpty()) {
      text += "; " + Quantities.count(others.size(), "other file");
    }
    if (!unreadable.isEmpty()) {
      text += "; " + Quantities.count(unreadable.size(), "file") + " not usable";
    }
    return text;
  }
}
