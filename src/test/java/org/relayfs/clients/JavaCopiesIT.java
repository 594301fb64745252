package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;
import org.relayfs.testing.TestMount;

/// Which of Java's usual ways to copy a file give all of a relay file. Field case 18.
@MountTest
@Timeout(60)
final class JavaCopiesIT {
    private static final String ALL = "6060";
    private static final String CLOSED_SUB_BUFFERS = "4040";
    private static final String OPEN_SUB_BUFFER = "2020";
    private static final String REFUSED = "Illegal seek";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private TestMount mount;
    private Client copies;

    private void start(MmapMode mode) throws Exception {
        mount = sandbox.closing(TestMount.open(MountOptions.defaults().withMmap(mode)));
        String copy = sandbox.folder().resolve("copy").toString();
        copies = sandbox.startJava(JavaCopies.class, mount.file("app/cpu0"), copy)
                .awaitReady();
    }

    /// JUnit keeps the first instance of a parameterized test, which would keep the memory mapped.
    @AfterEach
    void forget() {
        mount = null;
        copies = null;
    }

    /// Six records of 1010 bytes in a new file: four in a closed sub-buffer, which `st_size` counts, and two in the
    /// open one.
    private String copied(String call) throws Exception {
        mount.relay().channel("app").ifPresent(RelayChannel::close);
        RelayChannel channel =
                mount.relay().open("app", ChannelConfig.of(4096, 4).withGlobal(true));
        for (int i = 0; i < 6; i++) {
            channel.write("r".repeat(1010).getBytes(StandardCharsets.US_ASCII));
        }
        return answer(call);
    }

    private String answer(String call) throws Exception {
        Sandbox.tell(copies, call);
        return copies.awaitLine(call).substring(call.length() + 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void plainReadsGiveAll(MmapMode mode) throws Exception {
        start(mode);
        assertThat(copied("FileInputStream.read")).isEqualTo(ALL);
        assertThat(copied("FileChannel.read")).isEqualTo(ALL);
        assertThat(copied("Files.readAllBytes")).isEqualTo(ALL);
        assertThat(copied("Files.copy")).isEqualTo(ALL);
    }

    /// With passthrough, from 16 KiB on, Java maps the file that it cannot copy otherwise: what arrives is the ring
    /// as it lies, with its padding. Nothing is taken out.
    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH")
    void aLargeTransferCopiesTheRingAsItLies(MmapMode mode) throws Exception {
        start(mode);
        RelayChannel channel =
                mount.relay().open("app", ChannelConfig.of(4096, 16).withGlobal(true));
        for (int i = 0; i < 24; i++) {
            channel.write("r".repeat(1010).getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(answer("FileChannel.transferTo")).isEqualTo("" + 20 * 1010);
        byte[] copy = Files.readAllBytes(sandbox.folder().resolve("copy"));
        assertThat(new String(copy, 4040, 56, StandardCharsets.US_ASCII))
                .as("padding")
                .isEqualTo("\0".repeat(56));
        assertThat(answer("FileInputStream.read")).isEqualTo("" + 24 * 1010);
    }

    @ParameterizedTest
    @EnumSource(names = {"PASSTHROUGH", "CACHED", "OFF"})
    void callsThatSeekAreRefusedOrStopAtTheSize(MmapMode mode) throws Exception {
        start(mode);
        boolean seekable = mode == MmapMode.PASSTHROUGH;
        assertThat(copied("FileInputStream.readAllBytes")).isEqualTo(seekable ? ALL : REFUSED);
        assertThat(copied("FileInputStream.transferTo")).isEqualTo(seekable ? CLOSED_SUB_BUFFERS : REFUSED);
        assertThat(copied("FileChannel.transferTo")).isEqualTo(seekable ? CLOSED_SUB_BUFFERS : REFUSED);
        // Nothing is lost by it: what was not read is still there.
        assertThat(answer("FileInputStream.read")).isEqualTo(seekable ? OPEN_SUB_BUFFER : ALL);
    }
}
