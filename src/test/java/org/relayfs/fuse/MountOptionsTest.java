package org.relayfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MountOptionsTest {
    @Test
    void theTypeIsAlwaysSetAndNothingIsRemembered() {
        assertThat(MountOptions.defaults().arguments())
                .element(2)
                .asString()
                .contains("fsname=relayfs", "subtype=relayfs", "entry_timeout=0", "attr_timeout=0")
                .doesNotContain("allow_other", "default_permissions", "ro,");
    }

    @Test
    void whatIsAskedForIsHandedOn() {
        assertThat(MountOptions.defaults()
                        .withAllowOther(true)
                        .withDefaultPermissions(true)
                        .withReadOnly(true)
                        .withExtra(List.of("noatime"))
                        .arguments())
                .element(2)
                .asString()
                .endsWith(",allow_other,default_permissions,ro,noatime");
    }

    @Test
    void aWrongValueIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MountOptions.defaults().withThreads(0))
                .withMessageContaining("threads=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MmapMode.of("both"))
                .withMessageContaining("mmap=both");
    }

    @Test
    void everyModeIsReadAsItIsWritten() {
        for (MmapMode mode : MmapMode.values()) {
            assertThat(MmapMode.of(mode.text())).isEqualTo(mode);
        }
    }
}
