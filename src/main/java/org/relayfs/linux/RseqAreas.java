package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The place where the kernel keeps the CPU of each running thread: its area of restartable sequences (rseq),
/// which glibc 2.35 and later registers for every thread. A table from thread ids to addresses, because a
/// thread-local would cost more than the system's own look-up.
///
/// Threading: any thread, lock-free. Rules that keep this from reading memory that is gone (areas lie on the threads'
/// stacks) or another thread's:
/// 1. An entry is used by the thread whose id is in it and by no other. Thread ids are never used twice.
/// 2. An entry is reassigned only after its thread has ended.
/// 3. Virtual threads get none: their carrier, whose area it would be, changes.
///
/// A thread whose entry is taken by a live thread does without.
final class RseqAreas {
    /// False with libraries without rseq, or with rseq disabled, and on processors where the address of the
    /// calling thread's area cannot be told from `pthread_self`.
    static final boolean AVAILABLE;

    static final int ENTRIES = 1024;

    private static final int NONE = -1;
    private static final int CPU_ID_OFFSET = 4;
    private static final int ATTEMPTS = 3;
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle INT = JAVA_INT.varHandle();
    // Cuts no address and lets the JIT prove the segment's bounds and alignment checks.
    private static final long ADDRESS_BITS = Long.MAX_VALUE >> 1 & -4;

    private static final long OFFSET;
    private static final MethodHandle PTHREAD_SELF;

    // Thread id and address by turns, together in one cache line. Read by the owner of the entry, which is the one who
    // wrote it; others see an id that is not theirs, old or new.
    private static final long[] ADDRESSES = new long[2 * ENTRIES];
    // Who owns an entry, or did while it lived. Taken by CAS.
    private static final AtomicReferenceArray<WeakReference<Thread>> OWNERS = new AtomicReferenceArray<>(ENTRIES);

    static {
        MemorySegment offset = NativeBinder.symbol("__rseq_offset").orElse(MemorySegment.NULL);
        MemorySegment size = NativeBinder.symbol("__rseq_size").orElse(MemorySegment.NULL);
        boolean known = offset.address() != 0 && size.address() != 0;
        // On x86-64 glibc pthread_self() is the thread pointer, to which the offset is relative; on aarch64 it is not.
        AVAILABLE = known
                && Architecture.CURRENT == Architecture.X86_64
                && size.reinterpret(Integer.BYTES).get(JAVA_INT, 0) != 0;
        OFFSET = AVAILABLE ? offset.reinterpret(Long.BYTES).get(JAVA_LONG, 0) + CPU_ID_OFFSET : 0;
        PTHREAD_SELF = NativeBinder.function("pthread_self", FunctionDescriptor.of(JAVA_LONG));
    }

    private RseqAreas() {}

    /// The CPU of the calling thread, or negative when it has no entry.
    ///
    /// @param threadId of the calling thread
    static int cpuOf(long threadId) {
        int entry = 2 * entryOf(threadId);
        return ADDRESSES[entry] == threadId ? cpuAt(ADDRESSES[entry + 1]) : NONE;
    }

    private static int entryOf(long threadId) {
        return (int) threadId & ENTRIES - 1;
    }

    private static int cpuAt(long address) {
        return (int) INT.getOpaque(ALL, address & ADDRESS_BITS);
    }

    /// Gives the calling thread an entry, if it can have one and there is one.
    static void register(Thread self) {
        if (self.isVirtual()) {
            return;
        }
        int entry = entryOf(self.threadId());
        WeakReference<Thread> before = OWNERS.get(entry);
        Thread owner = before == null ? null : before.get();
        if (owner != null && owner.isAlive()) {
            return;
        }
        long address = ownAddress();
        if (isRight(address) && OWNERS.compareAndSet(entry, before, new WeakReference<>(self))) {
            ADDRESSES[2 * entry + 1] = address;
            ADDRESSES[2 * entry] = self.threadId();
        }
    }

    private static long ownAddress() {
        try {
            return (long) PTHREAD_SELF.invokeExact() + OFFSET;
        } catch (Throwable t) {
            throw NativeBinder.broken("pthread_self", t);
        }
    }

    // A thread that was not registered with the kernel has a negative number there.
    private static boolean isRight(long address) {
        for (int i = 0; i < ATTEMPTS; i++) {
            int cpu = cpuAt(address);
            if (cpu == CurrentCpu.fromSystem() && cpu >= 0) {
                return true;
            }
        }
        return false;
    }
}
