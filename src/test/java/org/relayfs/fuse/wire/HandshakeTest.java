package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.relayfs.fuse.MmapMode;

/// The handshake with kernels of different age.
final class HandshakeTest {
    private static final int OFFERED_2 = FuseProtocol.INIT2_DIRECT_IO_ALLOW_MMAP | FuseProtocol.INIT2_PASSTHROUGH;

    private final MemorySegment request = Arena.ofAuto().allocate(256, 8);
    private final MemorySegment reply = Arena.ofAuto().allocate(FuseProtocol.INIT_OUT_SIZE, 8);

    private Handshake agree(MmapMode mode, int minor, int flags, int flags2) {
        request.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.INIT_MINOR, minor);
        request.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.INIT_FLAGS, flags);
        request.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.INIT_FLAGS2, flags2);
        Handshake handshake = new Handshake(mode);
        handshake.extend(new FuseRequest(request), reply);
        return handshake;
    }

    private int flags2() {
        return reply.get(JAVA_INT, FuseProtocol.INIT_OUT_FLAGS2);
    }

    @Test
    void aKernelOfTodayTakesBackingFilesAndLargeRequests() {
        Handshake handshake =
                agree(MmapMode.AUTO, 45, FuseProtocol.INIT_EXT | FuseProtocol.INIT_MAX_PAGES, OFFERED_2 | 1);
        handshake.finish(() -> true);
        assertThat(handshake.mmapMode()).isEqualTo(MmapMode.PASSTHROUGH);
        assertThat(flags2()).isEqualTo(OFFERED_2);
        assertThat(reply.get(JAVA_INT, FuseProtocol.INIT_MINOR)).isEqualTo(40);
        assertThat(reply.get(JAVA_INT, FuseProtocol.INIT_OUT_STACK_DEPTH)).isEqualTo(1);
        assertThat(reply.get(JAVA_INT, FuseProtocol.INIT_OUT_TIME_GRANULARITY)).isEqualTo(1);
        assertThat((int) reply.get(JAVA_SHORT, FuseProtocol.INIT_OUT_MAX_PAGES)).isBetween(2, 256);
        assertThat(handshake.maxRecord()).isLessThan(Handshake.MAX_TRANSFER);
    }

    @Test
    void nothingIsTakenThatWasNotOffered() {
        Handshake handshake = agree(MmapMode.AUTO, 31, 0, -1);
        handshake.finish(() -> true);
        assertThat(handshake.mmapMode()).isEqualTo(MmapMode.CACHED);
        assertThat(flags2()).isZero();
        assertThat(reply.get(JAVA_INT, FuseProtocol.INIT_FLAGS)).isZero();
        assertThat(reply.get(JAVA_INT, FuseProtocol.INIT_MINOR)).isEqualTo(31);
        assertThat((int) reply.get(JAVA_SHORT, FuseProtocol.INIT_OUT_MAX_PAGES)).isEqualTo(32);
    }

    @Test
    void whoMayNotRegisterFilesGetsCachedPages() {
        Handshake handshake = agree(MmapMode.PASSTHROUGH, 45, FuseProtocol.INIT_EXT, OFFERED_2);
        handshake.finish(() -> false);
        assertThat(handshake.mmapMode()).isEqualTo(MmapMode.CACHED);
    }

    @Test
    void theModeDecidesWhatIsTaken() {
        agree(MmapMode.CACHED, 45, FuseProtocol.INIT_EXT, OFFERED_2);
        assertThat(flags2()).isEqualTo(FuseProtocol.INIT2_DIRECT_IO_ALLOW_MMAP);
        Handshake off = agree(MmapMode.OFF, 45, FuseProtocol.INIT_EXT, OFFERED_2);
        assertThat(flags2()).isZero();
        off.finish(() -> true);
        assertThat(off.mmapMode()).isEqualTo(MmapMode.OFF);
    }
}
