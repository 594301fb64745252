package org.relayfs.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relayfs.testing.Text.bytes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelConfig;
import org.relayfs.ChannelMode;
import org.relayfs.Relay;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.DamagedBufferException;
import org.relayfs.buffer.LayoutException;
import org.relayfs.reader.ChannelObserver.Start;
import org.relayfs.testing.Text;

/// Observers of a channel in the same process.
@Timeout(60)
class ChannelObserverTest {
    private static final ChannelConfig CONFIG =
            ChannelConfig.of(4096, 4).withGlobal(true).withMode(ChannelMode.OVERWRITE);

    private final Relay relay = Relay.create();
    private final RelayChannel channel = relay.open("app", CONFIG);

    @TempDir
    Path folder;

    ChannelObserverTest() throws IOException {}

    @AfterEach
    void close() {
        relay.close();
    }

    private static String read(ObservedBuffer buffer) {
        MemorySegment target = MemorySegment.ofArray(new byte[4096]);
        int length = buffer.read(target, 0, 4096);
        return new String(target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    private ChannelObserver observe() throws IOException {
        return ChannelObserver.open(channel.folder(), Start.OLDEST);
    }

    @Test
    void aDeliveryWakesAtOnce() throws Exception {
        try (ChannelObserver observer = observe()) {
            ObservedBuffer buffer = observer.buffers().getFirst();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
                    try {
                        return observer.await(10_000, TimeUnit.MILLISECONDS);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                Thread.sleep(2);
                channel.write(bytes("record"));
                channel.flush();
                assertThat(waiting.get()).isTrue();
                assertThat(read(buffer)).isEqualTo("record");
            }
            assertThat(observer.await(0, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(observer.state()).isEqualTo(ReaderState.OPEN);
        }
    }

    @Test
    void waitingEndsInTimeAndWhenTheChannelIsClosed() throws Exception {
        try (ChannelObserver observer = observe()) {
            long before = System.nanoTime();
            assertThat(observer.await(30, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(30_000_000);
            channel.write(bytes("last"));
            channel.close();
            assertThat(observer.await(10_000, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(observer.state()).isEqualTo(ReaderState.OPEN);
            assertThat(read(observer.buffers().getFirst())).isEqualTo("last");
            assertThat(observer.await(10_000, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(observer.state()).isEqualTo(ReaderState.CLOSED);
        }
    }

    @Test
    void aRelayThatIsClosedIsNoOwnerThatDied() throws Exception {
        try (ChannelObserver observer = observe()) {
            assertThat(observer.isOwnerAlive()).isTrue();
            relay.close();
            assertThat(observer.isOwnerAlive()).isFalse();
            assertThat(observer.state()).isEqualTo(ReaderState.CLOSED);
        }
    }

    @Test
    void aBufferOfAnotherCpuIsFound() throws Exception {
        RelayChannel perCpu = relay.open("cpus", ChannelConfig.of(4096, 4));
        int cpus = perCpu.buffers().size();
        try (ChannelObserver observer = ChannelObserver.open(perCpu.folder(), Start.NOW)) {
            assertThat(observer.buffers()).hasSize(cpus);
            for (ObservedBuffer buffer : observer.buffers()) {
                perCpu.writeTo(buffer.cpu(), MemorySegment.ofArray(bytes("cpu " + buffer.cpu())), 0, 5);
                assertThat(observer.await(1000, TimeUnit.MILLISECONDS)).isTrue();
                assertThat(read(buffer)).isEqualTo("cpu " + buffer.cpu());
            }
        }
    }

    @Test
    void theFileOfAMountLeadsToTheMemory() throws Exception {
        channel.write(bytes("there"));
        Files.writeString(folder.resolve("memory"), channel.folder() + "\n");
        try (ChannelObserver observer = ChannelObserver.open(folder, Start.OLDEST)) {
            assertThat(read(observer.buffers().getFirst())).isEqualTo("there");
        }
        Files.writeString(folder.resolve("memory"), "\n");
        assertThatThrownBy(() -> ChannelObserver.open(folder, Start.OLDEST)).hasMessageContaining("is not created");
        Files.delete(folder.resolve("memory"));
        assertThatThrownBy(() -> ChannelObserver.open(folder, Start.OLDEST)).hasMessageContaining("neither");
    }

    @Test
    void aForeignLayoutIsRefusedAndDamageIsNamed() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("owner/app.1"));
        Files.copy(channel.folder().resolve("meta"), copy.resolve("meta"));
        try (FileChannel meta = FileChannel.open(copy.resolve("meta"), StandardOpenOption.WRITE)) {
            MemorySegment word = Arena.ofAuto().allocate(8);
            word.set(ValueLayout.JAVA_LONG, 0, 77);
            meta.write(word.asByteBuffer(), 0);
        }
        assertThatThrownBy(() -> ChannelObserver.open(copy, Start.OLDEST))
                .isInstanceOf(LayoutException.class)
                .hasMessageContaining("found=77");
        try (FileChannel meta = FileChannel.open(copy.resolve("meta"), StandardOpenOption.WRITE)) {
            meta.truncate(100);
        }
        assertThatThrownBy(() -> ChannelObserver.open(copy, Start.OLDEST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too short");
    }

    @Test
    void aFileThatIsMadeShorterIsDamage() throws Exception {
        channel.write(new byte[100]);
        try (ChannelObserver observer = observe()) {
            try (FileChannel data =
                    FileChannel.open(channel.buffers().getFirst().dataPath(), StandardOpenOption.WRITE)) {
                data.truncate(0);
            }
            assertThatThrownBy(() -> read(observer.buffers().getFirst())).isInstanceOf(DamagedBufferException.class);
        }
    }

    /// `DocumentedExamplesIT` compiles and runs that one.
    @Test
    void theExampleOfTheJavadocIsThatOfTheDocument() throws IOException {
        String javadoc = Files.readString(Path.of("src/main/java/org/relayfs/reader/ChannelObserver.java"));
        String example = javadoc.substring(javadoc.indexOf("/// ```java\n") + 12, javadoc.indexOf("/// ```\n"));
        assertThat(Files.readString(Path.of("docs/examples.md"))).contains(example.replace("/// ", "    "));
    }

    @Test
    void misuseIsRefused() throws Exception {
        ChannelObserver observer = observe();
        ObservedBuffer buffer = observer.buffers().getFirst();
        MemorySegment target = MemorySegment.ofArray(new byte[10]);
        assertThatThrownBy(() -> buffer.read(target, 8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.read(target, 0, 0)).hasMessageContaining("length=0");
        assertThatThrownBy(() -> buffer.look(0, (pieces, count, total) -> true)).hasMessageContaining("length=0");
        assertThatThrownBy(() -> observer.await(-1, TimeUnit.MILLISECONDS)).hasMessageContaining("timeout=-1");
        observer.close();
        observer.close();
        assertThatThrownBy(() -> observer.await(0, TimeUnit.MILLISECONDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void eachGeometryIsObservedInItsOrder() throws Exception {
        try (ChannelObserver observer = observe()) {
            channel.write(bytes("first"));
            channel.resize(32, 4);
            channel.write(bytes("second"));
            channel.resize(16, 4);
            channel.write(bytes("third"));
            assertThat(readAll(observer)).isEqualTo("first second third ");
            assertThat(observer.missedBytes()).isZero();
        }
    }

    @Test
    void whatWasInAGeometryThatIsGoneIsMissed() throws Exception {
        try (ChannelObserver observer = observe()) {
            channel.write(bytes("first"));
            assertThat(readAll(observer)).isEqualTo("first ");
            channel.resize(32, 4);
            channel.write(bytes("second"));
            channel.resize(16, 4);
            channel.write(bytes("third"));
            channel.resize(32, 4);
            channel.write(bytes("fourth"));
            String taken = "";
            while (!taken.endsWith("fourth")) {
                taken += Text.read(channel.buffers().getFirst());
            }
            assertThat(channel.folder())
                    .isDirectoryNotContaining("glob:**/[12]")
                    .isDirectoryContaining("glob:**/3");
            assertThat(readAll(observer)).isEqualTo("fourth ");
            assertThat(observer.missedBytes()).isEqualTo("secondthird".length());
        }
    }

    // In this and all later geometries.
    private static String readAll(ChannelObserver observer) throws IOException {
        StringBuilder all = new StringBuilder();
        do {
            for (String next = read(observer.buffers().getFirst());
                    !next.isEmpty();
                    next = read(observer.buffers().getFirst())) {
                all.append(next).append(' ');
            }
        } while (observer.state() != ReaderState.OPEN && observer.reopen());
        return all.toString();
    }
}
