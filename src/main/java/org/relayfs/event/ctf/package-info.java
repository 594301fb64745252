/// Events as CTF 1.8, the Common Trace Format: its metadata, and the decoding of its streams. Not exported.
package org.relayfs.event.ctf;
