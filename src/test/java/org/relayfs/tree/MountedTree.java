package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.relayfs.Relay;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.handler.HandlerLimits;

/// A tree over a relay of its own, used as programs use files: open, one read or write after another, close.
final class MountedTree implements AutoCloseable {
    static final Caller OWNER = new Caller(1000, 1000, 0);
    static final Caller ROOT = new Caller(0, 0, 0);
    static final Caller STRANGER = new Caller(2000, 2000, 0);

    static final int MAX_CHANNELS = 4096;

    /// Longer than anything.
    static final int ONE_PIECE = Integer.MAX_VALUE;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_TRUNC = 01000;

    final Relay relay;
    final RelayTree tree;

    MountedTree() throws IOException {
        this(Relay.create(), MAX_CHANNELS);
    }

    MountedTree(Relay relay, int maxChannels) {
        this.relay = relay;
        this.tree = new RelayTree(
                relay, new TreeOptions(1000, 1000, 0755, () -> "mmap off", maxChannels, HandlerLimits.DEFAULT));
    }

    @Override
    public void close() {
        tree.close();
        relay.close();
    }

    OpenControlFile open(String path, int flags) throws ErrnoException {
        return open(path, flags, OWNER);
    }

    OpenControlFile open(String path, int flags, Caller caller) throws ErrnoException {
        return ((ControlFile) tree.resolve(path)).open(flags, caller);
    }

    /// `echo TEXT > path`, but without the newline.
    void write(String path, String text) throws ErrnoException {
        write(path, text.getBytes(StandardCharsets.ISO_8859_1), OWNER);
    }

    void write(String path, byte[] bytes, Caller caller) throws ErrnoException {
        OpenControlFile file = open(path, O_WRONLY | O_TRUNC, caller);
        try {
            assertThat(file.write(ByteBuffer.wrap(bytes), ONE_PIECE, caller)).isEqualTo(bytes.length);
        } finally {
            file.release();
        }
    }

    /// `cat path`.
    String read(String path) throws ErrnoException {
        return new String(readBytes(path), StandardCharsets.ISO_8859_1);
    }

    byte[] readBytes(String path) throws ErrnoException {
        OpenControlFile file = open(path, O_RDONLY);
        ByteBuffer target = ByteBuffer.allocate(1 << 20);
        while (file.read(target, target.position()) > 0) {}
        file.release();
        byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        return bytes;
    }

    long readCounter(String path) throws ErrnoException {
        byte[] bytes = readBytes(path);
        assertThat(bytes).hasSize(Long.BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
    }

    static byte[] counter(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(value)
                .array();
    }

    /// `mkdir path`.
    void makeDirectory(String path) throws ErrnoException {
        tree.makeDirectory(path, 0755, OWNER);
    }

    /// `chmod`, `chown`, `utimens`, `truncate`.
    void change(String path, AttributeChange change, Caller caller) throws ErrnoException {
        tree.resolve(path).setAttributes(change, caller);
    }

    java.util.List<String> list(String path) throws ErrnoException {
        return ((Directory) tree.resolve(path)).names();
    }

    boolean exists(String path) {
        try {
            tree.resolve(path);
            return true;
        } catch (ErrnoException missing) {
            return false;
        }
    }
}
