package org.relayfs.tree.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

final class OpenFileLimitTest {
    private static final int OWNER = 1000;
    private static final int OTHER = 1001;

    private final OpenFileLimit limit = new OpenFileLimit(OWNER);

    private void take(int user, int times) throws ErrnoException {
        for (int i = 0; i < times; i++) {
            limit.take(user);
        }
    }

    @Test
    void oneUserCannotTakeWhatIsForTheOthers() throws Exception {
        take(OTHER, OpenFileLimit.OTHERS);
        for (int i = 0; i < 3; i++) {
            ErrnoException refused = catchThrowableOfType(ErrnoException.class, () -> limit.take(OTHER));
            assertThat(refused.errno()).isEqualTo(Errno.ENFILE);
            assertThat(refused).hasMessage("open files of user 1001: limit=1024; close some");
        }
        take(OTHER + 1, OpenFileLimit.OTHERS);
        take(OWNER, OpenFileLimit.OTHERS + 1);
        take(0, OpenFileLimit.OTHERS + 1);
    }

    /// Field case 3: what is open fits into the heap, whoever opens it.
    @Test
    void allTogetherAreBounded() throws Exception {
        OpenFileLimit small = new OpenFileLimit(OWNER, 10);
        for (int i = 0; i < 5; i++) {
            small.take(OTHER + i);
        }
        ErrnoException refused = catchThrowableOfType(ErrnoException.class, () -> small.take(OTHER + 5));
        assertThat(refused.errno()).isEqualTo(Errno.ENFILE);
        assertThat(refused).hasMessageStartingWith("open files: limit=5; close some");
        for (int i = 0; i < 5; i++) {
            small.take(i % 2 == 0 ? OWNER : 0);
        }
        for (int user : new int[] {OWNER, 0, OTHER}) {
            assertThat(catchThrowableOfType(ErrnoException.class, () -> small.take(user))
                            .errno())
                    .isEqualTo(Errno.ENFILE);
        }
        small.giveBack(OTHER);
        small.take(0);
    }

    @Test
    void whatIsClosedCanBeOpenedAgain() throws Exception {
        for (int round = 0; round < 3; round++) {
            take(OTHER, OpenFileLimit.OTHERS);
            for (int i = 0; i < OpenFileLimit.OTHERS; i++) {
                limit.giveBack(OTHER);
            }
        }
    }
}
