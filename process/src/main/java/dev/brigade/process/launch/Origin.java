package dev.brigade.process.launch;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/*
 * Where this program's classes come from decides how a worker gets them.
 *  - The system class loader: the class path, made absolute. (Wildcards are expanded by then, and a
 *    jar's Class-Path is followed by the worker itself.)
 *  - A named module of the boot layer: the module path, with the program's own module as a root.
 *  - URL class loaders over files (a build tool that runs programs inside itself, a web container):
 *    their files, in front of the class path.
 *  - Anything else (jars within jars, classes in memory): it can't be done, and that is said.
 */
/** Where the classes of this program come from, as far as a worker can get them from there too. */
final class Origin {
  private Origin() {}

  /** Why workers can't have this program's classes, or null if they can. */
  static @Nullable String obstacle() {
    String command = System.getProperty("sun.java.command", "");
    if (command.startsWith("jdk.compiler/com.sun.tools.javac.launcher."))
      return "this program was started from its source file, so its classes are in memory only:"
          + " compile it with javac -d classes and start it with java -cp classes";
    if (command.startsWith("jdk.jshell"))
      return "the classes of a jshell session are in memory only: put the tasks into a compiled class"
          + " on jshell's class path";
    Class<?> here = Origin.class;
    if (here.getModule().isNamed())
      return here.getModule().getLayer() == ModuleLayer.boot()
          ? null
          : "the module "
              + here.getModule().getName()
              + " is in a layer of its own, which a new JVM does not have: put it on the module path";
    for (ClassLoader loader = here.getClassLoader(); ; loader = loader.getParent()) {
      if (loader == null || loader == ClassLoader.getSystemClassLoader()) return null;
      if (loader instanceof URLClassLoader urls && files(urls) != null) continue;
      if (loader == ClassLoader.getPlatformClassLoader()) return null;
      return "this program's classes come from "
          + loader.getClass().getName()
          + ", and not from files that a plain java can be given: unpack it (Spring Boot: java"
          + " -Djarmode=tools -jar app.jar extract) or start it with java -cp";
    }
  }

  /**
   * The arguments that give a JVM the same classes and start a class of this module there.
   *
   * @param cache what begins the class path, or is all of it; or null
   */
  static List<String> arguments(String mainClass, StartCache.@Nullable Use cache) {
    List<String> arguments = new ArrayList<>();
    Module module = Origin.class.getModule();
    String classPath = cache != null && cache.alone() ? "" : classPath(module.isNamed());
    if (cache != null)
      classPath =
          classPath.isEmpty()
              ? cache.prefix()
              : cache.prefix() + File.pathSeparatorChar + classPath;
    if (!classPath.isEmpty()) {
      arguments.add("-cp");
      arguments.add(classPath);
    }
    if (!module.isNamed()) {
      arguments.add(mainClass);
      return arguments;
    }
    String modulePath = System.getProperty("jdk.module.path", "");
    if (!modulePath.isEmpty()) {
      arguments.add("--module-path");
      arguments.add(absolute(modulePath));
    }
    String main = System.getProperty("jdk.module.main", "");
    if (!main.isEmpty()) arguments.add("--add-modules=" + main);
    // Without a main module the program is on the class path and asked for this module by name.
    arguments.add("-m");
    arguments.add(module.getName() + "/" + mainClass);
    return arguments;
  }

  /** What a jar's manifest permits the program that it starts, as options. */
  static List<String> permissionsOfJar() {
    String file = System.getProperty("java.class.path", "");
    String command = System.getProperty("sun.java.command", "");
    List<String> options = new ArrayList<>();
    // Started with -jar, the class path is the jar, and the command begins with it.
    if (file.isEmpty() || !(command.equals(file) || command.startsWith(file + " "))) return options;
    try (var opened = new JarFile(file)) {
      if (opened.getManifest() == null) return options;
      Attributes main = opened.getManifest().getMainAttributes();
      each(main.getValue("Add-Exports"), "--add-exports=", options);
      each(main.getValue("Add-Opens"), "--add-opens=", options);
      if ("ALL-UNNAMED".equals(main.getValue("Enable-Native-Access")))
        options.add("--enable-native-access=ALL-UNNAMED");
    } catch (IOException _) {
      // It could be read when this program started; the worker will say what it misses.
    }
    return options;
  }

  private static void each(@Nullable String packages, String option, List<String> options) {
    if (packages == null) return;
    for (String one : packages.trim().split("\\s+"))
      if (!one.isEmpty()) options.add(option + one + "=ALL-UNNAMED");
  }

  private static String classPath(boolean named) {
    String own = System.getProperty("java.class.path", "");
    if (own.isEmpty() && named) return "";
    var all = new StringBuilder();
    for (ClassLoader loader = Origin.class.getClassLoader();
        !named && loader != null && loader != ClassLoader.getSystemClassLoader();
        loader = loader.getParent()) {
      List<String> files = loader instanceof URLClassLoader urls ? files(urls) : null;
      if (files != null) for (String file : files) all.append(file).append(File.pathSeparatorChar);
    }
    return all.append(absolute(own)).toString();
  }

  /** The files of a URL class loader, or null if some are none. */
  static @Nullable List<String> files(URLClassLoader loader) {
    List<String> files = new ArrayList<>();
    for (URL url : loader.getURLs()) {
      if (!url.getProtocol().equals("file")) return null;
      try {
        files.add(new File(URI.create(url.toString())).getPath());
      } catch (IllegalArgumentException _) {
        files.add(new File(url.getPath()).getPath());
      }
    }
    return files;
  }

  /** Each entry of a path list made absolute; an empty one is the working directory. */
  static String absolute(String list) {
    var all = new StringBuilder(list.length() + 64);
    for (String entry : list.split(File.pathSeparator, -1)) {
      if (!all.isEmpty()) all.append(File.pathSeparatorChar);
      all.append(new File(entry).getAbsolutePath());
    }
    return all.toString();
  }
}
