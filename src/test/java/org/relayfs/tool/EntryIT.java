package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.relayfs.testing.Client;
import org.relayfs.tool.cli.ExitCode;

/// Field case 26: a Java that is too old says which one is needed.
final class EntryIT {
    private static final Path JAR = Path.of("target/relayfs.jar").toAbsolutePath();
    private static final Path JDKS = Path.of("/usr/lib/jvm");
    private static final int JAVA_8 = 52;
    private static final int FIRST_VERSION = 44;

    @Test
    void onlyTheFirstClassIsForJava8AndItNamesWhatTheOthersNeed() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Entry.class.getName());
            assertThat(classFileVersion(jar, Entry.class)).isEqualTo(JAVA_8);
            assertThat(classFileVersion(jar, RelayfsCommand.class)).isEqualTo(FIRST_VERSION + Entry.NEEDED);
        }
    }

    private static int classFileVersion(JarFile jar, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (DataInputStream in = new DataInputStream(jar.getInputStream(jar.getEntry(name)))) {
            in.skipNBytes(6); // magic, minor
            return in.readUnsignedShort();
        }
    }

    @Test
    void anOlderJavaSaysInOneLineWhichIsNeeded() throws Exception {
        Optional<Path> old = olderJava();
        assumeTrue(old.isPresent(), "there is no Java older than 25 in " + JDKS);
        try (Client relayfs = Client.start(old.get().toString(), "-jar", JAR.toString(), "list")) {
            assertThat(relayfs.awaitEnd()).isEqualTo(ExitCode.SYSTEM);
            assertThat(relayfs.output()).isEmpty();
            assertThat(relayfs.errors())
                    .hasLineCount(1)
                    .startsWith("relayfs: " + JDKS)
                    .contains("; relayfs needs Java 25 or newer: run this jar with one");
        }
    }

    private static Optional<Path> olderJava() throws IOException {
        try (DirectoryStream<Path> jdks = Files.newDirectoryStream(JDKS)) {
            for (Path jdk : jdks) {
                Path release = jdk.resolve("release");
                Path java = jdk.resolve("bin/java");
                if (Files.isExecutable(java)
                        && Files.isReadable(release)
                        && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1\\.8|9|1\\d|2[0-4])\\b.*")) {
                    return Optional.of(java);
                }
            }
        } catch (NoSuchFileException e) {
            // No such folder on this distribution.
        }
        return Optional.empty();
    }
}
