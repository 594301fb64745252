package org.relayfs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;

/// Chronicle Queue on a tmpfs. It keeps everything, so there is always room and its file grows.
public final class ChronicleSubject implements Subject {
    private final Bytes<?> target = Bytes.allocateElasticDirect();
    private Path folder;
    private ChronicleQueue queue;
    private ExcerptTailer tailer;

    @Override
    public boolean open(Mode mode, int length, int threads) throws IOException {
        folder = Files.createTempDirectory(Path.of("/dev/shm"), "relayfs-bench");
        queue = ChronicleQueue.singleBuilder(folder).build();
        tailer = queue.createTailer();
        return mode != Mode.OVERWRITE;
    }

    @Override
    public Writer newWriter() {
        Bytes<?> record = Bytes.allocateElasticDirect();
        ThreadLocal<ExcerptAppender> appender = ThreadLocal.withInitial(queue::createAppender);
        return (source, offset, length) -> {
            record.clear().write(source, offset, length);
            appender.get().writeBytes(record);
            return true;
        };
    }

    @Override
    public boolean read() {
        boolean found = false;
        while (tailer.readBytes(target.clear())) {
            found = true;
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        queue.close();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
