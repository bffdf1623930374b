package dev.brigade.bench;

/** A named side of a case that is opened, and may turn out to be missing, only where it runs. */
public record Contender<T>(String name, Opening<? extends T> opening) {
  /** The name of our own side wherever one is needed. */
  public static final String OURS = "Brigade";

  /** Opens a side, or throws {@link MissingPeer} with the reason why it cannot be had here. */
  public interface Opening<T> {
    T open() throws Exception;
  }
}
