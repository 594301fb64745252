package org.relayfs.bench;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.concurrent.UnsafeBuffer;

/// Aeron's IPC with an embedded media driver: `offer` of a publication that threads share.
public final class AeronSubject implements Subject {
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final int FRAGMENTS = 1024;

    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);
    private MediaDriver driver;
    private Aeron aeron;
    private Publication publication;
    private Subscription subscription;

    @Override
    public boolean open(Mode mode, int length, int threads) {
        if (mode == Mode.OVERWRITE) {
            return false;
        }
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        subscription = aeron.addSubscription(CHANNEL, 1);
        publication = aeron.addPublication(CHANNEL, 1);
        while (!publication.isConnected()) {
            Thread.onSpinWait();
        }
        return true;
    }

    @Override
    public Writer newWriter() {
        UnsafeBuffer record = new UnsafeBuffer(new byte[0]);
        return (source, offset, length) -> {
            if (record.byteArray() != source) {
                record.wrap(source);
            }
            return publication.offer(record, offset, length) > 0;
        };
    }

    private boolean poll(FragmentHandler handler) {
        int total = 0;
        for (int count = -1; count != 0; total += count) {
            count = subscription.poll(handler, FRAGMENTS);
        }
        return total > 0;
    }

    @Override
    public boolean read() {
        return poll((buffer, offset, length, header) -> target.putBytes(0, buffer, offset, length));
    }

    @Override
    public void discard() {
        boolean ignored = poll((buffer, offset, length, header) -> {});
    }

    @Override
    public void close() {
        if (aeron != null) {
            aeron.close();
            driver.close();
        }
    }
}
