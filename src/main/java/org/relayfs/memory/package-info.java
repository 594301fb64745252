/// Mapped files and the folders of shared memory they lie in. Not exported: nothing here checks an address.
package org.relayfs.memory;
