package org.relayfs.tree;

import java.util.concurrent.atomic.AtomicLong;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.NodeStatus;

/// The inode numbers, from 1 (the root) upwards; none is ever reused.
final class Inodes {
    private final AtomicLong last = new AtomicLong();

    /// @param mode permission bits
    /// @return the status of a new file, owned as its directory is
    NodeStatus newFile(Directory directory, int mode) {
        Attributes owner = directory.attributes();
        return new NodeStatus(next(), Attributes.REGULAR | mode, owner.uid(), owner.gid());
    }

    /// @return the status of a new file that takes the place of another: with its mode and owner
    NodeStatus newFileInPlaceOf(NodeStatus other) {
        Attributes former = other.attributes();
        NodeStatus status = new NodeStatus(next(), former.mode(), former.uid(), former.gid());
        if (other.isChanged()) {
            status.restore(former.permissions(), former.uid(), former.gid());
        }
        return status;
    }

    /// @param mode permission bits
    NodeStatus newDirectory(int mode, int uid, int gid) {
        return new NodeStatus(next(), Attributes.DIRECTORY | mode, uid, gid);
    }

    private long next() {
        return last.incrementAndGet();
    }
}
