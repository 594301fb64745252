# Field case 21: who waits in a read or a poll can be frozen (a container that is paused, the system that is suspended)
# while the daemon runs, and goes on afterwards without losing a byte; so can the commands that wait. While the daemon is
# stopped the kernel lets nobody freeze who waits for its answer: not those whose read it has taken, nor the commands,
# which look again and again. They freeze when it goes on. SIGKILL ends without it only those whose request it has not
# taken.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
[ "$(id -u)" = 0 ] || skip "only root has control groups of its own"
mkdir relay groups
mount -t cgroup2 none groups 2>/dev/null || skip "there are no control groups of version 2"
group=groups/relayfs-test-$$
leave() {
    echo 0 >"$group/cgroup.freeze" 2>/dev/null || true
    [ -z "${daemon:-}" ] || kill -CONT "$daemon" 2>/dev/null || true
    for process in ${reader:-} ${asker:-} ${poller:-} ${follower:-} ${recorder:-}; do kill -KILL "$process" 2>/dev/null || true; done
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

# Twice, for it also waits while it opens the file.
waits_for_answer() {
    grep -q request_wait_answer "/proc/$1/wchan" 2>/dev/null && sleep 0.2 && grep -q request_wait_answer "/proc/$1/wchan"
}

# The shell may have taken notice already, or not.
has_ended() { [ ! -e "/proc/$1/status" ] || grep -q '^State:.Z' "/proc/$1/status"; }

# start_poller poll|epoll: waits for relay/app/cpu0 in the system call of that name.
start_poller() {
    python3 -c 'import os, select, sys
waits = getattr(select, sys.argv[1])()
waits.register(os.open(sys.argv[2], os.O_RDONLY), select.POLLIN)
print(sys.argv[1], flush=True)
print(len(waits.poll()))' "$1" relay/app/cpu0 >poll.said 2>&1 &
    poller=$!
    wait_for "grep -q $1 poll.said"
    wait_for "grep -q poll /proc/$poller/wchan"
    sleep 0.2
}

# A signal takes effect thread by thread, and a thread that still runs answers.
stop_daemon() {
    kill -STOP "$daemon"
    wait_for "! grep -hv ') T ' /proc/$daemon/task/*/stat"
}

expect 0 "$relayfs" mount --log-file "$work/log" relay
daemon=$(daemon_of "$work/relay")
expect 0 "$relayfs" create "$work/relay" app global=1 blocking=1
dd if=relay/app/cpu0 bs=64K count=1 status=none >read.said 2>&1 &
reader=$!
start_poller poll
wait_for "waits_for_answer $reader"
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
wait_for "waits_for_answer $reader"
echo "$reader" >"$group/cgroup.procs"
stop_daemon
echo 1 >"$group/cgroup.freeze"
if freeze_is 1 10; then fail "the kernel freezes them all the same: say so in semantics.md"; fi
kill -CONT "$daemon"
freeze_is 1 || fail "it is not frozen when the daemon goes on: $(cat "$group/cgroup.events")"
echo 0 >"$group/cgroup.freeze"
kill "$reader"
wait "$reader" || true

# SIGKILL: of two who wait for it, only the later one, whose request it has not taken, ends before it goes on.
dd if=relay/app/cpu0 bs=64K count=1 status=none >read.said 2>&1 &
reader=$!
wait_for "waits_for_answer $reader"
stop_daemon
cat relay/app/stats >/dev/null 2>&1 &
asker=$!
wait_for "waits_for_answer $asker"
kill -KILL "$reader" "$asker"
wait_for "has_ended $asker"
grep -q '^State:.D' "/proc/$reader/status" || fail "SIGKILL ends a taken request: say so in semantics.md"
kill -CONT "$daemon"
wait_for "has_ended $reader"
wait "$reader" "$asker" || true

# The kernel asks it before a poll gives way, and not before an epoll does.
for call in poll epoll; do
    start_poller "$call"
    echo "$poller" >"$group/cgroup.procs"
    stop_daemon
    echo 1 >"$group/cgroup.freeze"
    answer=epoll
    freeze_is 1 20 || answer=poll
    [ "$answer" = "$call" ] || fail "without the daemon, $call: $(cat "$group/cgroup.events")"
    kill -CONT "$daemon"
    freeze_is 1 || fail "$call is not frozen: $(cat "$group/cgroup.events")"
    echo 0 >"$group/cgroup.freeze"
    kill "$poller"
    wait "$poller" || true
done

# The commands, while nothing comes and while something does.
expect 0 "$relayfs" create "$work/relay" other global=1
"$relayfs" cat -f "$work/relay" app >followed 2>&1 &
follower=$!
"$relayfs" record -o recorded "$work/relay" other >record.said 2>&1 &
recorder=$!
echo first >relay/app/write
wait_for '[ -e recorded/cpu0 ]'
wait_for 'grep -q first followed'
for process in "$follower" "$recorder"; do echo "$process" >"$group/cgroup.procs"; done
for i in 1 2 3 4 5 6 7 8 9 10; do
    echo 1 >"$group/cgroup.freeze"
    freeze_is 1 || fail "the commands are not frozen the ${i}th time: $(cat "$group/cgroup.events")"
    echo "line $i" >relay/app/write
    echo "line $i" >relay/other/write
    echo 0 >"$group/cgroup.freeze"
    freeze_is 0 || fail "the commands do not go on"
done
wait_for 'grep -q "line 10" followed'
stop_daemon
sleep 0.5 # the follower looks five times a second, the recorder too
echo 1 >"$group/cgroup.freeze"
if freeze_is 1 10; then fail "the commands wait outside of the mount now: say so in semantics.md"; fi
kill -CONT "$daemon"
freeze_is 1 || fail "the commands are not frozen when the daemon goes on: $(cat "$group/cgroup.events")"
echo 0 >"$group/cgroup.freeze"
kill -INT "$recorder"
wait "$recorder" || fail "record ended with $?: $(cat record.said)"
lines=$(for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i"; done)
[ "$(cat followed)" = "first
$lines" ] || fail "cat -f printed: $(cat followed)"
[ "$(cat recorded/cpu0)" = "$lines" ] || fail "record wrote: $(cat recorded/cpu0)"
stop_daemon
sleep 0.5
kill -KILL "$follower"
wait "$follower" || true
kill -CONT "$daemon"
expect 0 "$relayfs" umount relay
