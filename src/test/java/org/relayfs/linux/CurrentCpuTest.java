package org.relayfs.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CurrentCpuTest {
    private static final int MASK_BYTES = 128;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SET_AFFINITY =
            downcall("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GET_AFFINITY =
            downcall("sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GET_TID = downcall("gettid", FunctionDescriptor.of(JAVA_INT));

    private static MethodHandle downcall(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    private static boolean bind(int tid, int cpu) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            mask.set(JAVA_LONG, cpu / 64 * 8L, 1L << cpu % 64);
            return (int) SET_AFFINITY.invokeExact(tid, (long) MASK_BYTES, mask) == 0;
        }
    }

    private static void inNewThread(Thread.Builder builder, Body body) throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread thread = builder.start(() -> {
            try {
                body.run();
            } catch (Throwable t) {
                failure[0] = t;
            }
        });
        thread.join();
        assertThat(failure[0]).isNull();
    }

    private interface Body {
        void run() throws Throwable;
    }

    private static List<Integer> allowedCpus() throws Throwable {
        List<Integer> cpus = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            int ignored = (int) GET_AFFINITY.invokeExact(0, (long) MASK_BYTES, mask);
            for (int cpu : Cpus.ofSystem().online()) {
                if ((mask.get(JAVA_LONG, cpu / 64 * 8L) >>> cpu % 64 & 1) != 0) {
                    cpus.add(cpu);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return cpus;
    }

    /// A sample that no migration has spoilt: 1 right, 0 wrong, -1 spoilt.
    private static int sample() {
        int before = CurrentCpu.fromSystem();
        int cpu = CurrentCpu.get();
        return before == CurrentCpu.fromSystem() ? (cpu == before ? 1 : 0) : -1;
    }

    private static void assertRight(int samples) {
        for (int i = 0; i < samples; i++) {
            assertThat(sample()).isNotZero();
        }
    }

    @Test
    void isRightAfterTheThreadHasMovedItself() throws Throwable {
        List<Integer> cpus = allowedCpus();
        assumeTrue(cpus.size() > 1, "one CPU only");
        inNewThread(Thread.ofPlatform(), () -> {
            for (int i = 0; i < 500; i++) {
                int cpu = cpus.get(i % cpus.size());
                assertThat(bind(0, cpu)).isTrue();
                assertThat(CurrentCpu.get()).isEqualTo(cpu);
            }
        });
    }

    @Test
    void isRightWhileTheThreadIsMovedByAnother() throws Throwable {
        List<Integer> cpus = allowedCpus();
        assumeTrue(cpus.size() > 1, "one CPU only");
        AtomicInteger tid = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        Thread moved = Thread.ofPlatform().start(() -> {
            try {
                tid.set((int) GET_TID.invokeExact());
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
            while (!stopped.get()) {
                int sample = sample();
                (sample == 0 ? wrong : right).addAndGet(sample < 0 ? 0 : 1);
            }
        });
        while (tid.get() == 0) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 200; i++) {
            assertThat(bind(tid.get(), cpus.get(i % cpus.size()))).isTrue();
            Thread.sleep(1);
        }
        stopped.set(true);
        moved.join();
        assertThat(wrong).hasValue(0);
        assertThat(right.get()).isPositive();
    }

    @Test
    void isRightForMoreThreadsThanThereAreEntriesOneAfterTheOther() throws Exception {
        for (int i = 0; i < 2 * RseqAreas.ENTRIES; i++) {
            inNewThread(Thread.ofPlatform(), () -> assertRight(3));
        }
    }

    @Test
    void isRightForTwoLivingThreadsOfOneEntryAndForTheOneThatFollows() throws Exception {
        CountDownLatch firstHasLooked = new CountDownLatch(1);
        CountDownLatch firstMayEnd = new CountDownLatch(1);
        Thread first = Thread.ofPlatform().start(() -> {
            assertRight(10);
            firstHasLooked.countDown();
            try {
                firstMayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertRight(10);
        });
        firstHasLooked.await();
        runWithEntryOf(first.threadId(), false);
        firstMayEnd.countDown();
        first.join();
        runWithEntryOf(first.threadId(), RseqAreas.AVAILABLE);
    }

    /// Runs a thread that shares an entry with another, and asserts that it gets or does not get it.
    private static void runWithEntryOf(long threadId, boolean getsIt) throws Exception {
        int[] wrong = new int[1];
        boolean[] registered = new boolean[1];
        Thread thread;
        do {
            thread = Thread.ofPlatform().unstarted(() -> {
                for (int i = 0; i < 1000; i++) {
                    wrong[0] += sample() == 0 ? 1 : 0;
                }
                registered[0] = RseqAreas.of(Thread.currentThread().threadId()) >= 0;
            });
        } while ((thread.threadId() - threadId) % RseqAreas.ENTRIES != 0);
        thread.start();
        thread.join();
        assertThat(wrong[0]).isZero();
        assertThat(registered[0]).isEqualTo(getsIt);
    }

    @Test
    void isRightForVirtualThreadsWhoseCarriersChange() throws Exception {
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                tasks.add(threads.submit(() -> {
                    for (int round = 0; round < 100; round++) {
                        int sample = sample();
                        (sample == 0 ? wrong : right).addAndGet(sample < 0 ? 0 : 1);
                        Thread.yield();
                    }
                }));
            }
            for (Future<?> task : tasks) {
                task.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(wrong).hasValue(0);
        assertThat(right.get()).isPositive();
    }

    @Test
    void virtualThreadsGetNoEntry() throws Exception {
        inNewThread(Thread.ofVirtual(), () -> {
            assertRight(10);
            assertThat(RseqAreas.of(Thread.currentThread().threadId())).isNegative();
        });
    }
}
