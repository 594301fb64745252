/// An appender for Logback. Whoever loads it has `logback-classic`.
package org.relayfs.logging.logback;
