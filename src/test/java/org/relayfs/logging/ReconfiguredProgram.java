package org.relayfs.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.slf4j.LoggerFactory;

/// A program whose framework is configured anew while threads log. Arguments: the framework, how often. It prints how
/// many mappings and threads it has had after the first time and after the last, and how much each thread has logged.
public final class ReconfiguredProgram {
    private static final int THREADS = 4;
    private static final long PAUSE_NS = 200_000;

    private ReconfiguredProgram() {}

    public static void main(String[] args) throws Exception {
        LoggingThreads.Call call = LoggingThreads.call(args[0]);
        AtomicBoolean goes = new AtomicBoolean(true);
        AtomicIntegerArray logged = new AtomicIntegerArray(THREADS);
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(thread -> Thread.ofPlatform().name("worker-" + thread).start(() -> {
                    while (goes.get()) {
                        call.log(thread, logged.get(thread), null);
                        logged.incrementAndGet(thread);
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                }))
                .toList();
        configure(args[0]);
        String first = resources(logged);
        for (int i = 1; i < Integer.parseInt(args[1]); i++) {
            configure(args[0]);
        }
        System.out.println("resources " + first + " " + resources(logged));
        goes.set(false);
        for (Thread thread : threads) {
            thread.join();
        }
        for (int thread = 0; thread < THREADS; thread++) {
            call.log(thread, logged.get(thread), null);
            System.out.println("thread " + thread + " " + logged.incrementAndGet(thread));
        }
    }

    private static void configure(String framework) throws Exception {
        switch (framework) {
            case "logback" -> {
                LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
                JoranConfigurator configurator = new JoranConfigurator();
                configurator.setContext(context);
                context.reset();
                configurator.doConfigure(System.getProperty("logback.configurationFile"));
            }
            case "log4j" -> ((org.apache.logging.log4j.core.LoggerContext) LogManager.getContext(false)).reconfigure();
            default -> java.util.logging.LogManager.getLogManager().readConfiguration();
        }
    }

    // When each thread has logged with the configuration that there is.
    private static String resources(AtomicIntegerArray logged) throws IOException {
        for (int thread = 0; thread < THREADS; thread++) {
            int enough = logged.get(thread) + 2;
            while (logged.get(thread) < enough) {
                Thread.onSpinWait();
            }
        }
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.contains("/shop.")).count() + " " + Thread.activeCount();
        }
    }
}
