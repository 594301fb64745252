package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// systemtap's stream: a header of magic, sequence number and length, 12 bytes, before each body.
final class SystemtapFrames {
    private static final int HEADER_LENGTH = 12;
    private static final int MAGIC = 0xF09FA9BA;

    private SystemtapFrames() {}

    /// @param stream of one buffer
    /// @return the bodies, one behind the other
    static byte[] bodies(byte[] stream) {
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        for (int at = 0; at < stream.length; ) {
            assertThat(ByteBuffer.wrap(stream).getInt(at)).isEqualTo(MAGIC);
            int length = ByteBuffer.wrap(stream).order(ByteOrder.nativeOrder()).getInt(at + 8);
            bodies.write(stream, at + HEADER_LENGTH, length);
            at += HEADER_LENGTH + length;
        }
        return bodies.toByteArray();
    }
}
