package dev.brigade.process.launch;

import java.io.File;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a worker JVM is to be started.
 *
 * @param jvmOptions the user's and those of its caps, after those that the launcher adds by itself
 * @param environment what to set in the environment beside this process's own; an empty value
 *     removes
 * @param directory its working directory, or null for this process's
 * @param mainClass what to run, of this module or on the class path
 */
public record LaunchSpec(
    List<String> jvmOptions,
    Map<String, String> environment,
    @Nullable File directory,
    String mainClass) {

  /** Takes copies. */
  public LaunchSpec {
    jvmOptions = List.copyOf(jvmOptions);
    environment = Map.copyOf(environment);
  }
}
