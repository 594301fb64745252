/// What the loggers of the JVM write: one family of event types, the same from every framework, and the settings that
/// all of them take. `docs/logging.md` is the manual.
package org.relayfs.logging;
