package org.relayfs.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.relayfs.fuse.MountOptions;

final class LibFuseArgumentsTest {
    @Test
    void theTypeIsAlwaysSetAndNothingIsRemembered() {
        assertThat(LibFuseArguments.of(MountOptions.defaults()))
                .element(2)
                .asString()
                .contains("fsname=relayfs", "subtype=relayfs", "entry_timeout=0", "attr_timeout=0")
                .doesNotContain("allow_other", "default_permissions", "ro,");
    }

    @Test
    void whatIsAskedForIsHandedOn() {
        assertThat(LibFuseArguments.of(MountOptions.defaults()
                        .withAllowOther(true)
                        .withDefaultPermissions(true)
                        .withReadOnly(true)
                        .withExtra(List.of("noatime"))))
                .element(2)
                .asString()
                .startsWith("noatime,")
                .endsWith(",allow_other,default_permissions,ro");
    }

    /// The last word counts: permissions are checked when a name is looked up.
    @Test
    void nobodyMakesTheKernelRememberNames() {
        assertThat(LibFuseArguments.of(MountOptions.defaults().withExtra(List.of("entry_timeout=9"))))
                .element(2)
                .asString()
                .matches("entry_timeout=9,.*entry_timeout=0,.*");
    }
}
