package org.relayfs.fuse.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.Directory;
import org.relayfs.tree.Node;
import org.relayfs.tree.RelayTree;
import org.relayfs.tree.access.Attributes;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.struct.FileStat;

/// The entries of one `readdir`, with their inode numbers and types.
final class DirectoryListing {
    private final Pointer buffer;
    private final FuseFillDir filler;
    // In native memory: an object on the Java heap has no address for the filler.
    private final Pointer statMemory;
    private final FileStat stat;

    /// @param buffer of the operation
    /// @param filler of the operation
    DirectoryListing(Pointer buffer, FuseFillDir filler) {
        this.buffer = buffer;
        this.filler = filler;
        Runtime runtime = Runtime.getSystemRuntime();
        this.statMemory = Memory.allocateDirect(runtime, Struct.size(new FileStat(runtime)), true);
        this.stat = FileStat.of(statMemory);
    }

    /// @param tree      holds the directory
    /// @param path      of the directory
    /// @param directory whose names are added, after `.` and `..`
    void addAll(RelayTree tree, String path, Directory directory) {
        add(".", directory);
        add("..", null);
        String prefix = path.endsWith("/") ? path : path + "/";
        for (String name : directory.names()) {
            add(name, find(tree, prefix + name));
        }
    }

    private static Node find(RelayTree tree, String path) {
        try {
            return tree.resolve(path);
        } catch (ErrnoException e) {
            return null; // it went away since the names were listed: the entry has no number then
        }
    }

    /// @param name of an entry
    /// @param node what it names, or null when that is not known
    private void add(String name, Node node) {
        if (node != null) {
            Attributes attributes = node.attributes();
            stat.st_ino.set(attributes.inode());
            stat.st_mode.set(attributes.mode());
        }
        byte[] text = (name + '\0').getBytes(StandardCharsets.UTF_8);
        filler.apply(buffer, ByteBuffer.wrap(text), node == null ? null : statMemory, 0);
    }
}
