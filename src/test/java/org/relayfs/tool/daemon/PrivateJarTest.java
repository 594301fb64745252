package org.relayfs.tool.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateJarTest {
    @TempDir
    private Path folder;

    @Test
    void theCopyHasTheSameBytesAndIsOpenToNobodyElse() throws IOException {
        Path jar = Files.write(folder.resolve("any.jar"), new byte[1_000_000]);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
        PrivateJar copy = PrivateJar.of(jar.toString());
        try {
            assertThat(copy.copy()).isAbsolute().hasSameBinaryContentAs(jar);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.copy())))
                    .isEqualTo("rw-------");
            assertThat(copy.argument()).isEqualTo(copy.copy().toString());
        } finally {
            Files.delete(copy.copy());
        }
    }

    @Test
    void whatIsMoreThanOneJarIsTakenAsItIs() {
        assertThat(PrivateJar.of("/a.jar:/b")).isEqualTo(new PrivateJar(null, "/a.jar:/b"));
    }
}
