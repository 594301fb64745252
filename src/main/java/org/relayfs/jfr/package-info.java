/// Events of JDK Flight Recorder in a channel of events. Needs the module `jdk.jfr`; nothing else of relayfs loads it.
package org.relayfs.jfr;
