package org.relayfs.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A class of tests on a real mount: they are skipped where nothing can be mounted (`RELAYFS_REQUIRE_FUSE=1` makes
/// that a failure), and each must leave no mount, process, thread or file behind, also when it fails.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({FuseCondition.class, NothingIsLeft.class})
public @interface MountTest {}
