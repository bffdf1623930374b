package dev.brigade.bench;

import java.lang.reflect.InvocationTargetException;

/** A side that cannot be measured here. The message is the reason that the row shows. */
public final class MissingPeer extends Exception {
  private static final long serialVersionUID = 1;

  public MissingPeer(String why) {
    super(why);
  }

  /** One line that says why a side has no figures. */
  static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof InvocationTargetException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String text =
        cause instanceof MissingPeer ? String.valueOf(cause.getMessage()) : "failed: " + cause;
    return text.lines().findFirst().orElse("failed");
  }

  /**
   * Makes a side whose class may be absent, or compiled for the preview features of another JDK: a
   * public class with a public constructor, in the package of {@code neighbour}.
   */
  public static <T> T load(Class<T> type, Class<?> neighbour, String simpleName, int... sizes)
      throws Exception {
    Class<?>[] parameters = new Class<?>[sizes.length];
    Object[] arguments = new Object[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      parameters[i] = int.class;
      arguments[i] = sizes[i];
    }
    try {
      Class<?> side = Class.forName(neighbour.getPackageName() + "." + simpleName);
      return type.cast(side.getConstructor(parameters).newInstance(arguments));
    } catch (ClassNotFoundException e) {
      throw new MissingPeer(simpleName + " is not in this build: it is compiled with JDK 25 only");
    } catch (UnsupportedClassVersionError e) {
      throw new MissingPeer(
          "compiled for the preview features of JDK 25; this is JDK "
              + Runtime.version().feature());
    }
  }
}
