# Field case 21: who waits in a read or a poll can be frozen (a container that is paused, the system that is suspended)
# while the daemon runs, and goes on afterwards without losing a byte. While the daemon is stopped the kernel lets nobody
# freeze whose request it has taken.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
[ "$(id -u)" = 0 ] || skip "only root has control groups of its own"
mkdir relay groups
mount -t cgroup2 none groups 2>/dev/null || skip "there are no control groups of version 2"
group=groups/relayfs-test-$$
leave() {
    kill -KILL "${reader:-}" "${poller:-}" 2>/dev/null || true
    echo 0 >"$group/cgroup.freeze" 2>/dev/null || true
    [ -z "${daemon:-}" ] || kill -CONT "$daemon" 2>/dev/null || true
    detach_mounts
    sleep 0.2
    rmdir "$group" 2>/dev/null || true
    umount groups 2>/dev/null || true
}
trap leave EXIT
mkdir "$group" 2>/dev/null || skip "there can be no control group of ours"
[ -e "$group/cgroup.freeze" ] || skip "control groups cannot be frozen here"

freeze_is() {
    tries=0
    until grep -q "^frozen $1" "$group/cgroup.events"; do
        tries=$((tries + 1))
        [ "$tries" -lt "${2:-100}" ] || return 1
        sleep 0.05
    done
}

wait_for() {
    tries=0
    until eval "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "in vain: $1"
        sleep 0.05
    done
}

expect 0 "$relayfs" mount --log-file "$work/log" relay
daemon=$(pgrep -f "mount -f .*$work/relay")
expect 0 "$relayfs" create "$work/relay" app global=1 blocking=1
dd if=relay/app/cpu0 bs=64K count=1 status=none >read.said 2>&1 &
reader=$!
python3 -c 'import os, select, sys
poll = select.poll()
poll.register(os.open(sys.argv[1], os.O_RDONLY), select.POLLIN)
print(len(poll.poll()))' relay/app/cpu0 >poll.said 2>&1 &
poller=$!
# shellcheck disable=SC2016 # for later
wait_for 'grep -q request_wait_answer /proc/$reader/wchan 2>/dev/null || [ "$(cut -d " " -f 3 /proc/$reader/stat)" = S ]'
sleep 0.3
echo "$reader" >"$group/cgroup.procs"
echo "$poller" >"$group/cgroup.procs"

echo 1 >"$group/cgroup.freeze"
freeze_is 1 || fail "they are not frozen: $(cat "$group/cgroup.events")"
echo hello >relay/app/write
echo 1 >relay/app/flush
echo 0 >"$group/cgroup.freeze"
wait "$reader" || fail "the reader ended with $?: $(cat read.said)"
kill "$poller" 2>/dev/null || true
wait "$poller" || true
[ "$(cat read.said)" = hello ] || fail "read: $(cat read.said)"

# A daemon that is stopped does not answer.
dd if=relay/app/cpu0 bs=64K count=1 status=none >read.said 2>&1 &
reader=$!
sleep 0.5
echo "$reader" >"$group/cgroup.procs"
kill -STOP "$daemon"
echo 1 >"$group/cgroup.freeze"
if freeze_is 1 10; then fail "the kernel freezes them all the same: say so in semantics.md"; fi
kill -CONT "$daemon"
freeze_is 1 || fail "it is not frozen when the daemon goes on: $(cat "$group/cgroup.events")"
echo 0 >"$group/cgroup.freeze"
kill "$reader"
wait "$reader" || true
expect 0 "$relayfs" umount relay
