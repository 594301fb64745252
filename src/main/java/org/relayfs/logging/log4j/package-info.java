/// An appender for Log4j 2. Whoever loads it has `log4j-core`.
package org.relayfs.logging.log4j;
