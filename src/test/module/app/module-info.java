module app {
    requires org.relayfs;
}
