package dev.brigade.process.memory;

import java.io.IOException;

/** How shared memory is made on this machine. */
enum Kind {
  ANONYMOUS,
  UNLINKED,
  NAMED;

  /** What this process uses; a system property can ask for one that asks for less. */
  static final Kind BEST = best(System.getProperty("dev.brigade.process.memory", "anonymous"));

  static Kind best(String most) {
    return switch (most) {
      case "anonymous" -> !Descriptors.visible() ? NAMED : Memfd.allowed() ? ANONYMOUS : UNLINKED;
      case "unlinked" -> Descriptors.visible() ? UNLINKED : NAMED;
      case "named" -> NAMED;
      default ->
          throw new IllegalArgumentException(
              "dev.brigade.process.memory must be anonymous, unlinked or named, but was " + most);
    };
  }

  Holder create(long bytes) throws IOException {
    return switch (this) {
      case ANONYMOUS -> Memfd.create();
      case UNLINKED -> UnlinkedFile.create(bytes);
      case NAMED -> NamedFile.create();
    };
  }
}
