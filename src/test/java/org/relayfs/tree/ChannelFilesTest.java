package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.O_RDONLY;
import static org.relayfs.tree.MountedTree.O_RDWR;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.text.ChannelSettings;
import org.relayfs.tree.text.FileSettings;

class ChannelFilesTest {
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
        fs.makeDirectory("/app");
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private void create() throws ErrnoException {
        fs.write("/app/subbuf_size", "4096");
        fs.write("/app/n_subbufs", "4");
        fs.write("/app/global", "1");
        fs.write("/app/create", "1\n");
    }

    @ParameterizedTest
    @CsvSource({
        "subbuf_size, 262144",
        "n_subbufs, 8",
        "mode, no-overwrite",
        "global, 0",
        "header, none",
        "format, records",
        "create, 0",
        "enabled, 0",
        "dropped, 0",
        "blocking, 0",
        "blocking_writes, 0",
        "flush_interval_ms, 0",
        "size_reporting, relay"
    })
    void valuesAreTextAndANewline(String file, String initial) throws ErrnoException {
        assertThat(fs.read("/app/" + file)).isEqualTo(initial + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "subbuf_size, 4096, 4096",
        "subbuf_size, 64K, 65536",
        "n_subbufs, 0016, 16",
        "mode, overwrite, overwrite",
        "global, 1, 1",
        "header, padding, padding",
        "format, events, events",
        "blocking, 1, 1",
        "blocking_writes, 1, 1",
        "flush_interval_ms, 250, 250",
        "size_reporting, buffer, buffer",
        "enabled, 1, 0"
    })
    void aWriteTakesOneTrailingNewlineOrNone(String file, String text, String shown) throws ErrnoException {
        fs.write("/app/" + file, text + "\n");
        assertThat(fs.read("/app/" + file)).isEqualTo(shown + "\n");
        fs.write("/app/" + file, text);
        assertThat(fs.read("/app/" + file)).isEqualTo(shown + "\n");
        assertThat(refusal(() -> fs.write("/app/" + file, text + "\n\n"))).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({
        "subbuf_size",
        "n_subbufs",
        "global",
        "create",
        "enabled",
        "blocking",
        "blocking_writes",
        "flush_interval_ms"
    })
    void numbersOfMoreThan16BytesAreRefused(String file) throws ErrnoException {
        fs.write("/app/" + file, "0000000000000001");
        assertThat(refusal(() -> fs.write("/app/" + file, "0000000000000001\n")))
                .isEqualTo(Errno.EINVAL);
    }

    @Test
    void memoryNamesTheFolder() throws ErrnoException {
        assertThat(fs.read("/app/memory")).isEmpty();
        create();
        assertThat(fs.read("/app/memory"))
                .startsWith("/")
                .isEqualTo(fs.relay.channel("app").orElseThrow().folder() + "\n");
        fs.write("/app/create", "0");
        assertThat(fs.read("/app/memory")).isEmpty();
    }

    @Test
    void createUsesTheSettingsOfTheDirectory() throws ErrnoException {
        fs.write("/app/mode", "overwrite");
        fs.write("/app/header", "padding");
        create();
        assertThat(fs.read("/app/create")).isEqualTo("1\n");
        assertThat(fs.read("/app/enabled")).isEqualTo("1\n");
        assertThat(ChannelSettings.of(fs.relay.channel("app").orElseThrow().config()))
                .isEqualTo(new ChannelSettings(
                        4096,
                        4,
                        ChannelMode.OVERWRITE,
                        true,
                        8,
                        false,
                        new FileSettings("cpu", 0400, null, true, false)));
    }

    @Test
    void settingsMayPassThroughWhatDoesNotFitTogether() throws ErrnoException {
        fs.write("/app/subbuf_size", "1G");
        assertThat(refusal(() -> fs.write("/app/create", "1"))).isEqualTo(Errno.EINVAL);
        assertThat(fs.read("/error_log")).contains("subbuf_size=1073741824 times n_subbufs=8, limit=2147483648");
        create();
    }

    @Test
    void aLivingChannelKeepsItsSettings() throws ErrnoException {
        create();
        fs.write("/app/subbuf_size", "8192");
        assertThat(fs.read("/channels")).contains(" 4096 ");
        fs.write("/app/create", "1");
        assertThat(fs.read("/channels")).contains(" 8192 ").doesNotContain(" 4096 ");
    }

    /// Field case 25: the first line is what is in force, for programs that read a number or a line.
    @Test
    void settingsShowWhatIsInForceAndWhatWaits() throws ErrnoException {
        create();
        fs.write("/app/n_subbufs", "9");
        fs.write("/app/subbuf_size", "8K");
        fs.write("/app/mode", "overwrite");
        fs.write("/app/header", "padding");
        fs.write("/app/global", "0");
        assertThat(fs.read("/app/n_subbufs")).isEqualTo("4\nnext 9\n");
        assertThat(fs.read("/app/subbuf_size")).isEqualTo("4096\nnext 8192\n");
        assertThat(fs.read("/app/mode")).isEqualTo("no-overwrite\nnext overwrite\n");
        assertThat(fs.read("/app/header")).isEqualTo("none\nnext padding\n");
        assertThat(fs.read("/app/global")).isEqualTo("1\nnext 0\n");
        fs.write("/app/n_subbufs", "4");
        assertThat(fs.read("/app/n_subbufs")).isEqualTo("4\n");
        fs.write("/app/create", "1");
        assertThat(fs.read("/app/subbuf_size")).isEqualTo("8192\n");
        fs.write("/app/n_subbufs", "9");
        fs.write("/app/create", "0");
        assertThat(fs.read("/app/n_subbufs")).as("nothing is in force").isEqualTo("9\n");
    }

    @Test
    void creatingAgainMakesOtherFilesAndLeavesTheOldOnesToThoseWhoHaveThem() throws ErrnoException {
        create();
        fs.write("/app/write", "old");
        RelayFile before = (RelayFile) fs.tree.resolve("/app/cpu0");
        Node directory = fs.tree.resolve("/app");
        fs.write("/app/create", "2");
        RelayFile after = (RelayFile) fs.tree.resolve("/app/cpu0");
        assertThat(after.attributes().inode()).isNotEqualTo(before.attributes().inode());
        assertThat(before.isRemoved()).isTrue();
        assertThat(before.attributes().links()).isZero();
        assertThat(before.buffer().hasData()).isTrue();
        assertThat(after.isRemoved()).isFalse();
        assertThat(after.buffer().hasData()).isFalse();
        assertThat(fs.tree.resolve("/app")).isSameAs(directory);
    }

    @Test
    void zeroDestroysAndTheDirectoryStays() throws ErrnoException {
        create();
        fs.write("/app/create", "0\n");
        assertThat(fs.read("/app/create")).isEqualTo("0\n");
        assertThat(fs.relay.channels()).isEmpty();
        assertThat(fs.exists("/app/cpu0")).isFalse();
        fs.write("/app/create", "0\n");
        assertThat(fs.read("/app/enabled")).isEqualTo("0\n");
    }

    @Test
    void disablingStopsLoggingAndFlushes() throws ErrnoException {
        create();
        fs.write("/app/write", "record");
        fs.write("/app/enabled", "0\n");
        assertThat(fs.read("/app/enabled")).isEqualTo("0\n");
        assertThat(fs.readCounter("/app/cpu0.produced")).isEqualTo(1);
        assertThat(refusal(() -> fs.write("/app/write", "record"))).isEqualTo(Errno.ESHUTDOWN);
        fs.write("/app/enabled", "1\n");
        fs.write("/app/write", "record");
    }

    @Test
    void enabledIsAcceptedAndIgnoredWhileNotCreated() throws ErrnoException {
        fs.write("/app/enabled", "0\n");
        fs.write("/app/enabled", "1\n");
        assertThat(fs.read("/app/enabled")).isEqualTo("0\n");
        assertThat(fs.read("/error_log")).isEmpty();
    }

    @Test
    void statsHasALineForEachBuffer() throws ErrnoException {
        String header = "cpu produced consumed ready bytes_written bytes_read records full big straggler lost_bytes"
                + " overwritten skipped abandoned damaged\n";
        assertThat(fs.read("/app/stats")).isEqualTo(header);
        create();
        fs.write("/app/write", "record");
        assertThat(fs.read("/app/stats")).isEqualTo(header + "0 0 0 0 6 0 1 0 0 0 0 0 0 0 0\n");
        fs.write("/app/flush", "1");
        assertThat(fs.read("/app/stats")).isEqualTo(header + "0 1 0 6 6 0 1 0 0 0 0 0 0 0 0\n");
    }

    @Test
    void droppedCountsRefusedRecords() throws ErrnoException {
        fs.write("/app/subbuf_size", "8");
        fs.write("/app/n_subbufs", "1");
        fs.write("/app/global", "1");
        fs.write("/app/create", "1");
        fs.write("/app/write", "12345678");
        assertThat(refusal(() -> fs.write("/app/write", "x"))).isEqualTo(Errno.EAGAIN);
        assertThat(fs.read("/app/dropped")).isEqualTo("1\n");
    }

    @Test
    void flushAndResetTakeAnything() throws ErrnoException {
        create();
        fs.write("/app/write", "record");
        fs.write("/app/flush", "please");
        assertThat(fs.readCounter("/app/cpu0.produced")).isEqualTo(1);
        fs.write("/app/reset", "\0");
        assertThat(fs.readCounter("/app/cpu0.produced")).isZero();
    }

    @Test
    void countersAreNativeIntegersAndFreshAtOffsetZero() throws ErrnoException {
        create();
        OpenControlFile produced = fs.open("/app/cpu0.produced", O_RDONLY);
        ByteBuffer eight = ByteBuffer.allocate(8);
        assertThat(produced.read(eight, 0)).isEqualTo(8);
        assertThat(eight.array()).isEqualTo(MountedTree.counter(0));
        assertThat(produced.read(ByteBuffer.allocate(8), 8)).isZero();
        fs.write("/app/write", "record");
        fs.write("/app/flush", "1");
        assertThat(produced.read(eight.clear(), 0)).isEqualTo(8);
        assertThat(eight.array()).isEqualTo(MountedTree.counter(1));
        produced.release();
    }

    @Test
    void consumedAddsWhatIsWritten() throws ErrnoException {
        create();
        for (int i = 0; i < 3; i++) {
            fs.write("/app/write", "record");
            fs.write("/app/flush", "1");
        }
        OpenControlFile consumed = fs.open("/app/cpu0.consumed", O_RDWR);
        consumed.write(ByteBuffer.wrap(MountedTree.counter(2)), MountedTree.ONE_PIECE, OWNER);
        assertThat(fs.readCounter("/app/cpu0.consumed")).isEqualTo(2);
        consumed.write(ByteBuffer.wrap(MountedTree.counter(5)), MountedTree.ONE_PIECE, OWNER);
        assertThat(fs.readCounter("/app/cpu0.consumed"))
                .as("more than N is ignored")
                .isEqualTo(2);
        consumed.write(ByteBuffer.wrap(MountedTree.counter(-1)), MountedTree.ONE_PIECE, OWNER);
        assertThat(fs.readCounter("/app/cpu0.consumed"))
                .as("as unsigned it is more than N")
                .isEqualTo(2);
        consumed.write(ByteBuffer.wrap(MountedTree.counter(4)), MountedTree.ONE_PIECE, OWNER);
        assertThat(fs.readCounter("/app/cpu0.consumed")).as("clamped to P").isEqualTo(3);
        assertThat(refusal(() -> consumed.write(ByteBuffer.allocate(7), MountedTree.ONE_PIECE, OWNER)))
                .isEqualTo(Errno.EINVAL);
        assertThat(refusal(() -> consumed.write(ByteBuffer.allocate(9), MountedTree.ONE_PIECE, OWNER)))
                .isEqualTo(Errno.EINVAL);
    }

    @Test
    void blockingAndSizeReportingSteerTheRelayFile() throws ErrnoException {
        create();
        RelayFile file = (RelayFile) fs.tree.resolve("/app/cpu0");
        assertThat(file.isBlocking()).isFalse();
        fs.write("/app/blocking", "1");
        assertThat(file.isBlocking()).isTrue();
        assertThat(file.attributes().size()).isZero();
        fs.write("/app/size_reporting", "buffer");
        assertThat(file.attributes().size()).isEqualTo(16384);
        fs.write("/app/size_reporting", "relay");
        fs.write("/app/write", "record");
        fs.write("/app/flush", "1");
        assertThat(file.attributes().size()).isEqualTo(6);
    }

    /// Field case 24: every setting is a key of `create`.
    @Test
    void createSetsWhatIsInEffectAtOnce() throws ErrnoException {
        String values = " blocking=1 blocking_writes=1 flush_interval_ms=250 size_reporting=buffer";
        fs.tree.makeDirectory("/made", 0755, MountedTree.OWNER);
        for (String name : List.of("new", "made")) {
            fs.write("/control", "create " + name + values);
            assertThat(fs.read("/" + name + "/blocking")).isEqualTo("1\n");
            assertThat(fs.read("/" + name + "/blocking_writes")).isEqualTo("1\n");
            assertThat(fs.read("/" + name + "/flush_interval_ms")).isEqualTo("250\n");
            assertThat(fs.read("/" + name + "/size_reporting")).isEqualTo("buffer\n");
        }
        assertThat(refusal(() -> fs.write("/control", "create new" + values.replace("1", "0"))))
                .isEqualTo(Errno.EEXIST);
        assertThat(fs.read("/new/blocking")).isEqualTo("1\n");
        fs.write("/control", "create plain");
        assertThat(fs.read("/plain/blocking")).isEqualTo("0\n");
    }

    @Test
    void relayAppsFindTheirDefaults() throws ErrnoException {
        assertThat(fs.read("/app/subbuf_size")).isEqualTo(ChannelConfig.DEFAULT_SUB_BUFFER_SIZE + "\n");
        assertThat(fs.read("/app/n_subbufs")).isEqualTo(ChannelConfig.DEFAULT_SUB_BUFFER_COUNT + "\n");
    }
}
