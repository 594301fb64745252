module intruder {
    requires org.relayfs;
}
