package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.tree.MountedTree.OWNER;
import static org.relayfs.tree.MountedTree.ROOT;
import static org.relayfs.tree.MountedTree.STRANGER;
import static org.relayfs.tree.MountedTree.refusal;

import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;

class PermissionTest {
    private static final Caller COLLEAGUE = new Caller(2000, 1000, 0);

    private static Attributes file(int mode) {
        return new Attributes(1, Attributes.REGULAR | mode, 1, 1000, 1000, 0, 0, 0, 0);
    }

    private static boolean may(int mode, int wanted, Caller caller) {
        return Permission.allows(file(mode), wanted, caller);
    }

    private static Errno change(AttributeChange change, Caller caller) {
        return refusal(() -> Permission.requireChange(file(0644), change, caller, "/x"));
    }

    @Test
    void ownerGroupAndOthersHaveTheirOwnBits() {
        assertThat(may(0640, Permission.READ | Permission.WRITE, OWNER)).isTrue();
        assertThat(may(0640, Permission.READ, COLLEAGUE)).isTrue();
        assertThat(may(0640, Permission.WRITE, COLLEAGUE)).isFalse();
        assertThat(may(0640, Permission.READ, STRANGER)).isFalse();
        assertThat(may(0604, Permission.READ, COLLEAGUE)).isFalse();
        assertThat(may(0060, Permission.READ, OWNER)).isFalse();
    }

    @Test
    void rootMayDoEverything() {
        assertThat(may(0, Permission.READ | Permission.WRITE | Permission.SEARCH, ROOT))
                .isTrue();
    }

    @Test
    void openFlagsSayWhatIsWanted() {
        assertThat(Permission.ofOpen(0)).isEqualTo(Permission.READ);
        assertThat(Permission.ofOpen(1)).isEqualTo(Permission.WRITE);
        assertThat(Permission.ofOpen(2)).isEqualTo(Permission.READ | Permission.WRITE);
        assertThat(Permission.ofOpen(MountedTree.O_TRUNC)).isEqualTo(Permission.READ | Permission.WRITE);
    }

    @Test
    void onlyTheOwnerChangesModeAndGroup() {
        assertThat(change(AttributeChange.ofMode(0600), OWNER)).isNull();
        assertThat(change(AttributeChange.ofMode(0600), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(1000, 1000), OWNER)).isNull();
        assertThat(change(AttributeChange.ofOwner(null, 5), OWNER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(null, 2000), STRANGER)).isEqualTo(Errno.EPERM);
    }

    @Test
    void onlyRootGivesAFileAway() {
        assertThat(change(AttributeChange.ofOwner(2000, null), OWNER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(2000, 5), ROOT)).isNull();
    }

    @Test
    void timesAndSizeAreForThoseWhoMayWrite() {
        assertThat(change(AttributeChange.ofTimes(1L, 1L), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofSize(0), STRANGER)).isEqualTo(Errno.EACCES);
        assertThat(change(AttributeChange.ofSize(0), OWNER)).isNull();
    }
}
