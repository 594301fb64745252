package org.relayfs.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.memory.MappedFile;

/// The generations of a channel of another process, as that process shows them: the first is the channel's folder
/// itself, each later one a folder in it whose name is its number. Their owner removes each when all in it was read, at
/// any time.
final class GenerationFolders {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final int MAX_ATTEMPTS = 100;
    private static final long PAUSE_NS = 20_000;

    private final Path channel;
    private final Opening opening;

    /// @param channel folder of the channel
    /// @param opening maps `meta`
    GenerationFolders(Path channel, Opening opening) {
        this.channel = channel;
        this.opening = opening;
    }

    /// How a file is mapped.
    @FunctionalInterface
    interface Opening {
        MappedFile open(Path file, long minimum) throws IOException;
    }

    /// What is done with a generation.
    @FunctionalInterface
    interface Use<T> {
        T of(int number, Path folder, MappedFile meta) throws IOException;
    }

    /// Finds the oldest generation that takes records in at least one of its buffers. No younger one will do: a record
    /// in it would be read after one that comes to the older one later.
    ///
    /// @param after number of one that does not, -1 for none
    /// @param use   gets what was found
    /// @return what that returns
    /// @throws IOException there is none
    <T> T oldestOpen(int after, Use<T> use) throws IOException {
        return oldest(after, meta -> isComplete(meta) && !isOver(meta), use);
    }

    /// Finds the oldest generation after one, whether it takes records or not.
    ///
    /// @param after number of the one before
    /// @param use   gets what was found
    /// @return what that returns
    /// @throws IOException there is none
    <T> T next(int after, Use<T> use) throws IOException {
        return oldest(after, GenerationFolders::isComplete, use);
    }

    private <T> T oldest(int after, Predicate<MappedFile> wanted, Use<T> use) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                for (int number : numbers(after)) {
                    Path folder = number == 0 ? channel : channel.resolve(Integer.toString(number));
                    MappedFile meta = opening.open(folder.resolve("meta"), ChannelHeader.SIZE);
                    if (number == 0 && numbers(0).isEmpty() || wanted.test(meta)) {
                        return use.of(number, folder, meta);
                    }
                }
                throw new NoSuchFileException(channel + ": it has no generation after " + after);
            } catch (IOException e) {
                // One may just have been removed, and a younger one be there that was not when the folder was opened.
                if (attempt == MAX_ATTEMPTS
                        || !Files.isDirectory(channel)
                        || after < 0 && numbers(0).isEmpty()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private List<Integer> numbers(int after) throws IOException {
        try (Stream<Path> files = Files.list(channel)) {
            Stream<Integer> later = files.map(file -> file.getFileName().toString())
                    .filter(NUMBER.asMatchPredicate())
                    .map(Integer::valueOf);
            boolean hasFirst = Files.exists(channel.resolve("meta"));
            return Stream.concat(hasFirst ? Stream.of(0) : Stream.empty(), later)
                    .filter(number -> number > after)
                    .sorted()
                    .toList();
        }
    }

    // Not complete yet: it is not there yet.
    private static boolean isComplete(MappedFile meta) {
        return ChannelHeader.versionAcquire(meta.address()) != 0;
    }

    private static boolean isOver(MappedFile meta) {
        return ChannelHeader.stateVolatile(meta.address()) == ChannelHeader.STATE_MOVED;
    }
}
