package org.relayfs.logging;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Logger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// A program of 8 threads that log until they are killed, or each so many messages, every thousandth with a throwable.
/// A mapped file has the number of calls of each thread that have returned: it survives the process.
public final class LoggingThreads {
    static final int THREADS = 8;
    static final int THROWABLE_EVERY = 1000;

    private LoggingThreads() {}

    /// Logs one message of a thread, by a framework.
    @FunctionalInterface
    interface Call {
        void log(int thread, int number, Throwable failure);
    }

    /// Arguments: the framework, the file, the number of messages of a thread.
    public static void main(String[] args) throws Exception {
        Call call = call(args[0]);
        int messages = Integer.parseInt(args[2]);
        MappedByteBuffer returned;
        try (FileChannel file = FileChannel.open(
                Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            returned = file.map(FileChannel.MapMode.READ_WRITE, 0, THREADS * Integer.BYTES);
        }
        call.log(-1, 0, null);
        System.out.println("folder " + LogChannels.relay().folder());
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Thread.ofPlatform().name("worker-" + thread).start(() -> log(call, thread, messages, returned));
        }
        Thread.currentThread().join();
    }

    private static void log(Call call, int thread, int messages, MappedByteBuffer returned) {
        MDC.put("thread", Integer.toString(thread));
        ThreadContext.put("thread", Integer.toString(thread));
        for (int number = 0; number < messages; number++) {
            boolean fails = number % THROWABLE_EVERY == 0;
            call.log(thread, number, fails ? new IllegalStateException("at " + number) : null);
            returned.putInt(thread * Integer.BYTES, number + 1);
        }
    }

    static Call call(String framework) {
        return switch (framework) {
            case "logback" -> {
                org.slf4j.Logger logger = LoggerFactory.getLogger(LoggingThreads.class);
                yield (thread, number, failure) -> logger.info("message {} {}", thread, number, failure);
            }
            case "log4j" -> {
                org.apache.logging.log4j.Logger logger = LogManager.getLogger(LoggingThreads.class);
                yield (thread, number, failure) -> logger.info("message {} {}", thread, number, failure);
            }
            default -> {
                Logger logger = Logger.getLogger(LoggingThreads.class.getName());
                yield (thread, number, failure) ->
                        logger.log(java.util.logging.Level.INFO, "message " + thread + " " + number, failure);
            }
        };
    }
}
