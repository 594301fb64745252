# A daemon's life: mounted when the command returns, gone when umount returns; nothing is left, twenty times over.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
mkdir mnt "mnt 2"

daemons() { pgrep -f "mount -f .*$work/mnt" || true; }
# The shared memory of a process: folders are named PID-STARTTIME-NUMBER.
memory_of() { find /dev/shm -maxdepth 2 -path "*/relayfs-*/$1-*" 2>/dev/null; }

round=0
while [ "$round" -lt 20 ]; do
    round=$((round + 1))
    expect 0 "$relayfs" mount --log-file "$work/log" mnt
    [ -z "$said" ] || fail "said on success: $said"
    case $(our_mounts) in "$work/mnt") ;; *) fail "round $round: not mounted" ;; esac
    grep -q '^relayfs ' mnt/version || fail "round $round: $(cat mnt/version)"
    daemon=$(daemons)
    [ -n "$daemon" ] || fail "no daemon"
    [ -n "$(memory_of "$daemon")" ] || fail "no shared memory of $daemon"
    expect 0 "$relayfs" umount mnt
    [ -z "$(our_mounts)" ] || fail "round $round: still mounted"
    [ -z "$(daemons)" ] || fail "round $round: a daemon is left: $(daemons)"
    [ -z "$(memory_of "$daemon")" ] || fail "round $round: shared memory is left: $(memory_of "$daemon")"
done

# SIGTERM ends it as cleanly. The daemon prints one line when it answers. A pid file goes with it.
mkfifo said_by_daemon
"$relayfs" mount -f --pid-file pid "$work/mnt" >said_by_daemon 2>log2 &
daemon=$!
read -r line <said_by_daemon
[ "$line" = "mounted on $work/mnt" ] || fail "said: $line"
[ "$(cat pid)" = "$daemon" ] || fail "pid file: $(cat pid), process $daemon"
kill -TERM "$daemon"
wait "$daemon" || true
[ -z "$(our_mounts)" ] || fail "SIGTERM left the mount"
[ ! -e pid ] || fail "SIGTERM left the pid file"
[ -z "$(memory_of "$daemon")" ] || fail "SIGTERM left shared memory: $(memory_of "$daemon")"

# So does a SIGTERM that comes while it is still mounting.
"$relayfs" mount -f "$work/mnt" >/dev/null 2>log3 &
daemon=$!
tries=0
while [ -z "$(memory_of "$daemon")" ] && [ "$tries" -lt 1000 ]; do
    tries=$((tries + 1))
    sleep 0.01
done
kill -TERM "$daemon"
wait "$daemon" || true
[ -z "$(our_mounts)" ] || fail "an early SIGTERM left the mount"
[ -z "$(memory_of "$daemon")" ] || fail "an early SIGTERM left shared memory: $(memory_of "$daemon")"

# The pid file of a daemon; not through a link, and not where it cannot be.
echo 1 >pid
expect 0 "$relayfs" mount --log-file "$work/log" --pid-file pid mnt
[ "$(cat pid)" = "$(daemons)" ] || fail "pid file: $(cat pid), daemon $(daemons)"
expect 0 "$relayfs" umount mnt
[ ! -e pid ] || fail "umount left the pid file"
echo kept >kept
ln -s kept pid
expect 2 "$relayfs" mount --log-file "$work/log" --pid-file pid mnt
expect_said "cannot write the pid file $work/pid"
[ "$(cat kept)" = kept ] || fail "the pid file was written through a link"
[ -z "$(our_mounts)" ] || fail "mounted without its pid file"

# Names with spaces; a second mount on the same folder; a folder that is not there; umount of a busy one.
expect 0 "$relayfs" mount --log-file "$work/log" "mnt 2"
expect 32 "$relayfs" mount --log-file "$work/log" "mnt 2"
expect_said "mnt 2"
(
    cd "mnt 2"
    code=0
    said=$("$relayfs" umount "$work/mnt 2" 2>&1) || code=$?
    [ "$code" = 32 ] || fail "umount of a busy mount ended with $code: $said"
    expect_said "-l detaches it"
)
expect 0 "$relayfs" umount "mnt 2"
expect 32 "$relayfs" mount --log-file "$work/log" absent
expect_said "absent"
expect 1 "$relayfs" mount -o no_such_option mnt
expect_said "no_such_option"
