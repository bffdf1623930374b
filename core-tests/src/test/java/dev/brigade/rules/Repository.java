package dev.brigade.rules;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/** Where things are in the checkout under test. */
final class Repository {
  private Repository() {}

  static Path root() {
    String given = System.getProperty("brigade.root");
    Path from = given == null ? Path.of("").toAbsolutePath() : Path.of(given);
    for (Path dir = from; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve("core/pom.xml"))) {
        return dir;
      }
    }
    throw new IllegalStateException("no checkout of Brigade at or above " + from);
  }

  /** The jar, or the folder of classes, that the class path holds for a module. */
  static Path location(String module) {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (entry.contains("brigade") || entry.endsWith("classes")) {
        if (Files.exists(path) && ModuleFinder.of(path).find(module).isPresent()) {
          return path;
        }
      }
    }
    throw new IllegalStateException("module " + module + " is not on the class path");
  }

  /** The folders that hold a module of the build. */
  static Set<String> modules() throws Exception {
    try (Stream<Path> folders = Files.list(root())) {
      var names = new TreeSet<String>();
      folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .forEach(folder -> names.add(folder.getFileName().toString()));
      return names;
    }
  }

  /** The folders of Brigade's own modules that a module's {@code pom.xml} depends on. */
  static Set<String> dependencies(String folder) throws Exception {
    var document =
        javax.xml.parsers.DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(root().resolve(folder).resolve("pom.xml").toFile());
    var dependencies = document.getElementsByTagName("dependency");
    var names = new TreeSet<String>();
    for (int i = 0; i < dependencies.getLength(); i++) {
      var dependency = (Element) dependencies.item(i);
      if (child(dependency, "groupId").equals("dev.brigade")) {
        names.add(child(dependency, "artifactId").replaceFirst("^brigade-", ""));
      }
    }
    return names;
  }

  private static String child(Element element, String name) {
    var children = element.getElementsByTagName(name);
    return children.getLength() == 0 ? "" : children.item(0).getTextContent().strip();
  }
}
