package org.relayfs.tree;

import org.relayfs.linux.Errno;
import org.relayfs.ring.RingBuffer;

/// The relay file of one buffer in one life of its channel.
final class RelayFileNode implements RelayFile {
    private final DirectoryNode directory;
    private final String path;
    private final NodeStatus status;
    private final ChannelLife life;
    private final RingBuffer buffer;

    RelayFileNode(DirectoryNode directory, String path, NodeStatus status, ChannelLife life, RingBuffer buffer) {
        this.directory = directory;
        this.path = path;
        this.status = status;
        this.life = life;
        this.buffer = buffer;
    }

    @Override
    public Attributes attributes() {
        long size = life.behaviour().isWholeBufferSize() ? buffer.dataSize() : buffer.fileSize();
        return status.attributes(life.isEnded() ? 0 : 1, size);
    }

    @Override
    public RingBuffer buffer() {
        return buffer;
    }

    @Override
    public boolean isRemoved() {
        return life.isEnded();
    }

    @Override
    public boolean isBlocking() {
        return life.behaviour().isBlocking();
    }

    @Override
    public void checkOpen(int flags, Caller caller) throws ErrnoException {
        directory.requireSearch(caller);
        Permission.require(status.attributes(), Permission.ofOpen(flags), caller, path);
    }

    @Override
    public void setAttributes(AttributeChange change, Caller caller) throws ErrnoException {
        Permission.requireChange(status.attributes(), change, caller, path);
        if (change.size() != null) {
            if (change.size() < 0) {
                throw new ErrnoException(
                        Errno.EINVAL, "size of " + path + ": value=" + change.size() + ", limit=0 or more");
            }
            buffer.setFileSize(change.size());
        }
        status.change(change);
    }
}
