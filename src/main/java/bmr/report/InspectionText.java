package bmr.report;

import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.CheckpointDescription.Count;
import bmr.checkpoint.CheckpointDescription.TypeUse;
import bmr.checkpoint.ModelPart;
import bmr.checkpoint.PositionIds;
import bmr.diagnostic.Visible;
import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.DType;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * All that is known of one model file, as text and as JSON.
 *
 * @param file what the header says
 * @param positions the text encoders' position tables
 * @param nonFinite tensors with values that are NaN or infinite, where they were looked for
 */
public record InspectionText(
    CheckpointDescription file,
    List<PositionIds> positions,
    Optional<SequencedMap<String, Long>> nonFinite) {
  private static final int LONGEST_VALUE = 300;

  public InspectionText {
    positions = List.copyOf(positions);
  }

  /** The file for people. */
  public List<String> lines(Terminal terminal) {
    var lines = new ArrayList<String>();
    lines.add(
        terminal.paint(Style.HEADING, Visible.text(file.name()))
            + ": "
            + file.architecture().label()
            + " "
            + file.content().label()
            + ", "
            + Quantities.bytes(file.size()));
    file.reason()
        .ifPresent(reason ->
            lines.addAll(
                Wrap.lines("known by: " + Visible.text(reason), terminal.width(), "    ")));
    lines.add("");
    if (!file.files().isEmpty()) {
      var files =
          new Table(
              Table.Column.left("network"), Table.Column.left("file"), Table.Column.right("size"));
      for (ModelPart part : file.files()) {
        files.row(
            part.role(),
            Visible.text(String.valueOf(part.file().getFileName())),
            Quantities.bytes(part.size()));
      }
      add(lines, files, terminal);
    }
    var types = table("type", "bytes");
    for (Map.Entry<DType, TypeUse> entry : file.types().entrySet()) {
      TypeUse use = entry.getValue();
      types.row(
          entry.getKey().tag(), Quantities.count(use.tensors()), Quantities.bytes(use.bytes()));
    }
    add(lines, types, terminal);
    var parts = table("part", "parameters");
    for (Map.Entry<Part, Count> entry : file.parts().entrySet()) {
      row(parts, entry.getKey().label(), entry.getValue());
    }
    add(lines, parts, terminal);
    var blocks = table("block", "parameters");
    for (Map.Entry<Block, Count> entry : file.blocks().entrySet()) {
      row(blocks, entry.getKey().label(), entry.getValue());
    }
    add(lines, blocks, terminal);
    if (!file.metadata().isEmpty()) {
      var metadata = new Table(Table.Column.left("metadata"), Table.Column.left(""));
      new TreeMap<>(file.metadata())
          .forEach((key, value) -> metadata.row(Visible.text(key), shortened(value)));
      add(lines, metadata, terminal);
    }
    List<String> special = special();
    if (special.isEmpty()) {
      lines.add("nothing unusual");
    } else {
      lines.add(terminal.paint(Style.HEADING, "special"));
      special.forEach(text -> lines.addAll(Wrap.lines(text, terminal.width(), "    ")));
    }
    return lines;
  }

  private static Table table(String what, String amount) {
    return new Table(
        Table.Column.left(what), Table.Column.right("tensors"), Table.Column.right(amount));
  }

  private static void row(Table table, String label, Count count) {
    table.row(label, Quantities.count(count.tensors()), Quantities.count(count.parameters()));
  }

  private static void add(List<String> lines, Table table, Terminal terminal) {
    lines.addAll(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    lines.add("");
  }

  private static String shortened(String value) {
    String cut = value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value;
    return Visible.text(cut.replace("\n", " "))
        + (value.length() > LONGEST_VALUE
            ? " (" + Quantities.count(value.length(), "character") + ")"
            : "");
  }

  private List<String> special() {
    var special = new ArrayList<String>();
    file.oddities().forEach(oddity -> special.add(Visible.text(oddity)));
    for (PositionIds table : positions) {
      if (table.state() == PositionIds.State.BROKEN) {
        special.add(
            "position_ids are damaged, which harms long prompts; merging with bmr repairs them ("
                + Visible.text(table.key())
                + ")");
      }
    }
    nonFinite.ifPresent(counts -> {
      counts.forEach((key, count) ->
          special.add(
              Quantities.count(count, "value") + " NaN or infinite in " + Visible.text(key)));
      if (counts.isEmpty()) {
        special.add("no value is NaN or infinite");
      }
    });
    return special;
  }

  /** The file for other programs. */
  public String json() {
    return Json.text(json -> {
      json.beginObject();
      json.name("name").value(file.name());
      json.name("path").value(file.path().toString());
      json.name("bytes").value(file.size());
      json.name("content").value(file.content().label());
      json.name("architecture").value(file.architecture().label());
      if (file.reason().isPresent()) {
        json.name("reason").value(file.reason().get());
      }
      if (!file.files().isEmpty()) {
        json.name("files").beginArray();
        for (ModelPart part : file.files()) {
          json.beginObject();
          json.name("network").value(part.role());
          json.name("path").value(part.file().toString());
          json.name("bytes").value(part.size());
          json.endObject();
        }
        json.endArray();
      }
      json.name("types").beginArray();
      for (Map.Entry<DType, TypeUse> entry : file.types().entrySet()) {
        json.beginObject();
        json.name("type").value(entry.getKey().tag());
        json.name("tensors").value(entry.getValue().tensors());
        json.name("bytes").value(entry.getValue().bytes());
        json.endObject();
      }
      json.endArray();
      json.name("parts").beginArray();
      for (Map.Entry<Part, Count> entry : file.parts().entrySet()) {
        count(json, "part", entry.getKey().label(), entry.getValue());
      }
      json.endArray();
      json.name("blocks").beginArray();
      for (Map.Entry<Block, Count> entry : file.blocks().entrySet()) {
        count(json, "block", entry.getKey().label(), entry.getValue());
      }
      json.endArray();
      json.name("metadata").beginObject();
      for (Map.Entry<String, String> entry : new TreeMap<>(file.metadata()).entrySet()) {
        json.name(entry.getKey()).value(entry.getValue());
      }
      json.endObject();
      json.name("oddities").beginArray();
      for (String oddity : file.oddities()) {
        json.value(oddity);
      }
      json.endArray();
      json.name("positionIds").beginArray();
      for (PositionIds table : positions) {
        json.beginObject();
        json.name("key").value(table.key());
        json.name("type").value(table.dtype().tag());
        json.name("good").value(table.state() == PositionIds.State.GOOD);
        json.endObject();
      }
      json.endArray();
      if (nonFinite.isPresent()) {
        json.name("nonFinite").beginArray();
        for (Map.Entry<String, Long> entry : nonFinite.get().entrySet()) {
          json.beginObject();
          json.name("key").value(entry.getKey());
          json.name("values").value(entry.getValue());
          json.endObject();
        }
        json.endArray();
      }
      json.endObject();
    });
  }

  private static void count(JsonWriter json, String kind, String label, Count count)
      throws IOException {
    json.beginObject();
    json.name(kind).value(label);
    json.name("tensors").value(count.tensors());
    json.name("parameters").value(count.parameters());
    json.endObject();
  }
}
