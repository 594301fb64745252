package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessTest {
    private static final int OWNER = 1000;
    private static final int GROUP = 2000;

    /// The mode is written in octal; the mask is R_OK 4, W_OK 2, X_OK 1.
    @ParameterizedTest
    @CsvSource({
        "100400, 1000, 0, 4, true",
        "100400, 1000, 0, 2, false",
        "100400, 3000, 2000, 4, false",
        "100440, 3000, 2000, 4, true",
        "100440, 3000, 3000, 4, false",
        "100404, 3000, 3000, 4, true",
        "100044, 1000, 2000, 4, false",
        "100400, 0, 0, 6, true",
        "100400, 0, 0, 1, false",
        "100500, 0, 0, 1, true",
        "040000, 0, 0, 7, true",
        "040755, 3000, 3000, 5, true",
        "100000, 3000, 3000, 0, true",
    })
    void modesAreCheckedAsTheKernelDoes(String mode, int uid, int gid, int mask, boolean allowed) {
        Attributes attributes = new Attributes(1, Integer.parseInt(mode, 8), 1, OWNER, GROUP, 0, 0, 0, 0);
        assertThat(isAllowed(attributes, new Caller(uid, gid, 0), mask)).isEqualTo(allowed);
    }

    private static boolean isAllowed(Attributes attributes, Caller caller, int mask) {
        try {
            Access.check(attributes, caller, mask);
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
