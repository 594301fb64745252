package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Compares what there is after a test with what there was before it, removes what is left, and fails.
final class NothingIsLeft implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(NothingIsLeft.class);
    private static final String BEFORE = "before";

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        context.getStore(NAMESPACE).put(BEFORE, Leftovers.now());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Leftovers before = context.getStore(NAMESPACE).get(BEFORE, Leftovers.class);
        assertThat(before.awaitNothingMore()).as("left behind by the test").isEmpty();
    }
}
