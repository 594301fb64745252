package org.relayfs.event.ctf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever bytes a trace has, its reader ends: with what it understood, or with an error that says where. The number
/// of mutations can be set: `-Dtest.jvm=-Drelayfs.mutations=10000`.
@Timeout(300)
class HostileBytesTest {
    private static final int MUTATIONS = Integer.getInteger("relayfs.mutations", 1000);
    private static final byte[] STRUCTURE = "{}[];:=,\"\\/*_0919 \n".getBytes(StandardCharsets.US_ASCII);

    private static byte[] changed(byte[] bytes, Random random, byte[] likely) {
        byte[] result = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && result.length > 0; i++) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(5)) {
                case 0 -> result[at] = (byte) random.nextInt();
                case 1 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> result[at] = likely[random.nextInt(likely.length)];
                case 3 -> result = Arrays.copyOf(result, at);
                default -> {
                    int from = random.nextInt(result.length);
                    int count = random.nextInt(Math.min(64, result.length - Math.max(from, at)) + 1);
                    System.arraycopy(result, from, result, at, count);
                }
            }
        }
        return result;
    }

    private static void each(long seed, byte[] bytes, byte[] likely, Consumer<byte[]> reader) {
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutation = changed(bytes, new Random(seed + i), likely);
            try {
                reader.accept(mutation);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + (seed + i), e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void metadataIsReadOrRefused(CtfForm form) {
        byte[] text = SampleMetadata.of(form).text().getBytes(StandardCharsets.ISO_8859_1);
        each(1, text, STRUCTURE, bytes -> {
            try {
                CtfMetadata read = CtfMetadata.parse(new String(bytes, StandardCharsets.ISO_8859_1));
                assertTrue(read.types().size() <= 3);
            } catch (CtfException e) {
                assertThat(e).hasMessageMatching("metadata: line=\\d+, column=\\d+: (?s:.){1,300}");
            }
        });
    }

    @Test
    void rawStreamsEnd() {
        byte[] bytes = stream();
        each(2, bytes, new byte[] {0, 1, 2, 3, 16, 17, 64, -1}, mutation -> {
            read(CtfForm.RAW, mutation, 1 << 20);
        });
    }

    @Test
    void packetsEnd() {
        EventBytes events = new EventBytes().subBuffer(1, 0, 0, 0);
        byte[] bytes = EventBytes.join(
                SampleMetadata.putAll(events, 5).packet(0, 1, 9, 0, 0, 7),
                new EventBytes().subBuffer(6, 0, 1, 0).text(7, 1, "x").packet(0, 6, 9, 1, 0, 0),
                new EventBytes().packet(0, 6, 9, 1, 0, 0),
                new EventBytes().subBuffer(8, 0, 2, 0).text(9, 1, "x").packet(0, 6, 9, 2, 3, 9));
        each(3, bytes, new byte[] {0, 1, 2, 3, 16, 17, 64, -1}, mutation -> {
            read(CtfForm.PACKETS, mutation, 7);
        });
    }

    private static byte[] stream() {
        EventBytes events = new EventBytes().subBuffer(1, 0, 0, 0);
        SampleMetadata.putAll(events, 5).text(6, 1, "x").subBuffer(7, 0, 1, 0);
        return SampleMetadata.putAll(events, 8).subBuffer(9, 0, 2, 0).raw();
    }

    /// Each step moves on, so there are not more of them than bytes; each event is within the bytes.
    private static void read(CtfForm form, byte[] bytes, int piece) {
        try {
            EventMerge merge = new EventMerge();
            CtfMetadata metadata = SampleMetadata.of(form);
            merge.add(new EventStream(new Pieces(bytes, piece), new TypeTable(metadata), 0), metadata.clock());
            int steps = 0;
            while (!merge.hasEnded()) {
                merge.look();
                EventStream event = merge.next(EventMerge.ALL);
                while (event != null) {
                    assertThat(merge.step() == EventStream.Step.EVENT ? event.payload() + event.length() : 0)
                            .isLessThanOrEqualTo(event.bytes().length);
                    EventLines.of(merge.step(), event);
                    steps++;
                    event = merge.next(EventMerge.ALL);
                }
                assertThat(steps).isLessThan(bytes.length + 10);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
