package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.SocketCalls;
import org.relayfs.linux.SystemCallException;

/// The socket through which a service tells the service manager its state, as with sd_notify(3). Java has no
/// datagram sockets of this kind.
public final class NotifySocket {
    private NotifySocket() {}

    /// Sends a message.
    ///
    /// @param address of the environment variable `NOTIFY_SOCKET`: a path, or `@` and an abstract name
    /// @param message for example `READY=1`
    /// @throws IOException nobody takes it
    public static void send(String address, String message) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > SocketCalls.MAX_NAME_LENGTH) {
            throw new IOException(
                    "NOTIFY_SOCKET: length=" + path.length + ", limit=1 to " + SocketCalls.MAX_NAME_LENGTH);
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        int socket = (int) SystemCallException.check(SocketCalls.datagramSocket(), "socket", "NOTIFY_SOCKET");
        long sent = SocketCalls.send(socket, message.getBytes(StandardCharsets.UTF_8), path);
        FileCalls.close(socket);
        if (sent < 0) {
            throw new IOException(
                    "NOTIFY_SOCKET: " + address + ": nobody receives messages there: " + Errno.text(sent));
        }
    }
}
