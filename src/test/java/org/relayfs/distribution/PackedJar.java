package org.relayfs.distribution;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// The jar of the command, and which artifacts of the class path are packed into it.
final class PackedJar implements AutoCloseable {
    private final JarFile jar;

    PackedJar() throws IOException {
        jar = new JarFile("target/relayfs.jar");
    }

    /// The jars of the class path of which something is in ours.
    List<Path> packedJars() throws IOException {
        List<Path> packed = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (element.endsWith(".jar") && isPacked(Path.of(element))) {
                packed.add(Path.of(element));
            }
        }
        return packed;
    }

    private boolean isPacked(Path other) throws IOException {
        try (JarFile artifact = new JarFile(other.toFile())) {
            return artifact.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/") && !name.endsWith("/"))
                    .anyMatch(name -> jar.getEntry(name) != null);
        }
    }

    Stream<String> names() {
        return jar.stream().map(ZipEntry::getName);
    }

    String text(String name) throws IOException {
        return text(jar, name);
    }

    static String text(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            throw new IOException(jar.getName() + ": no " + name);
        }
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
