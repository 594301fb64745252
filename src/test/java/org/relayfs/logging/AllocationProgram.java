package org.relayfs.logging;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.logging.Logger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// A program that logs the same again and again, and prints how many bytes a call has allocated in the best of some
/// rounds. Its argument is the framework.
public final class AllocationProgram {
    private static final int WARM_CALLS = 50_000;
    private static final int CALLS = 1000;
    private static final int ROUNDS = 50;

    private AllocationProgram() {}

    public static void main(String[] args) throws Exception {
        Runnable call = call(args[0]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < WARM_CALLS; i++) {
            call.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.println("bytes " + (double) least / CALLS);
    }

    private static Runnable call(String framework) {
        MDC.put("user", "one");
        ThreadContext.put("user", "one");
        return switch (framework) {
            case "logback" -> {
                org.slf4j.Logger logger = LoggerFactory.getLogger(AllocationProgram.class);
                yield () -> logger.info("message {} {}", "one", "two");
            }
            case "log4j" -> {
                org.apache.logging.log4j.Logger logger = LogManager.getLogger(AllocationProgram.class);
                yield () -> logger.info("message {} {}", "one", "two");
            }
            default -> {
                Logger logger = Logger.getLogger(AllocationProgram.class.getName());
                yield () -> logger.info("message one two");
            }
        };
    }
}
