package org.relayfs.fuse.wire;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.relayfs.fuse.MmapMode;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// A file in the place of `/dev/fuse`: what is said to the kernel can be read, and requests are made that a kernel
/// makes at rare moments only.
public final class RecordedDevice implements AutoCloseable {
    /// Takes nothing.
    private static final Path REFUSING = Path.of("/dev/full");

    private final Path file;
    private final int descriptor;
    private int seen;

    private RecordedDevice(Path file, int flags) throws IOException {
        this.file = file;
        descriptor = (int) SystemCallException.check(FileCalls.open(file, flags, 0600), "open", file);
    }

    /// @param folder where the file is made
    public static RecordedDevice in(Path folder) throws IOException {
        return new RecordedDevice(Files.createTempFile(folder, "device", ""), OpenFlags.O_RDWR);
    }

    /// {@return a device that takes no message: ENOSPC}
    public static RecordedDevice refusing() throws IOException {
        return new RecordedDevice(REFUSING, OpenFlags.O_WRONLY);
    }

    public int descriptor() {
        return descriptor;
    }

    /// A reply or a notification.
    ///
    /// @param error  0, a negative errno, or the kind of a notification
    /// @param unique number of the request, or 0
    /// @param body   what follows the header
    public record Message(int error, long unique, byte[] body) {
        public int intAt(int offset) {
            return buffer().getInt(offset);
        }

        public long longAt(int offset) {
            return buffer().getLong(offset);
        }

        private ByteBuffer buffer() {
            return ByteBuffer.wrap(body).order(ByteOrder.nativeOrder());
        }
    }

    /// {@return what was sent since this was asked last}
    public List<Message> sent() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.nativeOrder())
                .position(seen);
        List<Message> messages = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] body = new byte[bytes.getInt() - FuseProtocol.OUT_HEADER_SIZE];
            int error = bytes.getInt();
            long unique = bytes.getLong();
            bytes.get(body);
            messages.add(new Message(error, unique, body));
        }
        seen = bytes.position();
        return messages;
    }

    /// {@return the only message since this was asked last}
    public Message only() throws IOException {
        List<Message> messages = sent();
        if (messages.size() != 1) {
            throw new AssertionError(messages.size() + " messages: " + messages);
        }
        return messages.getFirst();
    }

    /// {@return a request of root}
    ///
    /// @param opcode what
    /// @param unique its number
    /// @param nodeId of which node
    /// @param body   fills what follows the header
    public static FuseRequest request(int opcode, long unique, long nodeId, Consumer<MemorySegment> body) {
        MemorySegment buffer = Arena.ofAuto().allocate(4096, 8);
        buffer.set(JAVA_INT, FuseProtocol.IN_OPCODE, opcode);
        buffer.set(JAVA_LONG, FuseProtocol.IN_UNIQUE, unique);
        buffer.set(JAVA_LONG, FuseProtocol.IN_NODE_ID, nodeId);
        body.accept(buffer.asSlice(FuseProtocol.IN_HEADER_SIZE));
        return new FuseRequest(buffer);
    }

    /// {@return the same request of another user}
    public static FuseRequest by(int uid, FuseRequest request) {
        request.buffer().set(JAVA_INT, FuseProtocol.IN_UID, uid);
        return request;
    }

    /// {@return what a kernel of today agrees to}
    ///
    /// @param wanted      mode
    /// @param mayRegister whether files may be registered for mappings
    public static Handshake agreed(MmapMode wanted, boolean mayRegister) {
        FuseRequest init = request(FuseProtocol.INIT, 1, 0, body -> {
            body.set(JAVA_INT, FuseProtocol.INIT_FLAGS, FuseProtocol.INIT_EXT | FuseProtocol.INIT_MAX_PAGES);
            body.set(
                    JAVA_INT,
                    FuseProtocol.INIT_FLAGS2,
                    FuseProtocol.INIT2_DIRECT_IO_ALLOW_MMAP | FuseProtocol.INIT2_PASSTHROUGH);
        });
        Handshake handshake = new Handshake(wanted);
        handshake.extend(init, Arena.ofAuto().allocate(FuseProtocol.INIT_OUT_SIZE, 8));
        handshake.finish(() -> mayRegister);
        return handshake;
    }

    @Override
    public void close() {
        FileCalls.close(descriptor);
    }
}
