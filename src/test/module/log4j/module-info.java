/// A modular program that logs by Log4j and knows nothing of relayfs.
module app {
    requires org.apache.logging.log4j;
}
