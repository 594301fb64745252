# The command line: its words and its exit codes, without a mount.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

expect 0 "$relayfs" version
expect_said "relayfs "
expect_said "layout "
case $said in *WARNING*) fail "the JDK warned: $said" ;; esac
expect 0 "$relayfs" --version
expect_said "relayfs "
expect 0 "$relayfs" --help
expect_said "mount"
expect 0 "$relayfs" help mount
expect_said "--foreground"

expect 1 "$relayfs"
expect_said "Which command?"
expect 1 "$relayfs" frobnicate
expect_said "frobnicate"
expect 1 "$relayfs" mount
expect_said "DIR"
expect 1 "$relayfs" mount / -f
expect_said "/ cannot be a mount point"
expect 32 "$relayfs" mount missing/folder
expect_said "No such directory"

expect 32 "$relayfs" umount "$work"
expect_said "is not mounted"
expect 1 "$relayfs" umount /proc
expect_said "left alone"
