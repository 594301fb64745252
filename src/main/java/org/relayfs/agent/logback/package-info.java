/// The agent's part that knows Logback. Not exported; loaded once for each Logback of a program.
package org.relayfs.agent.logback;
