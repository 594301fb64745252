package org.relayfs.agent;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.slf4j.LoggerFactory;

/// A program that knows nothing of relayfs and configures nothing. Its argument says by what it logs;
/// each logs a first line, configures its framework anew, and logs a second one.
public final class HookedProgram {
    private HookedProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "jul" -> jul();
            case "system" -> {
                System.Logger logger = System.getLogger("shop");
                logger.log(System.Logger.Level.INFO, "first");
                logger.log(System.Logger.Level.WARNING, "second");
            }
            case "logback" -> logback();
            case "log4j" -> log4j();
            case "output" -> {
                System.out.println("first \u20ac");
                System.err.print("sec");
                System.err.println("ond");
            }
            case "dies" -> throw new IllegalStateException("no stock");
            case "jfr" -> {
                for (int i = 0; i < 3; i++) {
                    new Sale().commit();
                }
            }
            case "waits" -> {
                logback();
                System.out.println("ready");
                System.in.read();
                LoggerFactory.getLogger("shop").info("third");
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    @jdk.jfr.Name("shop.Sale")
    static final class Sale extends jdk.jfr.Event {}

    private static void jul() throws Exception {
        Logger logger = Logger.getLogger("shop");
        logger.info("first");
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(".level=INFO".getBytes(StandardCharsets.US_ASCII)));
        LogManager.getLogManager().updateConfiguration(key -> (former, present) -> former);
        logger.info("second");
    }

    private static void logback() {
        org.slf4j.Logger logger = LoggerFactory.getLogger("shop");
        logger.info("first");
        ((ch.qos.logback.classic.LoggerContext) LoggerFactory.getILoggerFactory()).reset();
        logger.info("second");
    }

    private static void log4j() {
        org.apache.logging.log4j.Logger logger = org.apache.logging.log4j.LogManager.getLogger("shop");
        logger.error("first");
        ((LoggerContext) org.apache.logging.log4j.LogManager.getContext(false)).reconfigure();
        logger.error("second");
    }
}
