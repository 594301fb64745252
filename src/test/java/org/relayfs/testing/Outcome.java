package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/// How a client process has ended.
///
/// @param command what was run
/// @param exit    its exit code; 124 when it took too long
/// @param bytes   its standard output
/// @param errors  its standard error
public record Outcome(String command, int exit, byte[] bytes, String errors) {
    public String out() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// @return itself, when the command has succeeded and had nothing to complain of
    public Outcome succeeded() {
        assertThat(errors).as(command).isEmpty();
        assertThat(exit).as(command).isZero();
        return this;
    }

    /// @param words that its complaint holds
    public void failedSaying(String words) {
        assertThat(errors).as(command).contains(words);
        assertThat(exit).as(command).isNotZero().isNotEqualTo(Sandbox.TOO_LONG);
    }
}
