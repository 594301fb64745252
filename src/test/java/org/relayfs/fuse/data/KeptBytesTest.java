package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Refusal.refusal;

import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;

final class KeptBytesTest {
    private static final int MOST = 8000;
    private static final int RECORD = 1000;

    private final KeptBytes kept = new KeptBytes(MOST);

    @Test
    void aUserHasHalfOfThem() throws Exception {
        kept.take(1, RECORD);
        kept.take(1, RECORD);
        assertThat(refusal(() -> kept.take(1, RECORD))).isEqualTo(Errno.ENOMEM);
        kept.take(2, RECORD);
        kept.giveBack(1, RECORD);
        kept.take(1, RECORD);
    }

    @Test
    void allTogetherHaveNoMore() throws Exception {
        for (int user = 0; user < MOST / (RECORD + 512); user++) {
            kept.take(user, RECORD);
        }
        assertThat(refusal(() -> kept.take(100, RECORD))).isEqualTo(Errno.ENOMEM);
        kept.giveBack(0, RECORD);
        kept.take(100, RECORD);
    }
}
