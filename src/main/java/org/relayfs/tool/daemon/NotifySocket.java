package org.relayfs.tool.daemon;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.relayfs.linux.Libc;

/// Tells the service manager how a service is, as sd_notify(3) does. Java has no datagram sockets of this kind.
public final class NotifySocket {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int PATH_OFFSET = 2;
    private static final int MAX_PATH_LENGTH = 107;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SOCKET =
            link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO =
            link("sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private NotifySocket() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    /// Sends a message.
    ///
    /// @param address of the environment variable `NOTIFY_SOCKET`: a path, or `@` and an abstract name
    /// @param message for example `READY=1`
    /// @throws IOException nobody takes it
    public static void send(String address, String message) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > MAX_PATH_LENGTH) {
            throw new IOException("NOTIFY_SOCKET: length=" + path.length + ", limit=1 to " + MAX_PATH_LENGTH);
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(PATH_OFFSET + MAX_PATH_LENGTH + 1L, Short.BYTES);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, to, JAVA_BYTE, PATH_OFFSET, path.length);
            MemorySegment text = arena.allocateFrom(message);
            int socket = (int) SOCKET.invokeExact((int) AF_UNIX, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
            if (socket < 0) {
                throw new IOException("NOTIFY_SOCKET: no socket");
            }
            long sent = (long) SENDTO.invokeExact(socket, text, text.byteSize() - 1, 0, to, PATH_OFFSET + path.length);
            Libc.close(socket);
            if (sent < 0) {
                throw new IOException("NOTIFY_SOCKET: " + address + ": nobody takes messages there");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new LinkageError("sendto", t);
        }
    }
}
