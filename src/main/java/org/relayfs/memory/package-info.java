/// Mapped files and the folders of shared memory that hold them. Not exported: nothing here checks an address.
package org.relayfs.memory;
