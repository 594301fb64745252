import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Brings the classes of a jar that are as old as Java 5 to a version that the JVM can keep in an AOT cache. Without it
/// the cache would not hold picocli, on which a short command spends most of its start.
///
/// Usage: `java ModernClasses.java JAR`; the jar is rewritten.
final class ModernClasses {
    /// The last one whose classes have no stack maps, which the caches ask for.
    private static final int OLD = 49;

    private static final int NEW = 61;

    private final JarFile jar;
    private final ClassFile classFile;

    private ModernClasses(JarFile jar) {
        this.jar = jar;
        this.classFile = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(type -> open(type.descriptorString()))
                                .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[0]);
        Path modern = path.resolveSibling(path.getFileName() + ".modern");
        try (JarFile jar = new JarFile(path.toFile());
                ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(modern))) {
            new ModernClasses(jar).copyTo(target);
        }
        Files.move(modern, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private InputStream open(String descriptor) {
        ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copyTo(ZipOutputStream target) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            ZipEntry copy = new ZipEntry(entry.getName());
            copy.setTime(entry.getTime());
            target.putNextEntry(copy);
            copy(entry, target);
            target.closeEntry();
        }
    }

    private void copy(JarEntry entry, OutputStream target) throws IOException {
        try (InputStream source = jar.getInputStream(entry)) {
            byte[] bytes = source.readAllBytes();
            target.write(entry.getName().endsWith(".class") ? modern(bytes) : bytes);
        }
    }

    private byte[] modern(byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() > OLD) {
            return bytes;
        }
        // Stack maps are generated for code that is written anew.
        ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
        return classFile.transformClass(model, code.andThen((builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(NEW, 0);
            } else {
                builder.with(element);
            }
        }));
    }
}
