/// Events as a trace that Perfetto shows: a stream of protobuf messages, written by hand. Not exported.
package org.relayfs.event.perfetto;
