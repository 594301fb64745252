# A daemon that has nothing to do keeps little memory for itself: 64 MiB at most, without a class cache. The options of the
# user take the place of those that see to that.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse

mkdir relay
unset RELAYFS_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
expect 0 "$relayfs" mount --log-file "$work/log" --pid-file "$work/pid" relay

private_kib() { awk '/^Private_(Clean|Dirty)/ { sum += $2 } END { print sum }' "/proc/$(cat pid)/smaps_rollup"; }
# The compiler's memory goes back every ten seconds.
tries=0
while [ "$(private_kib)" -gt 65536 ]; do
    tries=$((tries + 1))
    [ "$tries" -le 60 ] || fail "an idle daemon has $(private_kib) KiB of its own"
    sleep 0.5
done
arguments() { tr '\0' '\n' <"/proc/$(cat pid)/cmdline"; }
arguments | grep -qx -- -XX:InitialRAMPercentage=0.01 || fail "a heap of any size: $(arguments)"
expect 0 "$relayfs" umount relay

export JAVA_TOOL_OPTIONS='-Xms32m -Xmx64m' RELAYFS_OPTS=-XX:TrimNativeHeapInterval=60000
expect 0 "$relayfs" mount --log-file "$work/log" --pid-file "$work/pid" relay
if arguments | grep -q -e InitialRAMPercentage -e NewSize -e TrimNativeHeapInterval=10000; then fail "not the user's: $(arguments)"; fi
if tr '\0' '\n' <"/proc/$(cat pid)/environ" | grep -q RELAYFS_DAEMON; then fail "the daemon has the launcher's words"; fi
expect 0 "$relayfs" umount relay
