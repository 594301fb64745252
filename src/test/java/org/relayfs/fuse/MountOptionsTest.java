package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MountOptionsTest {
    @Test
    void aChangeLeavesTheOriginalAndTheRestAsTheyWere() {
        MountOptions plain = MountOptions.defaults();
        MountOptions changed = plain.withUid(7)
                .withGid(8)
                .withRootMode(0700)
                .withMaxChannels(9)
                .withMaxFiles(10)
                .withHandlerTimeout(Duration.ofMillis(11))
                .withAllowOther(true)
                .withDefaultPermissions(true)
                .withReadOnly(true)
                .withMmap(MmapMode.OFF)
                .withThreads(5);

        assertThat(plain).usingRecursiveComparison().isEqualTo(MountOptions.defaults());
        assertThat(changed.uid()).hasValue(7);
        assertThat(changed.gid()).hasValue(8);
        assertThat(changed.rootMode()).isEqualTo(0700);
        assertThat(changed.maxChannels()).isEqualTo(9);
        assertThat(changed.maxFiles()).isEqualTo(10);
        assertThat(changed.handlerTimeout()).isEqualTo(Duration.ofMillis(11));
        assertThat(changed.allowOther()).isTrue();
        assertThat(changed.defaultPermissions()).isTrue();
        assertThat(changed.readOnly()).isTrue();
        assertThat(changed.mmap()).isEqualTo(MmapMode.OFF);
        assertThat(changed.threads()).isEqualTo(5);
    }

    @Test
    void limitsAreAllowedThemselves() {
        assertThat(MountOptions.defaults().withThreads(64).threads()).isEqualTo(64);
        assertThat(MountOptions.defaults().withThreads(1).threads()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withThreads(65))
                .withMessageContaining("limit=1 to 64");
        assertThat(MountOptions.defaults().withMaxChannels(1).maxChannels()).isEqualTo(1);
        assertThat(MountOptions.defaults().withMaxFiles(1).maxFiles()).isEqualTo(1);
        assertThat(MountOptions.defaults()
                        .withHandlerTimeout(Duration.ofHours(1))
                        .handlerTimeout())
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatTheCallerChangesLaterIsNoOption() {
        List<String> words = new ArrayList<>(List.of("nonempty"));
        MountOptions options = MountOptions.defaults().withExtra(words);
        words.add("ro");
        assertThat(options.extra()).containsExactly("nonempty");
    }

    @Test
    void aWrongValueIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withThreads(0))
                .withMessageContaining("threads=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withRootMode(01777))
                .withMessageContaining("mode=1777");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withMaxChannels(0))
                .withMessageContaining("nr_channels=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withMaxFiles(0))
                .withMessageContaining("count=0, limit=1 or more");
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofMillis(3_600_001))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MountOptions.defaults().withHandlerTimeout(wrong))
                    .withMessageContaining("value=" + wrong + ", limit=1 ms to 1 h");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MmapMode.of("both"))
                .withMessageContaining("mmap=both");
    }

    @Test
    void anMmapModeIsAWholeWord() {
        for (MmapMode mode : MmapMode.values()) {
            assertThat(MmapMode.of(mode.text())).isSameAs(mode);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MmapMode.of("pass"))
                .withMessageContaining("mmap=pass, limit=auto");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MmapMode.of(""))
                .withMessageContaining("mmap=, limit=auto");
    }
}
