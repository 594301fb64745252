/// The agent's part that knows Log4j 2. Not exported; loaded once for each Log4j of a program.
package org.relayfs.agent.log4j;
