package org.relayfs.event.ctf;

/// Something that is missing in a stream.
///
/// @param cause why
/// @param count how many of what the cause is about
public record Loss(Cause cause, long count) {
    /// Why something is missing.
    public enum Cause {
        /// Sub-buffers that were overwritten before they were read, or skipped.
        OVERWRITTEN("sub-buffers were overwritten or skipped"),
        /// Records that a full buffer refused.
        FULL("records were refused: the buffer was full"),
        /// Records that no sub-buffer can hold.
        TOO_BIG("records were refused: too big for a sub-buffer"),
        /// Records that were refused because a writer was in the way.
        STRAGGLER("records were refused: a writer was in the way"),
        /// Records whose writers did not come back.
        ABANDONED("records were given up: their writers did not finish them"),
        /// Records of which a packet says only that they are missing.
        DISCARDED("records are missing");

        private final String text;

        Cause(String text) {
            this.text = text;
        }

        /// {@return what has happened to them, for a number before it}
        public String text() {
            return text;
        }
    }
}
