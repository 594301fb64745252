/// The agent, which adds channels to programs that cannot be changed. Not exported: `relayfs-agent.jar`
/// has these classes alone, which the JVM puts on the program's class path; so they need nothing but
/// the JDK. The library is loaded from `relayfs.jar` beside it, by a class loader of its own, and does
/// not meet what the program brings along.
package org.relayfs.agent;
