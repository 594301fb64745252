/// One program a feature; `docs/CONTRIBUTING.md` says how to run them. Each is run by a test.
package org.relayfs.examples;
