package org.relayfs.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A record of blktrace's trace format, version 7, in native byte order.
///
/// @param sequence number in its CPU's stream, from 1
/// @param time     nanoseconds
/// @param sector   first sector of the request
/// @param action   what happened
/// @param pid      of the process
/// @param device   major and minor number
/// @param cpu      whose stream it is in
/// @param pdu      what follows the header
record BlktraceRecord(int sequence, long time, long sector, int action, int pid, int device, int cpu, byte[] pdu) {
    static final int HEADER_LENGTH = 48;

    /// `BLK_TA_QUEUE`, of a write.
    static final int QUEUED_WRITE = 1 | 1 << 20 | 1 << 17;

    /// `BLK_TN_MESSAGE`: the pdu is a text.
    static final int MESSAGE = 2 | 1 << 26;

    private static final int MAGIC = 0x65617400;
    private static final int VERSION = 7;
    private static final int REQUEST_BYTES = 4096;

    int length() {
        return HEADER_LENGTH + pdu.length;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(length())
                .order(ByteOrder.nativeOrder())
                .putInt(MAGIC + VERSION)
                .putInt(sequence)
                .putLong(time)
                .putLong(sector)
                .putInt(pdu.length == 0 ? REQUEST_BYTES : 0)
                .putInt(action)
                .putInt(pid)
                .putInt(device)
                .putInt(cpu)
                .putShort((short) 0)
                .putShort((short) pdu.length)
                .put(pdu)
                .array();
    }

    /// {@return the bytes as `printf` of a shell takes them}
    String octal() {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes()) {
            text.append("\\%03o".formatted(b & 0xFF));
        }
        return text.toString();
    }
}
