package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// System calls on mounts. Results below 0 are negative error numbers, see [Errno].
public final class MountCalls {
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final MethodHandle UMOUNT2 =
            NativeBinder.systemCall("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    private MountCalls() {}

    /// Unmounts what is topmost on a folder; follows no link.
    ///
    /// @param folder where
    /// @param lazy   true: also while it is used
    /// @return 0, or a negative error number
    public static int unmount(Path folder, boolean lazy) {
        MemorySegment state = NativeBinder.state();
        int flags = UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0);
        try (Arena arena = Arena.ofConfined()) {
            int returned = (int) UMOUNT2.invokeExact(state, arena.allocateFrom(folder.toString()), flags);
            return (int) NativeBinder.result(returned, state);
        } catch (Throwable t) {
            throw NativeBinder.broken("umount2", t);
        }
    }
}
