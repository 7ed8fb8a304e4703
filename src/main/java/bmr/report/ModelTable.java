package bmr.report;

import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.FileContent;
import bmr.diagnostic.Visible;
import java.util.ArrayList;
import java.util.List;

/** What lies in folders of models: models first, then parts of models, then what is no model. */
public final class ModelTable {
  private final List<CheckpointDescription> models = new ArrayList<>();
  private final List<CheckpointDescription> others = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  /** Adds a readable file. */
  public void add(CheckpointDescription file) {
    boolean model = file.content() == FileContent.MODEL || file.content() == FileContent.UNET;
    (model ? models : others).add(file);
  }

  /** Adds a file that cannot be read, with the reason in one line. */
  public void addUnreadable(String reason) {
    unreadable.add(reason);
  }

  /** The tables, with a line that counts at the end. */
  public List<String> lines(Terminal terminal) {
    var lines = new ArrayList<String>();
    if (!models.isEmpty()) {
      var table =
          new Table(
              Table.Column.left("name"),
              Table.Column.left("kind"),
              Table.Column.left("type"),
              Table.Column.right("size"),
              Table.Column.left("VAE"),
              Table.Column.left("special"));
      for (CheckpointDescription model : models) {
        table.row(
            Visible.text(model.name()),
            model.architecture().label(),
            model.typeLabel(),
            Quantities.bytes(model.size()),
            model.hasVae() ? "yes" : "no",
            special(model));
      }
      add(lines, table, terminal);
    }
    if (!others.isEmpty()) {
      var table =
          new Table(
              Table.Column.left("not a whole model"),
              Table.Column.left("kind"),
              Table.Column.left("type"),
              Table.Column.right("size"));
      for (CheckpointDescription file : others) {
        table.row(
            Visible.text(file.name()),
            file.content().label(),
            file.typeLabel(),
            Quantities.bytes(file.size()));
      }
      add(lines, table, terminal);
    }
    if (!unreadable.isEmpty()) {
      lines.add(terminal.paint(Style.HEADING, "cannot be used"));
      for (String reason : unreadable) {
        lines.addAll(Wrap.lines(reason, terminal.width(), "    "));
      }
      lines.add("");
    }
    lines.add(count());
    return lines;
  }

  private static void add(List<String> lines, Table table, Terminal terminal) {
    lines.addAll(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    lines.add("");
  }

  /** A column tells of the VAE already. */
  private static String special(CheckpointDescription model) {
    var oddities = new ArrayList<>(model.oddities());
    oddities.remove("no VAE");
    return Visible.text(String.join(", ", oddities));
  }

  private String count() {
    long bytes = models.stream().mapToLong(CheckpointDescription::size).sum();
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
