package org.relayfs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Compares what there is after a test with what there was before it, removes what is left, and fails.
final class NothingIsLeft implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(NothingIsLeft.class);
    private static final String BEFORE = "before";
    private static final String MAPPINGS = "mappings";

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        context.getStore(NAMESPACE).put(MAPPINGS, Leftovers.mappingsNow());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        context.getStore(NAMESPACE).put(BEFORE, Leftovers.now());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Leftovers before = context.getStore(NAMESPACE).get(BEFORE, Leftovers.class);
        assertThat(before.awaitNothingMore()).as("left behind by the test").isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        Leftovers before = context.getStore(NAMESPACE).get(MAPPINGS, Leftovers.class);
        assertThat(before.awaitNothingMore()).as("left mapped by the class").isEmpty();
    }
}
