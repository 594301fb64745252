package org.relayfs.tree.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

class DecimalTextTest {
    private static final long LIMIT = 1L << 31;

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "0010, 10",
        "262144, 262144",
        "64K, 65536",
        "64k, 65536",
        "3M, 3145728",
        "2m, 2097152",
        "2G, 2147483648",
        "1g, 1073741824"
    })
    void sizesTakeDigitsAndASuffixOfEitherCase(String text, long bytes) throws ErrnoException {
        assertThat(DecimalText.parseSize("s", text, 1, LIMIT)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "+1",
                " 1",
                "1 ",
                "1x",
                "0x10",
                "K",
                "1KK",
                "1T",
                "1.5K",
                "3G",
                "99999999999999999999",
                "9999999999999999K",
                "1\n",
                "١"
            })
    void sizesRefuseEverythingElse(String text) {
        assertThatThrownBy(() -> DecimalText.parseSize("s", text, 1, LIMIT))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }

    @Test
    void countsTakeNoSuffix() {
        assertThatThrownBy(() -> DecimalText.parse("n", "8K", 1, LIMIT)).isInstanceOf(ErrnoException.class);
    }

    @Test
    void aReasonNamesValueLimitAndRemedy() {
        assertThatThrownBy(() -> DecimalText.parse("n_subbufs", "0", 1, 8))
                .hasMessage("n_subbufs: value=\"0\", limit=1 to 8; write a decimal number");
    }
}
