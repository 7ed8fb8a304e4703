package bmr.interchange;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML document as nested texts; scalars keep their digits. */
final class YamlTree {
  private static final int LONGEST = 300_000;
  private static final int DEEPEST = 30;
  private static final int MOST_EVENTS = 50_000;
  private static final int MOST_ALIASES = 50;

  private YamlTree() {}

  /** The only document of a text; nothing where it is none or exceeds the limits. */
  static Optional<Node> of(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(MOST_ALIASES)
            .setCodePointLimit(LONGEST)
            .build();
    try {
      return small(settings, text) ? new Compose(settings).composeString(text) : Optional.empty();
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
  }

  /** Counts before a tree is built, because building one recurses. */
  private static boolean small(LoadSettings settings, String text) {
    int depth = 0;
    int events = 0;
    int aliases = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      events++;
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      aliases += event instanceof AliasEvent ? 1 : 0;
      if (events > MOST_EVENTS || depth > DEEPEST || aliases > MOST_ALIASES) {
        return false;
      }
    }
    return true;
  }

  /** The value of a key of a mapping. */
  static Optional<Node> at(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
          return Optional.of(entry.getValueNode());
        }
      }
    }
    return Optional.empty();
  }

  /** The text of a scalar. */
  static Optional<String> text(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
  }

  /** The entries of a sequence; none where the node is something else. */
  static List<Node> entries(Node node) {
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
  }
}
