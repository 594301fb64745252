package org.relayfs.fuse.control;

import org.relayfs.tree.Node;

/// What libfuse makes of one request: it calls the operations of the control plane, in the thread that has handed the
/// request over. Belongs to that thread, request after request.
public final class ControlCall {
    private boolean lookup;
    private boolean answered;
    private Node found;

    ControlCall() {}

    /// A request is about to be handed to libfuse.
    ///
    /// @param isLookup true for a LOOKUP
    public void begin(boolean isLookup) {
        lookup = isLookup;
        answered = false;
        found = null;
    }

    boolean isLookup() {
        return lookup;
    }

    void setFound(Node node) {
        found = node;
    }

    /// {@return what a LOOKUP has found, or null}
    public Node found() {
        return found;
    }

    void setAnswered() {
        answered = true;
    }

    /// An operation that fails before it begins, for want of memory or of a class, is a success to libfuse, with
    /// nothing read and nothing written.
    ///
    /// @return true when an operation has come to its end
    public boolean isAnswered() {
        return answered;
    }
}
