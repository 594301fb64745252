package org.relayfs.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.LockCalls;
import org.relayfs.linux.OpenFlags;
import org.relayfs.linux.SystemCallException;

/// The locks that tell which users of an owner's memory are alive. Each holds a lock on a byte of the owner's file
/// `locks`, which the kernel drops when its process ends, however it ends: so the answer is right in every
/// namespace, where pids and start times are not. The owner's byte is 0; a channel has [#BYTES_PER_CHANNEL] of its
/// own for its processes.
///
/// Thread-safe. The file stays open while this object is reachable, or until [#close].
public final class LivenessLocks implements AutoCloseable {
    /// Name of the file, in the owner's folder.
    public static final String FILE = "locks";

    /// The byte that the owner holds.
    public static final long OWNER = 0;

    /// How many bytes belong to one channel.
    public static final int BYTES_PER_CHANNEL = 128;

    private static final int OWNER_ONLY = 0600;

    private final Path file;
    private final int descriptor;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);

    /// Closes the descriptor when nobody can reach it any more.
    private final MemorySegment keeper;

    private LivenessLocks(Path file, int flags) throws SystemCallException {
        int all = OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC | flags;
        int opened = (int) SystemCallException.check(FileCalls.open(file, all, OWNER_ONLY), "open", file);
        AtomicBoolean open = isOpen;
        this.file = file;
        this.descriptor = opened;
        this.keeper = MemorySegment.ofAddress(opened).reinterpret(1, Arena.ofAuto(), ignored -> close(opened, open));
    }

    private static void close(int descriptor, AtomicBoolean open) {
        if (open.compareAndSet(true, false)) {
            FileCalls.close(descriptor);
        }
    }

    /// Makes the file of a new owner and takes the owner's lock.
    ///
    /// @param ownerFolder the owner's
    /// @return the locks
    /// @throws IOException the file cannot be made, or locked
    public static LivenessLocks create(Path ownerFolder) throws IOException {
        Path unlocked = ownerFolder.resolve(FILE + ".new");
        LivenessLocks locks = new LivenessLocks(unlocked, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        try {
            locks.tryHold(OWNER);
            // Whoever finds the file finds it locked.
            Files.move(unlocked, ownerFolder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            return locks;
        } catch (IOException e) {
            locks.close();
            throw e;
        }
    }

    /// Takes the place of an owner that is dead.
    ///
    /// @param ownerFolder the owner's
    /// @return the locks, with that of the owner; empty when it lives, or another one was faster
    /// @throws IOException the file cannot be opened or locked, or has just been removed
    public static Optional<LivenessLocks> succeed(Path ownerFolder) throws IOException {
        LivenessLocks locks = open(ownerFolder);
        boolean kept = false;
        try {
            if (!locks.tryHold(OWNER)) {
                return Optional.empty();
            }
            // Whoever removes the folder holds the lock meanwhile: it may have been his before.
            kept = Files.isSameFile(locks.file, Path.of("/proc/self/fd/" + locks.descriptor));
            if (!kept) {
                throw new NoSuchFileException(locks.file.toString());
            }
            return Optional.of(locks);
        } finally {
            if (!kept) {
                locks.close();
            }
        }
    }

    /// Opens the file of an owner that is another process, or another part of this one.
    ///
    /// @param ownerFolder the owner's
    /// @return the locks; none is held
    /// @throws IOException the file cannot be opened
    public static LivenessLocks open(Path ownerFolder) throws IOException {
        return new LivenessLocks(ownerFolder.resolve(FILE), OpenFlags.O_RDWR);
    }

    /// Opens the file of an owner for looks only: no lock can be taken.
    ///
    /// @param ownerFolder any owner's, which need not be trusted
    /// @return the locks; empty when there is no such file
    /// @throws IOException the file cannot be opened
    public static Optional<LivenessLocks> look(Path ownerFolder) throws IOException {
        try {
            return Optional.of(new LivenessLocks(ownerFolder.resolve(FILE), OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK));
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Looks whether an owner is alive, without rights to its file but that to read it.
    ///
    /// @param ownerFolder any owner's, which need not be trusted
    /// @return true or false; empty when there is no such file
    /// @throws IOException the file cannot be opened, or this file system has no such locks
    public static Optional<Boolean> isOwnerAlive(Path ownerFolder) throws IOException {
        Optional<LivenessLocks> found = look(ownerFolder);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (LivenessLocks locks = found.get()) {
            int result = LockCalls.isLocked(locks.descriptor, OWNER);
            return Optional.of(SystemCallException.check(result, "fcntl(F_OFD_GETLK)", locks.file) != 0);
        }
    }

    /// Takes a lock for as long as this object is open.
    ///
    /// @param number of the byte
    /// @return false when another one has it
    /// @throws IOException this file system has no such locks
    public synchronized boolean tryHold(long number) throws IOException {
        int result = LockCalls.tryLock(descriptor, number);
        if (Errno.EAGAIN.is(result) || Errno.EACCES.is(result)) {
            return false;
        }
        SystemCallException.check(result, "fcntl(F_OFD_SETLK)", file);
        return true;
    }

    /// Gives a lock back.
    ///
    /// @param number of the byte
    public synchronized void release(long number) {
        if (isOpen.get()) {
            LockCalls.unlock(descriptor, number);
        }
    }

    /// Looks whether another process, or another part of this one, is alive.
    ///
    /// @param number of the byte that it holds while it is
    /// @return false only when that is certain
    public synchronized boolean isHeldByAnother(long number) {
        return !isOpen.get() || LockCalls.isLocked(descriptor, number) != 0;
    }

    /// Drops all locks. Idempotent.
    @Override
    public synchronized void close() {
        close(descriptor, isOpen);
        Reference.reachabilityFence(keeper);
    }
}
