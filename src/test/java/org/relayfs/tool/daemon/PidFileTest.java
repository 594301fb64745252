package org.relayfs.tool.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.tool.cli.ToolException;

final class PidFileTest {
    private static final String OURS = ProcessHandle.current().pid() + "\n";

    @TempDir
    private Path folder;

    @Test
    void itNamesThisProcessAndGoesWithIt() throws Exception {
        Path file = folder.resolve("pid");
        PidFile pidFile = new PidFile(file);
        pidFile.write();
        assertThat(file).hasContent(OURS.strip());
        assertThat(Files.readString(file)).isEqualTo(OURS);
        pidFile.remove();
        assertThat(file).doesNotExist();
        pidFile.remove();
    }

    @Test
    void whatAnOlderProcessHasLeftIsReplacedAsAWhole() throws Exception {
        Path file = Files.writeString(folder.resolve("pid"), "123456789012345\nand more\n");
        new PidFile(file).write();
        assertThat(Files.readString(file)).isEqualTo(OURS);
    }

    @Test
    void thatOfAnotherProcessStays() throws Exception {
        Path file = folder.resolve("pid");
        PidFile pidFile = new PidFile(file);
        pidFile.write();
        Files.writeString(file, "1\n");
        pidFile.remove();
        assertThat(Files.readString(file)).isEqualTo("1\n");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "kept");
        Path link = Files.createSymbolicLink(folder.resolve("pid"), target);
        assertThatThrownBy(() -> new PidFile(link).write())
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("cannot write the pid file " + link)
                .hasMessageContaining("--pid-file");
        assertThat(Files.readString(target)).isEqualTo("kept");
        Files.writeString(target, OURS);
        new PidFile(link).remove();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
