/// Events: what their types are.
package org.relayfs.event;
