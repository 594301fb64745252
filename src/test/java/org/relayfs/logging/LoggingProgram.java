package org.relayfs.logging;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

/// A program that knows nothing of relayfs: it logs the same by the framework that its argument names, which its own
/// file configures. Prints `done` and its thread's number, and ends when its standard input does.
public final class LoggingProgram {
    static final String LOGGER = "shop.Orders";

    private LoggingProgram() {}

    public static void main(String[] args) throws Exception {
        Thread.currentThread().setName("worker-1");
        Exception failure = new IllegalStateException("no stock", new RuntimeException("cause"));
        switch (args[0]) {
            case "logback" -> slf4j(failure);
            case "log4j" -> log4j(failure);
            case "jul" -> jul(failure);
            case "system" -> system(failure);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("done " + Thread.currentThread().threadId());
        while (System.in.read() >= 0) {
            // The test looks at what is there while the program lives.
        }
    }

    private static void slf4j(Exception failure) {
        org.slf4j.Logger logger = LoggerFactory.getLogger(LOGGER);
        MDC.put("user", "J\u00fcrgen \"J\"");
        logger.debug("below the level");
        logger.info(MarkerFactory.getMarker("AUDIT"), "order {} of {}", 42, "\u20ac 7");
        MDC.clear();
        logger.warn("failed", failure);
    }

    private static void log4j(Exception failure) {
        org.apache.logging.log4j.Logger logger = LogManager.getLogger(LOGGER);
        ThreadContext.put("user", "J\u00fcrgen \"J\"");
        logger.debug("below the level");
        logger.info(MarkerManager.getMarker("AUDIT"), "order {} of {}", 42, "\u20ac 7");
        ThreadContext.clearMap();
        logger.warn("failed", failure);
    }

    private static void jul(Exception failure) {
        Logger logger = Logger.getLogger(LOGGER);
        logger.fine("below the level");
        logger.log(Level.INFO, "order {0} of {1}", new Object[] {42, "\u20ac 7"});
        logger.log(Level.WARNING, "failed", failure);
    }

    private static void system(Exception failure) {
        System.Logger logger = System.getLogger(LOGGER);
        logger.log(System.Logger.Level.DEBUG, "below the level");
        logger.log(System.Logger.Level.INFO, "order {0} of {1}", 42, "\u20ac 7");
        logger.log(System.Logger.Level.WARNING, "failed", failure);
    }
}
