package bmr.model;

import java.util.List;

/** Families of models that share keys and blocks. */
public enum Architecture {
  SD1("SD 1.x"),
  SD2("SD 2.x"),
  SDXL("SDXL"),
  SD3("SD 3"),
  FLUX("Flux"),
  UNKNOWN("unknown");

  private final String label;

  Architecture(String label) {
    this.label = label;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /**
   * The blocks in the order of published lists: 26 for SD 1.x and 2.x (BASE, IN00-IN11, M00,
   * OUT00-OUT11), 20 for SDXL (BASE, IN00-IN08, M00, OUT00-OUT08), BASE alone where bmr knows no
   * blocks.
   */
  public List<Block> blocks() {
    throw new UnsupportedOperationException();
  }
}
