package bmr.report.svg;

import java.util.List;

/**
 * Named models as boxes, what they are made of above them, weights on the lines.
 *
 * @param title what screen readers say first
 * @param nodes what is used before what uses it
 */
public record GraphPicture(String title, List<Node> nodes, List<Edge> edges) {
  /** Looks of a box. */
  public enum Kind {
    SOURCE,
    MODEL,
    SAVED
  }

  /**
   * A box.
   *
   * @param name the first line
   * @param note the second line, small; may be empty
   * @param link an anchor of the page, such as {@code #model-3}; empty for none
   * @param hint all that a pointer shows
   */
  public record Node(String name, String note, Kind kind, String link, String hint) {}

  /** A line from what is used to what uses it. */
  public record Edge(int from, int to, String label) {}

  private static final double FONT = 13;
  private static final double SMALL = 10.5;
  private static final double WIDEST = 250;
  private static final double HEIGHT = 40;
  private static final double BEND = 14;
  private static final double GAP = 18;
  private static final double LAYER = 92;

  public GraphPicture {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** The picture. */
  public Markup svg() {
    var layers =
        new Layers(nodes.size(), edges.stream().map(e -> new int[] {e.from(), e.to()}).toList());
    var places = new Places(layers, this::width, GAP);
    double width = places.width() + 4;
    double height = LAYER * (layers.layers().size() - 1) + HEIGHT + 4;
    Markup svg = Markup.picture("graph", title, width, Math.max(height, HEIGHT));
    for (Layers.Path path : layers.paths()) {
      svg.empty("path", "d", way(path, places), "class", "edge").line();
    }
    for (Layers.Path path : layers.paths()) {
      label(svg, path, places);
    }
    for (List<Layers.Slot> layer : layers.layers()) {
      for (Layers.Slot slot : layer) {
        if (!slot.isBend()) {
          box(svg, nodes.get(slot.node), places.x(slot) + 2, LAYER * slot.layer + 2);
        }
      }
    }
    return svg.close();
  }

  private double width(Layers.Slot slot) {
    if (slot.isBend()) {
      return BEND;
    }
    Node node = nodes.get(slot.node);
    double text = Math.max(TextWidth.of(node.name(), FONT), TextWidth.of(node.note(), SMALL)) + 22;
    return Math.clamp(text, 60, WIDEST);
  }

  private static String way(Layers.Path path, Places places) {
    var d = new StringBuilder();
    double x = 0;
    double y = 0;
    for (Layers.Slot slot : path.slots()) {
      double nextX = places.x(slot) + 2;
      double nextY = LAYER * slot.layer + 2;
      if (d.isEmpty()) {
        y = nextY + HEIGHT;
        d.append("M").append(at(nextX, y));
      } else {
        double middle = (y + nextY) / 2;
        d.append(" C").append(at(x, middle)).append(' ').append(at(nextX, middle)).append(' ');
        d.append(at(nextX, nextY));
        y = nextY;
        if (slot.isBend()) {
          y = nextY + HEIGHT;
          d.append(" L").append(at(nextX, y));
        }
      }
      x = nextX;
    }
    return d.toString();
  }

  private static String at(double x, double y) {
    return Markup.number(x) + "," + Markup.number(y);
  }

  /** The weight, where the line leaves its last bend. */
  private void label(Markup svg, Layers.Path path, Places places) {
    Edge edge = edges.get(path.edge());
    if (edge.label().isEmpty()) {
      return;
    }
    List<Layers.Slot> slots = path.slots();
    Layers.Slot from = slots.get(slots.size() - 2);
    Layers.Slot to = slots.getLast();
    double x = places.x(from) + (places.x(to) - places.x(from)) * 0.32 + 2;
    double y = LAYER * from.layer + HEIGHT + (LAYER - HEIGHT) * 0.38;
    svg.leaf(
            "text",
            TextWidth.cut(edge.label(), SMALL, 130),
            "x",
            x,
            "y",
            y,
            "text-anchor",
            "middle",
            "font-size",
            SMALL,
            "class",
            "weight")
        .line();
  }

  private void box(Markup svg, Node node, double x, double y) {
    double text = Math.max(TextWidth.of(node.name(), FONT), TextWidth.of(node.note(), SMALL)) + 22;
    double width = Math.clamp(text, 60, WIDEST);
    boolean linked = !node.link().isEmpty();
    if (linked) {
      svg.open("a", "href", node.link());
    }
    svg.open("g", "class", "box " + node.kind().name().toLowerCase(java.util.Locale.ROOT));
    svg.leaf("title", node.hint());
    svg.empty(
        "rect",
        "x",
        x - width / 2,
        "y",
        y,
        "width",
        width,
        "height",
        HEIGHT,
        "rx",
        node.kind() == Kind.SOURCE ? "3" : "9");
    boolean two = !node.note().isEmpty();
    svg.leaf(
        "text",
        TextWidth.cut(node.name(), FONT, width - 14),
        "x",
        x,
        "y",
        y + (two ? 17 : 25),
        "text-anchor",
        "middle",
        "font-size",
        FONT);
    if (two) {
      svg.leaf(
          "text",
          TextWidth.cut(node.note(), SMALL, width - 14),
          "x",
          x,
          "y",
          y + 32,
          "text-anchor",
          "middle",
          "font-size",
          SMALL,
          "class",
          "note");
    }
    svg.close();
    if (linked) {
      svg.close();
    }
    svg.line();
  }

  /** The graph as text for Mermaid, which forges and editors draw. */
  public String mermaid() {
    var text = new StringBuilder("flowchart TD\n");
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String[] shape =
          node.kind() == Kind.SOURCE ? new String[] {"[", "]"} : new String[] {"(", ")"};
      text.append("  n").append(i).append(shape[0]).append('"');
      text.append(mermaidText(node.name())).append('"').append(shape[1]).append('\n');
    }
    for (Edge edge : edges) {
      text.append("  n").append(edge.from()).append(" -->");
      if (!edge.label().isEmpty()) {
        text.append("|\"").append(mermaidText(edge.label())).append("\"|");
      }
      text.append(" n").append(edge.to()).append('\n');
    }
    return text.toString();
  }

  /** Entity codes for what would end the string or be taken for markup. */
  private static String mermaidText(String text) {
    var safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == '`' || c < 0x20) {
            safe.append('#').append(c).append(';');
          } else {
            safe.appendCodePoint(c);
          }
        });
    return safe.toString();
  }

  /** The graph as text for Graphviz. */
  public String dot() {
    var text = new StringBuilder("digraph recipe {\n  node [shape=box];\n");
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      text.append("  n").append(i).append(" [label=").append(dotText(node.name()));
      if (node.kind() != Kind.SOURCE) {
        text.append(", style=rounded");
      }
      text.append("];\n");
    }
    for (Edge edge : edges) {
      text.append("  n").append(edge.from()).append(" -> n").append(edge.to());
      if (!edge.label().isEmpty()) {
        text.append(" [label=").append(dotText(edge.label())).append(']');
      }
      text.append(";\n");
    }
    return text.append("}\n").toString();
  }

  private static String dotText(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\R", " ") + '"';
  }
}
