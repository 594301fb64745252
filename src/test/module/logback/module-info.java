/// A modular program that logs by SLF4J and knows nothing of relayfs.
module app {
    requires org.slf4j;
}
