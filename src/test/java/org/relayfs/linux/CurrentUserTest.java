package org.relayfs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CurrentUserTest {
    @Test
    void theIdsAreThoseThatIdPrints() throws IOException {
        assertThat(Integer.toUnsignedString(CurrentUser.uid())).isEqualTo(id("-u"));
        assertThat(Integer.toUnsignedString(CurrentUser.gid())).isEqualTo(id("-g"));
        assertThat(CurrentUser.isRoot()).isEqualTo(id("-u").equals("0"));
    }

    private static String id(String option) throws IOException {
        Process id = new ProcessBuilder("id", option).start();
        return new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
}
