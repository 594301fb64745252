package org.relayfs.tool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.tool.cli.ToolException;

final class MountDirectoryTest {
    @Test
    void absoluteFollowsLinksButNeedsOnlyTheParent(@TempDir Path temp) throws Exception {
        Path real = Files.createDirectory(temp.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);

        assertThat(MountDirectory.absolute(link)).isEqualTo(real);
        assertThat(MountDirectory.absolute(link.resolve("missing"))).isEqualTo(real.resolve("missing"));
        assertThatThrownBy(() -> MountDirectory.absolute(temp.resolve("no/such")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("No such directory");
    }
}
