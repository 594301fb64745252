/// The agent's part that the library's own class loader has. Not exported.
package org.relayfs.agent.logging;
