package org.relayfs.fuse.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.util.function.BooleanSupplier;
import org.relayfs.fuse.wire.FuseDevice;
import org.relayfs.fuse.wire.Poller;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.linux.OpenFlags;
import org.relayfs.tree.access.OpenFileLimit;

/// One open descriptor of a relay file, with its permissions and the position that the kernel assumes.
///
/// A relay file is a stream, and the kernel refuses `lseek` and `pread` on it, except with passthrough: such a
/// descriptor cannot be made non-seekable. Programs notice that and use it: a shell reads more than a line and
/// seeks back to its end, a pager reads the beginning and seeks back, `dd skip=` seeks ahead. So the bytes of the last
/// small read are kept and can be read again through this descriptor, and those before a position further on are left
/// out. A read from anywhere else but the beginning, where a client may always start over, is refused as `pread` is
/// on a relay file.
///
/// The kernel makes reads of one descriptor one after another; they may be served by different threads.
final class OpenRelayFile {
    private static final int KEPT = 8192;
    private static final SoftReference<byte[]> NONE = new SoftReference<>(null);

    private final boolean reader;
    private final boolean writer;
    private final boolean seekable;
    private final int user;

    /// Where the next unread byte is. Guarded by this, as all below.
    private long position;

    private long positionAfterWrite = -1;
    /// The bytes before `position`, if there are any. Softly: many descriptors must not fill the memory with them.
    private SoftReference<byte[]> kept = NONE;

    private int keptLength;
    private Poller poller;
    private boolean closed;
    private boolean hasRead;
    /// Null until it was asked.
    private Boolean isMapped;

    /// @param flags    the open flags of the system call
    /// @param seekable true when the kernel lets it be positioned
    /// @param user     who has opened it
    OpenRelayFile(int flags, boolean seekable, int user) {
        this.reader = (flags & OpenFlags.ACCESS_MODE) != OpenFlags.O_WRONLY;
        this.writer = (flags & OpenFlags.ACCESS_MODE) != OpenFlags.O_RDONLY;
        this.seekable = seekable;
        this.user = user;
    }

    /// It is closed: others may be opened in its place.
    ///
    /// @param limit of open files
    synchronized void close(OpenFileLimit limit) {
        if (!closed) {
            limit.giveBack(user);
            closed = true;
        }
    }

    /// @return true when the kernel lets it be positioned
    boolean isSeekable() {
        return seekable;
    }

    /// @return true when it was opened for reading
    boolean isReader() {
        return reader;
    }

    /// @return true when it was opened for writing
    boolean isWriter() {
        return writer;
    }

    /// It reads: its client wants a stream.
    synchronized void reads() {
        hasRead = true;
    }

    /// Whether its client follows a mapping instead of reading, and so comes to an end with the buffer that is mapped.
    /// Asked when that buffer takes no records any more; once, because it is asked of the client's process.
    ///
    /// @param mapping whether the client has mapped the file
    /// @return true if it ends, for good
    synchronized boolean endsWithBuffer(BooleanSupplier mapping) {
        if (isMapped == null && !hasRead) {
            isMapped = mapping.getAsBoolean();
        }
        return hasEnded();
    }

    /// {@return true once it is known to end with its buffer}
    synchronized boolean hasEnded() {
        return isMapped != null && isMapped;
    }

    /// @param device       of the mount
    /// @param kernelHandle the kernel's name for this descriptor, always the same
    /// @return those who wait on it
    synchronized Poller poller(FuseDevice device, long kernelHandle) {
        if (poller == null) {
            poller = new Poller(device, kernelHandle);
        }
        return poller;
    }

    /// What a read at `offset` is to get.
    ///
    /// @param offset of the read
    /// @param length the maximum number of bytes
    /// @param target receives bytes that were delivered before
    /// @return how many those are; 0: the read continues the stream, here or further on
    /// @throws ErrnoException ESPIPE
    synchronized int again(long offset, int length, MemorySegment target) throws ErrnoException {
        if (!seekable || offset == positionAfterWrite) {
            position = offset;
        }
        long back = position - offset;
        byte[] bytes = kept.get();
        if (back > 0 && back <= keptLength && bytes != null) {
            int count = (int) Math.min(back, length);
            MemorySegment.copy(bytes, keptLength - (int) back, target, JAVA_BYTE, 0, count);
            return count;
        }
        if (back > 0 && offset != 0) {
            throw new ErrnoException(Errno.ESPIPE, "read at offset " + offset + ": a relay file is a stream");
        }
        return 0;
    }

    /// {@return how many bytes before the offset have not been read; 0 when a read there continues the stream}
    ///
    /// @param offset of the read
    synchronized long ahead(long offset) {
        return Math.max(0, offset - position);
    }

    /// What was ahead is left out.
    ///
    /// @param offset of the next byte
    synchronized void skipTo(long offset) {
        position = offset;
        keptLength = 0;
    }

    /// Bytes of the stream are about to be delivered: the kernel will move its position.
    synchronized void delivers(long offset, MemorySegment[] pieces, int count, long total) {
        position = offset + total;
        keptLength = 0;
        if (seekable && total > 0 && total <= KEPT) {
            keep(pieces, count, (int) total);
        }
    }

    private void keep(MemorySegment[] pieces, int count, int total) {
        byte[] bytes = kept.get();
        if (bytes == null || bytes.length < total) {
            bytes = new byte[Math.min(KEPT, 2 * total)];
            kept = new SoftReference<>(bytes);
        }
        for (int i = 0; i < count; i++) {
            int length = (int) pieces[i].byteSize();
            MemorySegment.copy(pieces[i], JAVA_BYTE, 0, bytes, keptLength, length);
            keptLength += length;
        }
    }

    /// They were not delivered after all.
    synchronized void takeBack(long offset) {
        position = offset;
        keptLength = 0;
    }

    /// Bytes were written: the kernel moves its position, unless it was `pwrite`.
    synchronized void hasWritten(long offset, long length) {
        positionAfterWrite = offset + length;
    }
}
