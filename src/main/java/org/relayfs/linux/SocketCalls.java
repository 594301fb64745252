package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls on datagram sockets of this machine, which Java has not. Results below 0 are negative error numbers,
/// see [Errno].
public final class SocketCalls {
    /// The longest name of a socket, in bytes.
    public static final int MAX_NAME_LENGTH = 107;

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int NAME_OFFSET = 2;

    private static final MethodHandle SOCKET =
            NativeBinder.systemCall("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO = NativeBinder.systemCall(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private SocketCalls() {}

    /// Makes a socket without a name, for sending.
    ///
    /// @return its descriptor, or a negative error number
    public static int datagramSocket() {
        MemorySegment state = NativeBinder.state();
        try {
            int returned = (int) SOCKET.invokeExact(state, (int) AF_UNIX, SOCK_DGRAM | OpenFlags.O_CLOEXEC, 0);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("socket", t);
        }
    }

    /// Sends a message.
    ///
    /// @param socket  of [#datagramSocket()]
    /// @param message what to send
    /// @param name    of the socket to send it to, at most [#MAX_NAME_LENGTH] bytes; an abstract one begins with 0
    /// @return the length of the message, or a negative error number
    public static long send(int socket, byte[] message, byte[] name) {
        MemorySegment state = NativeBinder.state();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(NAME_OFFSET + MAX_NAME_LENGTH + 1L, Short.BYTES);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, NAME_OFFSET, name.length);
            MemorySegment text = arena.allocateFrom(JAVA_BYTE, message);
            long returned = (long)
                    SENDTO.invokeExact(state, socket, text, (long) message.length, 0, to, NAME_OFFSET + name.length);
            return NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("sendto", t);
        }
    }
}
