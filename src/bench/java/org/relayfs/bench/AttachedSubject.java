package org.relayfs.bench;

import java.io.IOException;
import org.relayfs.AttachedChannel;

/// A channel of this project, written to through its shared memory, as another process does.
public final class AttachedSubject implements Subject {
    private final RelayfsSubject owner = new RelayfsSubject();
    private AttachedChannel channel;

    @Override
    public boolean open(Mode mode, int length, int threads) throws IOException {
        boolean opened = owner.open(mode, length, threads);
        channel = AttachedChannel.attach(owner.folder());
        return opened;
    }

    @Override
    public Writer newWriter() {
        AttachedChannel written = channel;
        return (source, offset, length) -> written.write(source, offset, length) >= 0;
    }

    @Override
    public boolean read() {
        return owner.read();
    }

    @Override
    public void discard() {
        owner.discard();
    }

    @Override
    public long lost() {
        return owner.lost();
    }

    @Override
    public void close() {
        channel.close();
        owner.close();
    }
}
