package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// What is known of each thread: the place where the kernel keeps its CPU, which is its area of restartable sequences
/// (rseq), which glibc 2.35 and later registers for every thread; and a small number that no other living thread has.
/// A table from thread ids, because a thread-local would cost more than the system's own look-up.
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

    /// Threads that have a number at a time.
    static final int NUMBERS = 64;

    /// In place of the number, for a thread that has none.
    static final long NO_NUMBER = (long) Integer.MAX_VALUE << 32;

    private static final int NONE = -1;
    private static final int WORDS = 4;
    private static final int CPU_ID_OFFSET = 4;
    private static final int ATTEMPTS = 3;
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle INT = JAVA_INT.varHandle();
    // Cuts no address and lets the JIT prove the segment's bounds and alignment checks.
    private static final long ADDRESS_BITS = Long.MAX_VALUE >> 1 & -4;

    private static final long OFFSET;
    private static final MethodHandle PTHREAD_SELF;

    // Thread id, address, number and CPU of last time (both in one word), in one cache line. Read by the owner of the
    // entry, which is the one who wrote it; others see an id that is not theirs, old or new.
    private static final long[] TABLE = new long[WORDS * ENTRIES];
    // Who owns an entry, or did while it lived. Taken by CAS.
    private static final AtomicReferenceArray<WeakReference<Thread>> OWNERS = new AtomicReferenceArray<>(ENTRIES);
    // Who has a number, or had it while it lived. Taken by CAS.
    private static final AtomicReferenceArray<WeakReference<Thread>> NUMBERED = new AtomicReferenceArray<>(NUMBERS);

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

    /// The CPU of the calling thread, and its number in the upper half; negative when it has no entry.
    ///
    /// @param threadId of the calling thread
    static long of(long threadId) {
        int entry = WORDS * entryOf(threadId);
        return TABLE[entry] == threadId ? confirmed(entry) : NONE;
    }

    // The CPU of last time, if it is still the same: a comparison, on whose outcome the processor goes on before it has
    // loaded the CPU. What follows in a write depends on a chain of loads, which a locked instruction makes it wait
    // for.
    private static long confirmed(int entry) {
        long here = TABLE[entry + 2];
        int cpu = cpuAt(TABLE[entry + 1]);
        return (int) here == cpu ? here : moved(entry, here, cpu);
    }

    private static long moved(int entry, long before, int cpu) {
        long here = before & ~0xFFFFFFFFL | cpu;
        TABLE[entry + 2] = here;
        return here;
    }

    private static int entryOf(long threadId) {
        return (int) threadId & ENTRIES - 1;
    }

    private static int cpuAt(long address) {
        return (int) INT.getOpaque(ALL, address & ADDRESS_BITS);
    }

    /// Gives the calling thread an entry, if it can have one and there is one.
    static void register(Thread self) {
        int entry = entryOf(self.threadId());
        if (self.isVirtual() || isTaken(OWNERS, entry)) {
            return;
        }
        long address = ownAddress();
        if (isRight(address) && take(OWNERS, entry, self)) {
            TABLE[WORDS * entry + 1] = address;
            TABLE[WORDS * entry + 2] = number(self);
            TABLE[WORDS * entry] = self.threadId();
        }
    }

    // One that has ended is done with whatever it did by its number.
    private static long number(Thread self) {
        for (int number = 0; number < NUMBERS; number++) {
            if (take(NUMBERED, number, self)) {
                ThreadIds.remember(number);
                return (long) number << 32;
            }
        }
        return NO_NUMBER;
    }

    private static boolean take(AtomicReferenceArray<WeakReference<Thread>> owners, int index, Thread self) {
        WeakReference<Thread> before = owners.get(index);
        return !isTaken(owners, index) && owners.compareAndSet(index, before, new WeakReference<>(self));
    }

    private static boolean isTaken(AtomicReferenceArray<WeakReference<Thread>> owners, int index) {
        WeakReference<Thread> before = owners.get(index);
        Thread owner = before == null ? null : before.get();
        return owner != null && owner.isAlive();
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
