package org.relayfs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a program can reach of us: the packages that `module-info` exports and no machinery through them.
class ExportedTypesTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(org\\.relayfs[.\\w]*)` \\| (yes|no) \\|");
    private static final Pattern OTHERS = Pattern.compile("javax?\\..*|org\\.slf4j\\..*|io\\.micrometer\\..*"
            + "|ch\\.qos\\.logback\\..*|org\\.apache\\.logging\\..*");

    /// What a `long` that a program passes may mean. Each is checked, counted or stored; none is an address.
    private static final Set<String> NUMBERS = Set.of(
            "offset",
            "length",
            "subBufferSize",
            "total",
            "count",
            "quotaBytes",
            "timeout",
            "value",
            "found",
            "known",
            "first",
            "second",
            "thread");

    /// The classes of the build, with Logback, which is not on the class path of the tests.
    private static final ClassLoader LOADER = loader();

    private static ClassLoader loader() {
        String path = System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("logback.jar");
        return new URLClassLoader(
                Arrays.stream(path.split(File.pathSeparator))
                        .map(element -> {
                            try {
                                return Path.of(element).toUri().toURL();
                            } catch (MalformedURLException e) {
                                throw new IllegalStateException(element, e);
                            }
                        })
                        .toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader());
    }

    private static Set<String> exports() throws IOException {
        try (InputStream descriptor = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(descriptor).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Class<?>> exportedTypes() throws Exception {
        List<Class<?>> types = new ArrayList<>();
        for (String exported : exports()) {
            try (Stream<Path> files = Files.list(CLASSES.resolve(exported.replace('.', '/')))) {
                for (String file : files.map(path -> path.getFileName().toString())
                        .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                        .toList()) {
                    String name = exported + "." + file.substring(0, file.length() - 6);
                    Class<?> type = Class.forName(name, false, LOADER);
                    if (isReachable(type)) {
                        types.add(type);
                    }
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(10);
        return types;
    }

    private static boolean isReachable(Class<?> type) {
        return isVisible(type.getModifiers())
                && (type.getEnclosingClass() == null || isReachable(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    @Test
    void exportedIsWhatTheDocumentSays() throws Exception {
        Set<String> documented = ROW.matcher(Files.readString(Path.of("docs/ARCHITECTURE.md")))
                .results()
                .filter(row -> row.group(2).equals("yes"))
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(exports()).isEqualTo(documented).isNotEmpty();
    }

    @Test
    void aPackageThatIsNotExportedSaysSo() throws Exception {
        Set<String> exports = exports();
        List<Path> packages;
        try (Stream<Path> all = Files.walk(SOURCES)) {
            packages = all.filter(path -> path.endsWith("package-info.java")).toList();
        }
        assertThat(packages).hasSizeGreaterThan(exports.size());
        for (Path comment : packages) {
            String name = SOURCES.relativize(comment.getParent()).toString().replace('/', '.');
            String text = Files.readString(comment).replaceAll("\\s*///\\s*", " ");
            assertThat(text.contains("Not exported")).as(name).isEqualTo(!exports.contains(name));
        }
    }

    @Test
    void noSignatureNamesWhatIsNotExported() throws Exception {
        Set<String> exports = exports();
        List<String> leaks = new ArrayList<>();
        for (Class<?> type : exportedTypes()) {
            for (Mention mention : mentions(type)) {
                for (Class<?> named : mention.classes()) {
                    boolean allowed = OTHERS.matcher(named.getName()).matches()
                            || exports.contains(named.getPackageName()) && isReachable(named);
                    if (!named.isPrimitive() && !allowed) {
                        leaks.add(mention.where() + ": " + named.getName());
                    }
                }
            }
        }
        assertThat(leaks).isEmpty();
    }

    /// A `long` that is an address would let a program crash the JVM by a wrong number.
    @Test
    void noSignatureTakesOrReturnsAnAddress() throws Exception {
        List<String> suspects = new ArrayList<>();
        for (Class<?> type : exportedTypes()) {
            for (Executable executable : executables(type)) {
                if (!holdsOnly(executable)) {
                    suspects.addAll(suspectNumbers(executable));
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (isVisible(method.getModifiers())
                        && method.getName().toLowerCase(Locale.ROOT).contains("address")) {
                    suspects.add(method.toString());
                }
            }
        }
        assertThat(suspects).isEmpty();
    }

    private static List<String> suspectNumbers(Executable executable) {
        List<String> suspects = new ArrayList<>();
        for (Parameter parameter : executable.getParameters()) {
            assertThat(parameter.isNamePresent()).as(executable.toString()).isTrue();
            if (isNumber(parameter.getType()) && !NUMBERS.contains(parameter.getName())) {
                suspects.add(executable + ": " + parameter.getName());
            }
        }
        return suspects;
    }

    /// A record keeps what its constructor takes, and hands it back.
    private static boolean holdsOnly(Executable executable) {
        return executable.getDeclaringClass().isRecord() && executable instanceof Constructor<?>;
    }

    private static boolean isNumber(Class<?> type) {
        return type == long.class || type == Long.class;
    }

    private static List<Executable> executables(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(executable -> isVisible(executable.getModifiers()) && !executable.isSynthetic())
                .toList();
    }

    /// The types that one declaration names.
    private record Mention(String where, List<Type> types) {
        Set<Class<?>> classes() {
            Set<Class<?>> classes = new HashSet<>();
            types.forEach(type -> collect(type, classes, new HashSet<>()));
            return classes;
        }
    }

    private static List<Mention> mentions(Class<?> type) {
        List<Mention> mentions = new ArrayList<>();
        List<Type> above = new ArrayList<>(List.of(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null) {
            above.add(type.getGenericSuperclass());
        }
        above.addAll(List.of(type.getTypeParameters()));
        mentions.add(new Mention(type.getName(), above));
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers())) {
                mentions.add(new Mention(name(field), List.of(field.getGenericType())));
            }
        }
        for (Executable executable : executables(type)) {
            List<Type> types = new ArrayList<>(List.of(executable.getGenericParameterTypes()));
            types.addAll(List.of(executable.getGenericExceptionTypes()));
            types.addAll(List.of(executable.getTypeParameters()));
            if (executable instanceof Method method) {
                types.add(method.getGenericReturnType());
            }
            mentions.add(new Mention(name(executable), types));
        }
        return mentions;
    }

    private static String name(Member member) {
        return member.getDeclaringClass().getName() + "." + member.getName();
    }

    private static void collect(Type type, Set<Class<?>> classes, Set<Type> seen) {
        if (!seen.add(type)) {
            return;
        }
        switch (type) {
            case Class<?> plain -> classes.add(plain.isArray() ? element(plain) : plain);
            case ParameterizedType generic -> {
                collect(generic.getRawType(), classes, seen);
                Stream.of(generic.getActualTypeArguments()).forEach(argument -> collect(argument, classes, seen));
            }
            case GenericArrayType array -> collect(array.getGenericComponentType(), classes, seen);
            case WildcardType wildcard -> {
                Stream.of(wildcard.getUpperBounds()).forEach(bound -> collect(bound, classes, seen));
                Stream.of(wildcard.getLowerBounds()).forEach(bound -> collect(bound, classes, seen));
            }
            case TypeVariable<?> variable ->
                Stream.of(variable.getBounds()).forEach(bound -> collect(bound, classes, seen));
            default -> throw new IllegalStateException(type.toString());
        }
    }

    private static Class<?> element(Class<?> array) {
        return array.isArray() ? element(array.getComponentType()) : array;
    }
}
