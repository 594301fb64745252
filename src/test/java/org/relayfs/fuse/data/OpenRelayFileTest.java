package org.relayfs.fuse.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

final class OpenRelayFileTest {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;

    private final OpenRelayFile open = new OpenRelayFile(O_RDONLY, true, 0);
    private final MemorySegment target = Arena.ofAuto().allocate(100);

    private static MemorySegment[] pieces(String... texts) {
        MemorySegment[] pieces = new MemorySegment[texts.length];
        for (int i = 0; i < texts.length; i++) {
            pieces[i] = MemorySegment.ofArray(texts[i].getBytes(StandardCharsets.US_ASCII));
        }
        return pieces;
    }

    private String again(long offset, int length) throws ErrnoException {
        int count = open.again(offset, length, target);
        byte[] bytes = new byte[count];
        MemorySegment.copy(target, 0, MemorySegment.ofArray(bytes), 0, count);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Test
    void aReadThatContinuesGetsTheStream() throws ErrnoException {
        assertThat(again(0, 10)).isEmpty();
        open.delivers(0, pieces("abc", "defg"), 2, 7);
        assertThat(again(7, 10)).isEmpty();
    }

    @Test
    void theLastSmallReadCanBeReadAgain() throws ErrnoException {
        open.delivers(0, pieces("abc", "defg"), 2, 7);
        assertThat(again(2, 3)).isEqualTo("cde");
        assertThat(again(0, 100)).isEqualTo("abcdefg");
        open.delivers(7, pieces("hi"), 1, 2);
        assertThat(again(8, 100)).isEqualTo("i");
    }

    @Test
    void elsewhereIsRefused() throws ErrnoException {
        open.delivers(0, pieces("abc"), 1, 3);
        open.delivers(3, pieces("def"), 1, 3);
        assertThat(catchThrowableOfType(ErrnoException.class, () -> open.again(1, 1, target))
                        .errno())
                .isEqualTo(Errno.ESPIPE);
        assertThat(again(0, 1)).isEmpty();
    }

    @Test
    void furtherOnIsNotThereYet() throws ErrnoException {
        open.delivers(0, pieces("abc"), 1, 3);
        assertThat(open.ahead(3)).isZero();
        assertThat(again(7, 1)).isEmpty();
        assertThat(open.ahead(7)).isEqualTo(4);
        open.skipTo(7);
        assertThat(open.ahead(7)).isZero();
        assertThat(again(7, 1)).isEmpty();
    }

    @Test
    void aLargeReadIsNotKept() {
        open.delivers(0, new MemorySegment[] {Arena.ofAuto().allocate(100_000)}, 1, 100_000);
        assertThat(catchThrowableOfType(ErrnoException.class, () -> open.again(99_999, 1, target)))
                .isNotNull();
    }

    @Test
    void whatWasNotTakenIsStillTheStream() throws ErrnoException {
        open.delivers(0, pieces("abc"), 1, 3);
        open.takeBack(0);
        assertThat(again(0, 10)).isEmpty();
    }

    @Test
    void aWriteMovesThePosition() throws ErrnoException {
        OpenRelayFile both = new OpenRelayFile(O_RDWR, true, 0);
        both.hasWritten(4000, 10);
        assertThat(both.again(4010, 1, target)).isZero();
        assertThat(both.isReader()).isTrue();
        assertThat(new OpenRelayFile(O_WRONLY, true, 0).isReader()).isFalse();
    }

    @Test
    void withoutPositionsEveryOffsetIsTheStream() throws ErrnoException {
        assertThat(new OpenRelayFile(O_RDONLY, false, 0).again(12345, 1, target))
                .isZero();
    }
}
