# Field case 17: a copy of the mount in another mount namespace keeps its daemon alive: umount says which process has it,
# soon, and the next mount on that folder is not taken for the first.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program unshare
need_program nsenter
[ "$(id -u)" = 0 ] || skip "only root has mount namespaces of its own"
mkdir "mnt 1"
mnt="$work/mnt 1"

# A zombie is gone: nobody may have taken notice of its end.
gone() { [ ! -e "/proc/$1/stat" ] || grep -q ') Z ' "/proc/$1/stat"; }
newest_daemon() { pgrep -n -f "mount -f $mnt"; }

expect 0 "$relayfs" mount --log-file "$work/log" "$mnt"
first=$(newest_daemon)
unshare -m sleep 300 &
holder=$!
trap 'kill $holder 2>/dev/null || true; detach_mounts' EXIT
tries=0
while [ "$(readlink "/proc/$holder/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || fail "no namespace"
    sleep 0.05
done
expect 2 timeout 9 "$relayfs" umount "$mnt"
expect_said "unmounted here, but process $holder (sleep) has a copy of the mount on $work/mnt\\0401, which"
expect_said "its daemon, process $first, alive"
expect_said "nsenter -t $holder -m umount $work/mnt\\0401"
[ -z "$(our_mounts)" ] || fail "not unmounted here"

# The next one is another.
expect 0 "$relayfs" mount --log-file "$work/log" "$mnt"
second=$(newest_daemon)
[ "$first" != "$second" ] || fail "no daemon of its own"
expect 0 timeout 30 "$relayfs" umount "$mnt"
gone "$second" || fail "the second daemon is left"
! gone "$first" || fail "the first daemon has gone with the second"

# The remedy helps.
nsenter -t "$holder" -m umount "$mnt"
tries=0
until gone "$first"; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "the first daemon is left"
    sleep 0.05
done
kill "$holder"
expect 32 "$relayfs" umount "$mnt"
expect_said "is not mounted"

# Nor does a second name of it here.
mkdir second
expect 0 "$relayfs" mount --log-file "$work/log" "$mnt"
mount --bind "$mnt" second
expect 2 timeout 9 "$relayfs" umount "$mnt"
expect_said "unmounted here, but this mount is also on $work/second"
expect_said "; umount $work/second"
expect 0 "$relayfs" umount second

# A daemon that is stopped: no copy is blamed, and nobody waits for ever.
expect 0 "$relayfs" mount --log-file "$work/log" "$mnt"
third=$(newest_daemon)
kill -STOP "$third"
expect 2 timeout 40 "$relayfs" umount "$mnt"
expect_said "unmounted, but its daemon, process $third, has not ended in 10 s; kill -KILL $third ends it"
kill -CONT "$third"
