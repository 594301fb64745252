/// Events of JDK Flight Recorder in channels.
package org.relayfs.jfr;
