package org.relayfs.bench;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.helpers.NOPAppender;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.relayfs.logging.LogSettings;
import org.relayfs.logging.jul.RelayfsHandler;

/// What a call of a logger costs beyond one whose appender does nothing: nanoseconds of the threads' CPU time, of two
/// threads at a time, all subjects by turns in one run, the median of each round's difference; and how long calls take,
/// by the clock. For people: nothing is checked.
public final class LoggerCost {
    private static final int THREADS = 2;
    private static final int CALLS = Integer.getInteger("relayfs.calls", 5000);
    private static final int ROUNDS = Integer.getInteger("relayfs.rounds", 101);
    private static final int WARM_ROUNDS = ROUNDS / 4 + 1;
    private static final String NOTHING = "nothing";
    private static final Map<String, String> CHANNEL = Map.of("channel", "bench", "mode", "overwrite");
    private static final ThreadMXBean CPU = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private LoggerCost() {}

    /// Measures and prints.
    ///
    /// @param args a folder for the files
    /// @throws Exception a logger cannot be had
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        Map<String, Map<String, Runnable>> frameworks = new LinkedHashMap<>();
        frameworks.put("Logback", logback(folder));
        frameworks.put("Log4j 2", log4j(folder));
        frameworks.put("java.util.logging", jul(folder));
        System.out.println(
                "| framework | appender | beyond nothing: CPU ns a call | call: median ns | call: p99.9 ns |");
        System.out.println("|---|---|---|---|---|");
        for (Map.Entry<String, Map<String, Runnable>> framework : frameworks.entrySet()) {
            measure(framework.getKey(), framework.getValue());
        }
        System.exit(0); // threads of asynchronous appenders
    }

    private static void measure(String framework, Map<String, Runnable> subjects) throws Exception {
        Map<String, double[]> costs = new LinkedHashMap<>();
        Map<String, long[]> times = new LinkedHashMap<>();
        for (String subject : subjects.keySet()) {
            costs.put(subject, new double[ROUNDS]);
            times.put(subject, new long[ROUNDS * CALLS]);
        }
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            int at = round;
            for (Map.Entry<String, Runnable> subject : subjects.entrySet()) {
                double cost = cost(subject.getValue());
                long[] taken = taken(subject.getValue());
                if (at >= 0) {
                    costs.get(subject.getKey())[at] = cost;
                    System.arraycopy(taken, 0, times.get(subject.getKey()), at * CALLS, CALLS);
                }
            }
        }
        double[] nothing = costs.get(NOTHING);
        for (String subject : subjects.keySet()) {
            double[] beyond = costs.get(subject).clone();
            if (!subject.equals(NOTHING)) {
                Arrays.setAll(beyond, round -> beyond[round] - nothing[round]);
            }
            Arrays.sort(beyond);
            long[] all = times.get(subject);
            Arrays.sort(all);
            System.out.printf(
                    "| %s | %s | %s%.0f | %d | %d |%n",
                    framework,
                    subject,
                    subject.equals(NOTHING) ? "itself " : "",
                    beyond[ROUNDS / 2],
                    all[all.length / 2],
                    all[(int) (all.length * 0.999)]);
        }
    }

    /// {@return ns of CPU time a call, the mean of the threads}
    private static double cost(Runnable call) throws Exception {
        long[] ns = new long[THREADS];
        together(thread -> {
            long before = CPU.getCurrentThreadCpuTime();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            ns[thread] = CPU.getCurrentThreadCpuTime() - before;
        });
        return (double) Arrays.stream(ns).sum() / THREADS / CALLS;
    }

    /// {@return how long the calls of the first thread took, by the clock}
    private static long[] taken(Runnable call) throws Exception {
        long[] ns = new long[CALLS];
        together(thread -> {
            for (int i = 0; i < CALLS; i++) {
                long before = System.nanoTime();
                call.run();
                long took = System.nanoTime() - before;
                if (thread == 0) {
                    ns[i] = took;
                }
            }
        });
        return ns;
    }

    @FunctionalInterface
    private interface Part {
        void run(int thread);
    }

    private static void together(Part part) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    begin.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                part.run(thread);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Map<String, Runnable> logback(Path folder) {
        Map<String, Runnable> subjects = new LinkedHashMap<>();
        subjects.put(NOTHING, logback(new NOPAppender<>(), false));
        subjects.put(
                "relayfs", logback(org.relayfs.logging.logback.RelayfsAppender.of(LogSettings.of(CHANNEL)), false));
        subjects.put("file", logback(file(folder.resolve("logback.log")), false));
        subjects.put("async + file", logback(file(folder.resolve("logback-async.log")), true));
        return subjects;
    }

    private static FileAppender<ILoggingEvent> file(Path path) {
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setFile(path.toString());
        file.setAppend(false);
        file.setImmediateFlush(false);
        return file;
    }

    private static Runnable logback(Appender<ILoggingEvent> appender, boolean isAsync) {
        ch.qos.logback.classic.LoggerContext context = new ch.qos.logback.classic.LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        ch.qos.logback.classic.Logger logger = context.getLogger("shop");
        appender.setContext(context);
        if (appender instanceof FileAppender<ILoggingEvent> file) {
            PatternLayoutEncoder encoder = new PatternLayoutEncoder();
            encoder.setContext(context);
            encoder.setPattern("%d %-5level [%thread] %logger - %msg%n");
            encoder.start();
            file.setEncoder(encoder);
        }
        appender.start();
        if (isAsync) {
            ch.qos.logback.classic.AsyncAppender async = new ch.qos.logback.classic.AsyncAppender();
            async.setContext(context);
            async.addAppender(appender);
            async.start();
            logger.addAppender(async);
        } else {
            logger.addAppender(appender);
        }
        return () -> logger.info("order {} of {}", "42", "shop");
    }

    private static Map<String, Runnable> log4j(Path folder) throws IOException {
        String pattern = "<PatternLayout pattern=\"%d %-5level [%t] %c - %m%n\"/>";
        String file = "<RandomAccessFile name=\"A\" fileName=\"FILE\" append=\"false\" immediateFlush=\"false\">"
                + pattern + "</RandomAccessFile>";
        Map<String, Runnable> subjects = new LinkedHashMap<>();
        subjects.put(NOTHING, log4j("<CountingNoOp name=\"A\"/>", "Root"));
        subjects.put("relayfs", log4j("<Relayfs name=\"A\" channel=\"bench\" mode=\"overwrite\"/>", "Root"));
        subjects.put(
                "file", log4j(file.replace("FILE", folder.resolve("log4j.log").toString()), "Root"));
        subjects.put(
                "async + file",
                log4j(file.replace("FILE", folder.resolve("log4j-async.log").toString()), "AsyncRoot"));
        return subjects;
    }

    private static Runnable log4j(String appender, String root) throws IOException {
        String xml = "<Configuration status=\"WARN\"><Appenders>" + appender + "</Appenders><Loggers><" + root
                + " level=\"INFO\"><AppenderRef ref=\"A\"/></" + root + "></Loggers></Configuration>";
        LoggerContext context = new LoggerContext("bench");
        context.start(new XmlConfiguration(
                context, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))));
        org.apache.logging.log4j.Logger logger = context.getLogger("shop");
        return () -> logger.info("order {} of {}", "42", "shop");
    }

    private static Map<String, Runnable> jul(Path folder) throws IOException {
        FileHandler file = new FileHandler(folder.resolve("jul.log").toString());
        file.setFormatter(new SimpleFormatter());
        Map<String, Runnable> subjects = new LinkedHashMap<>();
        subjects.put(NOTHING, jul(NOTHING, new Nothing()));
        subjects.put("relayfs", jul("relayfs", new RelayfsHandler(LogSettings.of(CHANNEL))));
        subjects.put("file", jul("file", file));
        return subjects;
    }

    private static Runnable jul(String name, Handler handler) {
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger("shop." + name);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        return () -> logger.info("order 42 of shop");
    }

    private static final class Nothing extends Handler {
        @Override
        public void publish(LogRecord logged) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
