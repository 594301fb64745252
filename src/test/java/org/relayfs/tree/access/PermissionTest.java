package org.relayfs.tree.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.relayfs.testing.Refusal.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.Client;

class PermissionTest {
    private static final Caller ROOT = new Caller(0, 0, 0);
    private static final Caller OWNER = new Caller(1000, 1000, 0);
    private static final Caller COLLEAGUE = new Caller(2000, 1000, 0);
    private static final Caller STRANGER = new Caller(2000, 2000, 0);
    private static final int O_TRUNC = 01000;

    private static Attributes node(int mode) {
        return new Attributes(1, mode, 1, 1000, 1000, 0, 0, 0, 0);
    }

    private static Attributes file(int mode) {
        return node(Attributes.REGULAR | mode);
    }

    private static Errno change(int mode, AttributeChange change, Caller caller) {
        return refusal(() -> Permission.checked(file(mode), change, caller, "/x"));
    }

    private static Errno change(AttributeChange change, Caller caller) {
        return change(0644, change, caller);
    }

    /// Mode in octal; the mask is R_OK 4, W_OK 2, X_OK 1. The node is user 1000's and group 1000's.
    @ParameterizedTest
    @CsvSource({
        "100640, 1000, 1000, 6, true",
        "100400, 1000, 0, 2, false",
        "100060, 1000, 1000, 4, false",
        "100640, 2000, 1000, 4, true",
        "100640, 2000, 1000, 2, false",
        "100604, 2000, 1000, 4, false",
        "100640, 2000, 2000, 4, false",
        "100404, 2000, 2000, 4, true",
        "100400, 2000, 1000, 0, true",
        "100000, 0, 0, 6, true",
        "100666, 0, 0, 1, false",
        "100010, 0, 0, 1, true",
        "040000, 0, 0, 7, true",
        "040755, 2000, 2000, 5, true",
        "040750, 2000, 2000, 1, false"
    })
    void modesAreCheckedAsTheKernelDoes(String mode, int uid, int gid, int mask, boolean allowed) {
        assertThat(Permission.allows(node(Integer.parseInt(mode, 8)), mask, new Caller(uid, gid, 0)))
                .isEqualTo(allowed);
    }

    @Test
    void whatTheKernelHasCheckedIsNotCheckedAgain() {
        Caller checked = new Caller(2000, 2000, 0, true);
        assertThat(Permission.allows(file(0), Permission.READ, checked)).isTrue();
        assertThat(change(AttributeChange.ofMode(0), checked)).isNull();
    }

    @Test
    void openFlagsSayWhatIsWanted() {
        assertThat(Permission.ofOpen(0)).isEqualTo(Permission.READ);
        assertThat(Permission.ofOpen(1)).isEqualTo(Permission.WRITE);
        assertThat(Permission.ofOpen(2)).isEqualTo(Permission.READ | Permission.WRITE);
        assertThat(Permission.ofOpen(O_TRUNC)).isEqualTo(Permission.READ | Permission.WRITE);
    }

    @Test
    void onlyTheOwnerChangesModeAndGroup() {
        assertThat(change(AttributeChange.ofMode(0600), OWNER)).isNull();
        assertThat(change(AttributeChange.ofMode(0600), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofMode(0600), COLLEAGUE)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(1000, 1000), OWNER)).isNull();
        assertThat(change(AttributeChange.ofOwner(null, 5), OWNER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(null, 2000), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(null, null), STRANGER)).isNull();
    }

    @Test
    void onlyRootGivesAFileAway() {
        assertThat(change(AttributeChange.ofOwner(2000, null), OWNER)).isEqualTo(Errno.EPERM);
        assertThat(change(AttributeChange.ofOwner(2000, 5), ROOT)).isNull();
    }

    @Test
    void timesThatAreNamedAreForTheOwnerAndNowForThoseWhoMayWrite() {
        AttributeChange named = AttributeChange.ofTimes(1L, 1L, false);
        AttributeChange now = AttributeChange.ofTimes(1L, 1L, true);
        assertThat(change(0666, named, STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(0666, AttributeChange.ofTimes(null, 1L, false), STRANGER))
                .isEqualTo(Errno.EPERM);
        assertThat(change(0666, now, STRANGER)).isNull();
        assertThat(change(0644, now, STRANGER)).isEqualTo(Errno.EACCES);
        assertThat(change(0444, now, OWNER)).isNull();
        assertThat(change(0444, named, OWNER)).isNull();
    }

    @Test
    void aFileIsCutByThoseWhoMayWriteOrHaveItOpen() {
        assertThat(change(AttributeChange.ofSize(0), STRANGER)).isEqualTo(Errno.EACCES);
        assertThat(change(AttributeChange.ofSize(0), OWNER)).isNull();
        assertThat(change(0444, AttributeChange.ofSize(0), OWNER)).isEqualTo(Errno.EACCES);
        assertThat(change(0, AttributeChange.ofOpenedSize(0), STRANGER)).isNull();
    }

    /// The kernel sends a mode without these bits along with the new size.
    @Test
    void cuttingMayDropSetIdBitsAndNothingElse() {
        assertThat(change(04666, cutTo(0666), STRANGER)).isNull();
        assertThat(change(04666, cutTo(0777), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(0666, cutTo(04666), STRANGER)).isEqualTo(Errno.EPERM);
        assertThat(change(04666, AttributeChange.ofMode(0666), STRANGER)).isEqualTo(Errno.EPERM);
    }

    private static AttributeChange cutTo(int mode) {
        return new AttributeChange(mode, null, null, 0L, null, null, false, false);
    }

    @ParameterizedTest
    @CsvSource({
        "0755, 2000, EACCES",
        "0777, 2000, ",
        "01777, 2000, EPERM",
        "01777, 3000, ",
        "01777, 1000, ",
        "01777, 0, "
    })
    void withTheStickyBitOnlyOwnersRemove(String mode, int uid, Errno expected) {
        Attributes directory = node(Attributes.DIRECTORY | Integer.parseInt(mode, 8));
        Attributes entry = new Attributes(1, Attributes.DIRECTORY, 1, 3000, 3000, 0, 0, 0, 0);
        assertThat(refusal(() -> Permission.requireRemoval(directory, entry, new Caller(uid, 7, 0), "/x/y")))
                .isEqualTo(expected);
    }

    @Test
    void theSetGroupIdBitIsForMembersOnly() throws ErrnoException {
        Caller outside = new Caller(1000, 7, 0);
        AttributeChange wanted = AttributeChange.ofMode(02750);
        assertThat(Permission.checked(file(0), wanted, outside, "/x").mode()).isEqualTo(0750);
        assertThat(Permission.checked(file(0), wanted, OWNER, "/x").mode()).isEqualTo(02750);
        assertThat(Permission.checked(file(0), wanted, ROOT, "/x").mode()).isEqualTo(02750);
    }

    @Test
    void supplementaryGroupsCountHoweverManyThereAre() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "gives groups to a process");
        try (Client member = Client.start("python3", "-c", """
                import os, sys
                os.setgroups([1000] + list(range(4_000_000_000, 4_000_060_000)) + [77])
                os.setgid(7)
                os.setuid(2000)
                print('ready', flush=True)
                sys.stdin.read()
                """)) {
            member.awaitReady();
            Caller caller = new Caller(2000, 7, (int) member.pid());
            assertThat(Permission.allows(file(0640), Permission.READ, caller)).isTrue();
            assertThat(Permission.allows(file(0640), Permission.WRITE, caller)).isFalse();
            assertThat(Permission.allows(file(0604), Permission.READ, caller)).isFalse();
            Caller owner = new Caller(1000, 7, caller.pid());
            assertThat(change(AttributeChange.ofOwner(null, 77), owner)).isNull();
            assertThat(change(AttributeChange.ofOwner(null, (int) 4_000_059_999L), owner))
                    .isNull();
            assertThat(change(AttributeChange.ofOwner(null, 78), owner)).isEqualTo(Errno.EPERM);
            assertThat(change(AttributeChange.ofOwner(null, 77), caller)).isEqualTo(Errno.EPERM);
        }
    }
}
