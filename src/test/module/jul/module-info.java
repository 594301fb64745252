/// A modular program that logs by java.util.logging and knows nothing of relayfs.
module app {
    requires java.logging;
}
