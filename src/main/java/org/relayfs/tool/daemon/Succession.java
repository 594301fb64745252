package org.relayfs.tool.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.relayfs.Adoption;
import org.relayfs.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `relayfs mount --adopt`: the mount answers already, and takes over what dead processes have left. If that
/// were tried before and the mount failed, it would be lost.
final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final Relay relay;
    private final Path mountPoint;

    Succession(Relay relay, Path mountPoint) {
        this.relay = relay;
        this.mountPoint = mountPoint;
    }

    /// Takes over.
    ///
    /// @param folder that the user has named; empty: all that were mounted on this folder
    /// @return true when the relay has channels now that are not its own
    /// @throws IOException the named one cannot be taken over
    boolean takeOver(String folder) throws IOException {
        if (!folder.isEmpty()) {
            return tell(relay.adopt(Path.of(folder)));
        }
        List<Path> left = Relay.leftBehind(mountPoint);
        if (left.isEmpty()) {
            DaemonStart.tellUser("there is nothing to take over: no process that was killed has left shared memory of "
                    + mountPoint);
        }
        boolean any = false;
        for (Path owner : left) {
            try {
                any |= tell(relay.adopt(owner));
            } catch (IOException e) {
                // Another one was faster, or it is nobody's memory any more.
                DaemonStart.tellUser(e.getMessage());
                LOG.warn("not taken over: {}", e.getMessage());
            }
        }
        return any;
    }

    private static boolean tell(Adoption adoption) {
        int count = adoption.channels().size();
        String what = "took over " + count + (count == 1 ? " channel of " : " channels of ") + adoption.folder();
        DaemonStart.tellUser(what);
        LOG.info("{}", what);
        for (Adoption.Left left : adoption.left()) {
            DaemonStart.tellUser("left as it is: " + left.reason());
            LOG.warn("left as it is: {}", left.reason());
        }
        return count > 0;
    }
}
