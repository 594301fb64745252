package org.relayfs.tool.shipping;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.relayfs.tool.cli.StopSignal;
import org.relayfs.tool.client.ClientFile;
import org.relayfs.tool.client.WaitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ships a mount until it is told to stop: one session after the other.
final class Shipper {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
    private static final int LOOK_MS = 250;
    private static final int BUSY_PAUSE_MS = 10;
    private static final int PAUSE_MS = 1000;
    private static final int LOG_MS = 60_000;
    private static final int PATIENCE_MS = 5000;

    private final Route route;
    private final Figures figures = new Figures();
    private String said = "";
    private String loggedFigures = "";

    Shipper(Route route) {
        this.route = route;
    }

    void run(StopSignal stop) throws InterruptedException {
        Thread self = Thread.currentThread();
        stop.onRequest(() -> endWithin(self));
        try {
            while (!stop.isRequested()) {
                runOnce(stop);
                stop.await(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
            LOG.info("the broker does not answer: what is not committed stays where it is");
        } finally {
            figures.hide();
            LOG.info("{}", figures.text());
        }
    }

    // A broker that does not answer keeps nobody from ending.
    private static void endWithin(Thread shipper) {
        Thread.ofPlatform().daemon().name("relayfs-ship-end").start(() -> {
            try {
                if (!shipper.join(Duration.ofMillis(PATIENCE_MS))) {
                    shipper.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void runOnce(StopSignal stop) throws InterruptedException {
        try {
            Optional<MountLock> lock = MountLock.tryHold(route.mount().path());
            if (lock.isEmpty()) {
                say("another process ships " + route.mount().path() + ": limit=1; waiting for its end");
                return;
            }
            MountLock held = lock.get();
            try (held;
                    ShipSession session = new ShipSession(route, figures);
                    WaitSet waits = new WaitSet()) {
                say("shipping " + route.mount().path() + " to topic " + route.topic() + " as "
                        + route.transactionalId());
                ship(session, waits, stop);
            }
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (KafkaException | IOException e) {
            figures.failed();
            say("trying again: " + text(e));
        }
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void say(String what) {
        if (!what.equals(said)) {
            LOG.info("{}", what);
        }
        said = what;
    }

    private void ship(ShipSession session, WaitSet waits, StopSignal stop) throws IOException, InterruptedException {
        long nextLook = System.nanoTime();
        long nextFlush = nextLook;
        long nextLog = nextLook + TimeUnit.MILLISECONDS.toNanos(LOG_MS);
        while (!stop.isRequested()) {
            long now = System.nanoTime();
            if (now - nextLook >= 0) {
                session.channels().look();
                waits.setFiles(files(session));
                showLag(session);
                nextLook = now + TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
            }
            if (now - nextFlush >= 0) {
                session.channels().each(ShippedChannel::flush);
                nextFlush = now + TimeUnit.MILLISECONDS.toNanos(route.flushMs());
            }
            if (now - nextLog >= 0) {
                logFigures();
                nextLog = now + TimeUnit.MILLISECONDS.toNanos(LOG_MS);
            }
            waits.await(LOOK_MS);
            if (!session.ship()) {
                // A file that has ended is always ready.
                stop.await(BUSY_PAUSE_MS);
            }
        }
        session.channels().each(ShippedChannel::flush);
        while (session.ship()) {
            // What was there when it was told to stop, and what came meanwhile, for a limited time: see endWithin.
        }
    }

    private static List<ClientFile> files(ShipSession session) {
        List<ClientFile> files = new ArrayList<>();
        session.channels().all().forEach(channel -> files.addAll(channel.files()));
        return files;
    }

    private void showLag(ShipSession session) {
        long[] left = {0};
        for (ShippedChannel channel : session.channels().all()) {
            channel.stats().values().forEach(stats -> left[0] += stats.produced() - stats.consumed());
        }
        figures.lag(left[0]);
        figures.show();
    }

    private void logFigures() {
        String text = figures.text();
        if (!text.equals(loggedFigures)) {
            LOG.info("{}", text);
        }
        loggedFigures = text;
    }
}
