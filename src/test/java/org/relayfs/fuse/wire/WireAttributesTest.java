package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;

final class WireAttributesTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(256, 8);

    @Test
    void timesBeforeTheEpochAreFloored() {
        WireAttributes.put(memory, new Attributes(7, 0100400, 1, 2, 3, 0, -1, 5_000_000_001L, 0), 1025);
        assertThat(memory.get(JAVA_LONG, FuseProtocol.ATTR_INODE)).isEqualTo(7);
        assertThat(memory.get(JAVA_LONG, FuseProtocol.ATTR_FILE_SIZE)).isEqualTo(1025);
        assertThat(memory.get(JAVA_LONG, FuseProtocol.ATTR_BLOCKS)).isEqualTo(3);
        assertThat(memory.get(JAVA_LONG, FuseProtocol.ATTR_ATIME)).isEqualTo(-1);
        assertThat(memory.get(JAVA_INT, FuseProtocol.ATTR_ATIME_NS)).isEqualTo(999_999_999);
        assertThat(memory.get(JAVA_LONG, FuseProtocol.ATTR_MTIME)).isEqualTo(5);
        assertThat(memory.get(JAVA_INT, FuseProtocol.ATTR_MTIME_NS)).isEqualTo(1);
    }

    @Test
    void onlyWhatIsValidIsChanged() {
        set(FuseProtocol.SETATTR_VALID, FuseProtocol.VALID_MODE | FuseProtocol.VALID_SIZE);
        set(FuseProtocol.SETATTR_MODE, 0100640);
        memory.set(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.SETATTR_FILE_SIZE, 10L);
        assertThat(WireAttributes.change(new FuseRequest(memory)))
                .isEqualTo(new AttributeChange(0640, null, null, 10L, null, null, false, false));
    }

    @Test
    void nowIsNow() {
        set(FuseProtocol.SETATTR_VALID, FuseProtocol.VALID_MTIME | FuseProtocol.VALID_MTIME_NOW);
        long before = WireAttributes.nowNs();
        AttributeChange change = WireAttributes.change(new FuseRequest(memory));
        assertThat(change.mtimeNs()).isBetween(before, WireAttributes.nowNs());
        assertThat(change.atimeNs()).isNull();
        assertThat(change.touch()).as("one of both").isFalse();
        set(
                FuseProtocol.SETATTR_VALID,
                FuseProtocol.VALID_MTIME
                        | FuseProtocol.VALID_MTIME_NOW
                        | FuseProtocol.VALID_ATIME
                        | FuseProtocol.VALID_ATIME_NOW);
        assertThat(WireAttributes.change(new FuseRequest(memory)).touch()).isTrue();
    }

    @Test
    void timesAndOwnersAreThoseOfTheRequest() {
        set(
                FuseProtocol.SETATTR_VALID,
                FuseProtocol.VALID_ATIME
                        | FuseProtocol.VALID_MTIME
                        | FuseProtocol.VALID_UID
                        | FuseProtocol.VALID_GID
                        | FuseProtocol.VALID_HANDLE);
        memory.set(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.SETATTR_ATIME, 1L);
        memory.set(JAVA_LONG, FuseProtocol.IN_HEADER_SIZE + FuseProtocol.SETATTR_MTIME, -2L);
        set(FuseProtocol.SETATTR_ATIME_NS, 3);
        set(FuseProtocol.SETATTR_MTIME_NS, 4);
        set(FuseProtocol.SETATTR_UID, 5);
        set(FuseProtocol.SETATTR_GID, 6);
        assertThat(WireAttributes.change(new FuseRequest(memory)))
                .isEqualTo(new AttributeChange(null, 5, 6, null, 1_000_000_003L, -1_999_999_996L, false, true));
    }

    private void set(int offset, int value) {
        memory.set(JAVA_INT, FuseProtocol.IN_HEADER_SIZE + offset, value);
    }
}
