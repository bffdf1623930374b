package dev.brigade.rules;

import static java.util.stream.Collectors.joining;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The public API of one module as text: what the exported packages show to their users, sorted,
 * with generics, thrown types and nullness. A change of the API is then a change of a committed
 * file.
 */
final class PublicApi {
  private static final Pattern TYPE = Pattern.compile("dev\\.brigade\\.[a-z]\\w*\\.[A-Z][\\w$]*");

  private PublicApi() {}

  /** The text for the one module at {@code location}, whose classes are on the class path too. */
  static String of(Path location) throws Exception {
    ModuleReference module = ModuleFinder.of(location).findAll().iterator().next();
    List<String> exported =
        module.descriptor().exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .toList();
    var types = new TreeMap<String, Class<?>>();
    try (ModuleReader reader = module.open();
        Stream<String> names = reader.list()) {
      for (String file : names.filter(PublicApi::isClass).toList()) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        if (exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
          Class<?> type = Class.forName(name, false, PublicApi.class.getClassLoader());
          if (isVisible(type)) {
            types.put(name, type);
          }
        }
      }
    }
    var text = new StringBuilder("module " + module.descriptor().name() + "\n");
    module.descriptor().requires().stream()
        .filter(requires ->
            requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
        .map(requires -> "  requires transitive " + requires.name() + "\n")
        .sorted()
        .forEach(text::append);
    types.values().forEach(type -> append(text, type));
    return text.toString();
  }

  /** Some top-level class that users must not reach, or null when there is none. */
  static @Nullable String firstHiddenClass(Path location) throws Exception {
    ModuleReference module = ModuleFinder.of(location).findAll().iterator().next();
    try (ModuleReader reader = module.open();
        Stream<String> names = reader.list()) {
      for (String file : names.filter(PublicApi::isClass).filter(f -> !f.contains("$")).toList()) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        if (!isVisible(Class.forName(name, false, PublicApi.class.getClassLoader()))) {
          return name;
        }
      }
    }
    return null;
  }

  /** The types of Brigade that {@code text} names although no user can reach them. */
  static Set<String> unreachable(String text) throws Exception {
    var names = new TreeSet<String>();
    for (MatchResult found : TYPE.matcher(text).results().toList()) {
      Class<?> type = Class.forName(found.group(), false, PublicApi.class.getClassLoader());
      ModuleReference module =
          ModuleFinder.of(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()))
              .findAll()
              .iterator()
              .next();
      boolean exported =
          module.descriptor().exports().stream()
              .anyMatch(e -> e.source().equals(type.getPackageName()) && !e.isQualified());
      if (!exported || !isVisible(type)) {
        names.add(found.group());
      }
    }
    return names;
  }

  private static boolean isClass(String file) {
    return file.endsWith(".class") && !file.endsWith("-info.class");
  }

  private static boolean isVisible(Class<?> type) {
    return isVisible(type.getModifiers())
        && !type.isSynthetic()
        && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void append(StringBuilder text, Class<?> type) {
    text.append('\n').append(header(type)).append('\n');
    var members = new ArrayList<String>();
    boolean mayBeExtended = !Modifier.isFinal(type.getModifiers()) && !type.isSealed();
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
        members.add(
            modifiers(field.getModifiers() & Modifier.fieldModifiers())
                + type(field.getAnnotatedType())
                + " "
                + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers())
          && !constructor.isSynthetic()
          && (mayBeExtended || Modifier.isPublic(constructor.getModifiers()))) {
        members.add(
            modifiers(constructor.getModifiers() & Modifier.constructorModifiers())
                + variables(constructor.getTypeParameters())
                + "<init>"
                + parametersAndThrows(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers()) && !method.isSynthetic()) {
        members.add(
            modifiers(
                    method.getModifiers()
                        & Modifier.methodModifiers()
                        & ~(Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT))
                + (method.isDefault() ? "default " : "")
                + variables(method.getTypeParameters())
                + type(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + parametersAndThrows(method));
      }
    }
    if (type.isEnum()) {
      var order =
          Arrays.stream(type.getFields())
              .filter(Field::isEnumConstant)
              .map(Field::getName)
              .collect(joining(", "));
      members.add("constants " + order);
    }
    members.stream()
        .sorted(
            Comparator.comparing(PublicApi::memberName).thenComparing(Comparator.naturalOrder()))
        .forEach(member -> text.append("  ").append(member).append('\n'));
  }

  /** What members are sorted by: the name before the parameters, or the last word. */
  private static String memberName(String member) {
    int end = member.indexOf('(');
    String before = end < 0 ? member : member.substring(0, end);
    return before.substring(before.lastIndexOf(' ') + 1);
  }

  private static String header(Class<?> type) {
    String kind =
        type.isAnnotation()
            ? "@interface"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    int shown = type.getModifiers() & Modifier.classModifiers();
    if (type.isInterface()) {
      shown &= ~Modifier.ABSTRACT;
    }
    if (type.isEnum() || type.isRecord() || type.isInterface()) {
      shown &= ~(Modifier.FINAL | Modifier.STATIC);
    }
    var text = new StringBuilder(modifiers(shown));
    if (type.isSealed() && !type.isEnum()) {
      text.append("sealed ");
    }
    text.append(kind).append(' ').append(type.getName());
    text.append(variables(type.getTypeParameters()).stripTrailing());
    if (type.isRecord()) {
      text.append(
          Arrays.stream(type.getRecordComponents())
              .map(component -> type(component.getAnnotatedType()) + " " + component.getName())
              .collect(joining(", ", "(", ")")));
    } else if (!type.isEnum()) {
      text.append(superclass(type));
    }
    if (type.getInterfaces().length > 0 && !type.isAnnotation()) {
      text.append(
          Arrays.stream(type.getAnnotatedInterfaces())
              .map(PublicApi::type)
              .collect(joining(", ", type.isInterface() ? " extends " : " implements ", "")));
    }
    Optional.ofNullable(type.isEnum() ? null : type.getPermittedSubclasses())
        .map(permitted -> Arrays.stream(permitted).filter(PublicApi::isVisible).map(Class::getName))
        .ifPresent(names -> text.append(names.sorted().collect(joining(", ", " permits ", ""))));
    return text.toString();
  }

  /** The nearest superclass that users can see. */
  private static String superclass(Class<?> type) {
    Class<?> below = type;
    while (below.getSuperclass() != null && !isVisible(below.getSuperclass())) {
      below = below.getSuperclass();
    }
    return below.getSuperclass() == null || below.getSuperclass() == Object.class
        ? ""
        : " extends " + type(below.getAnnotatedSuperclass());
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & ~(Modifier.TRANSIENT | Modifier.VOLATILE));
    return text.isEmpty() ? "" : text + " ";
  }

  private static String variables(TypeVariable<?>[] variables) {
    if (variables.length == 0) {
      return "";
    }
    return Arrays.stream(variables)
        .map(variable -> {
          String bounds =
              Arrays.stream(variable.getAnnotatedBounds())
                  .map(PublicApi::type)
                  .filter(bound -> !bound.equals("Object"))
                  .collect(joining(" & "));
          return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
        })
        .collect(joining(", ", "<", "> "));
  }

  private static String parametersAndThrows(Executable executable) {
    AnnotatedType[] types = executable.getAnnotatedParameterTypes();
    var text = new StringBuilder("(");
    for (int i = 0; i < types.length; i++) {
      String type = type(types[i]);
      if (executable.isVarArgs() && i == types.length - 1) {
        type = type.substring(0, type.length() - "[]".length()) + "...";
      }
      text.append(i == 0 ? "" : ", ").append(type);
      if (executable.getParameters()[i].isNamePresent()) {
        text.append(' ').append(executable.getParameters()[i].getName());
      }
    }
    text.append(')');
    if (executable.getAnnotatedExceptionTypes().length > 0) {
      text.append(
          Arrays.stream(executable.getAnnotatedExceptionTypes())
              .map(PublicApi::type)
              .collect(joining(", ", " throws ", "")));
    }
    return text.toString();
  }

  private static String type(AnnotatedType type) {
    return switch (type) {
      case AnnotatedArrayType array ->
          type(array.getAnnotatedGenericComponentType())
              + (isNullable(array) ? " @Nullable []" : "[]");
      case AnnotatedParameterizedType parameterized ->
          nullable(parameterized)
              + name((Class<?>) ((ParameterizedType) parameterized.getType()).getRawType())
              + Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                  .map(PublicApi::type)
                  .collect(joining(", ", "<", ">"));
      case AnnotatedWildcardType wildcard -> wildcard(wildcard);
      case AnnotatedTypeVariable variable -> nullable(variable) + variable.getType().getTypeName();
      default -> nullable(type) + name((Class<?>) type.getType());
    };
  }

  private static String wildcard(AnnotatedWildcardType wildcard) {
    if (wildcard.getAnnotatedLowerBounds().length > 0) {
      return "? super " + type(wildcard.getAnnotatedLowerBounds()[0]);
    }
    String upper = type(wildcard.getAnnotatedUpperBounds()[0]);
    return upper.equals("Object") ? "?" : "? extends " + upper;
  }

  private static String name(Class<?> type) {
    return type.getTypeName().replaceFirst("^java\\.lang\\.(?=\\w+$)", "");
  }

  private static String nullable(AnnotatedElement element) {
    return isNullable(element) ? "@Nullable " : "";
  }

  private static boolean isNullable(AnnotatedElement element) {
    return element.isAnnotationPresent(Nullable.class);
  }
}
