package dev.brigade.process.launch;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The private folder of one start, made only if something must lie in it. For one thread. */
public final class Workplace {
  private @Nullable SpawnFolder folder;

  /** The folder, made now if it was not. */
  public SpawnFolder folder() throws IOException {
    SpawnFolder f = folder;
    if (f == null) {
      f = SpawnFolder.create();
      folder = f;
    }
    return f;
  }

  /** Where it is, or null if nothing was put there. */
  public @Nullable Path path() {
    SpawnFolder f = folder;
    return f == null ? null : f.path();
  }

  /** Removes it, if there is one; again does nothing. */
  public void delete() {
    SpawnFolder f = folder;
    if (f != null) f.delete();
  }
}
