# doctor says what is wrong and the remedy; clean removes the memory of the dead and leaves that of the living alone.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program unshare
[ "$(id -u)" = 0 ] || skip "only root has namespaces of its own"

# A device for root only, whatever the system's is (field case 28).
mkdir nodes
mount -t tmpfs -o mode=0755 tmpfs nodes
cp -a /dev/fuse nodes/
chmod 0600 nodes/fuse
mount --bind nodes/fuse /dev/fuse
export XDG_STATE_HOME="$work/state"
home=/dev/shm/relayfs-0

# All is well.
expect 0 "$relayfs" doctor
for thing in java device rights library mmap 'shared memory'; do expect_said "$thing"; done
case $said in *remedy*) fail "a remedy for nothing: $said" ;; esac
expect_said "a mount was made, and unmounted"
[ -z "$(our_mounts)" ] || fail "the trial mount is left"
# Field case 24.
expect 0 "$relayfs" doctor --json
expect_said '{"findings":[{"level":"ok","what":"java","text":"'
if command -v python3 >/dev/null 2>&1; then
    "$relayfs" doctor --json | python3 -c 'import json, sys; json.load(sys.stdin)["findings"][0]["remedy"]' || fail "no JSON"
fi
expect 0 "$relayfs" clean
[ -z "$said" ] || fail "clean did something: $said"

# A living daemon and a dead one, with their memory.
mkdir living dead
expect 0 "$relayfs" mount --log-file "$work/log" living
expect 0 "$relayfs" mount --log-file "$work/log" dead
expect 0 "$relayfs" create "$work/dead" app
dead=$(daemon_of "$work/dead")
living=$(daemon_of "$work/living")
kill -KILL "$dead"
while [ -e "/proc/$dead/stat" ] && ! grep -q ') Z ' "/proc/$dead/stat"; do sleep 0.02; done
expect 4 "$relayfs" doctor
expect_said "LEFT"
expect_said "$work/dead: its daemon is gone"
expect_said "relayfs umount -l $work/dead"
expect_said "$work/living answers"
expect_said "$home: 1 folder of processes that have ended"
expect_said "relayfs clean"

# A new mount names what is left, too (field case 11).
mkdir third
expect 0 "$relayfs" mount --log-file "$work/log" third
expect_said "dead processes have left"
expect_said "relayfs clean removes them"
expect 0 "$relayfs" umount third

# A pid that was given to another process is told apart by the start time.
mkdir "$home/$living-1-1" "$home/notes"
echo kept >"$home/notes/file"
expect 0 "$relayfs" clean --dry-run
expect_said "$home/$dead-"
expect_said "$home/$living-1-1"
[ -d "$home/$living-1-1" ] || fail "--dry-run removed something"
expect 0 "$relayfs" clean
expect_said "process $dead has ended"
ls "$home" >left
[ "$(grep -c "^$living-" left)" = 1 ] || fail "the memory of the living daemon: $(cat left)"
grep -q "^$dead-" left && fail "not removed: $(cat left)"
[ "$(cat "$home/notes/file")" = kept ] || fail "what is not ours was removed"
expect 0 "$relayfs" list "$work/living"

# Single folders: all of them or none.
mkdir "$home/99999998-1-1" "$home/99999998-1-2"
expect 1 "$relayfs" clean "$home/99999998-1-1" "$home/$living"-*
expect_said "its owner is alive"
expect 1 "$relayfs" clean "$home/99999998-1-1" "$home/notes"
expect_said "$home/notes: not the shared memory of a process"
expect 1 "$relayfs" clean --all-users "$home/99999998-1-1"
expect 0 "$relayfs" clean --dry-run "$home/99999998-1-1"
[ -d "$home/99999998-1-1" ] || fail "removed, and it should not be"
expect 0 "$relayfs" clean "$home/99999998-1-1"
[ ! -e "$home/99999998-1-1" ] || fail "not removed: $(ls "$home")"
[ -d "$home/99999998-1-2" ] || fail "not named, and removed: $(ls "$home")"
expect 0 "$relayfs" clean "$home/99999998-1-2"

# In other namespaces pids and start times say something else; the lock of the living does not (field case 7).
for namespace in '--time --boottime 100000' '--pid --mount-proc'; do
    # Process 1 of another namespace may hold what jps reads of it, in the same /tmp: the JVM is not to complain.
    mkdir -p "/tmp/hsperfdata_$(id -un)"
    # shellcheck disable=SC2086
    expect 0 flock "/tmp/hsperfdata_$(id -un)/1" unshare $namespace --fork "$relayfs" clean
    rm -f "/tmp/hsperfdata_$(id -un)/1"
    [ -z "$said" ] || fail "unshare $namespace: clean did something: $said"
    # shellcheck disable=SC2086
    expect 4 unshare $namespace --fork "$relayfs" doctor # of the dead mount
    case $said in *'processes that have ended'*) fail "unshare $namespace: $said" ;; esac
done
expect 0 "$relayfs" list "$work/living"

# What cannot be removed is told, and the others are removed all the same.
mkdir -p "$home/999999996-1-1/app.1" "$home/999999997-1-1"
mount -t tmpfs tmpfs "$home/999999996-1-1/app.1"
expect 2 "$relayfs" clean
expect_said "relayfs: app.1: Device or resource busy"
expect_said "$home/999999997-1-1: process 999999997 has ended"
umount "$home/999999996-1-1/app.1"
expect 0 "$relayfs" clean
expect_said "$home/999999996-1-1: process 999999996 has ended"

# No link leads out of the folder, neither as a whole nor from inside.
mkdir outside "$home/999999998-1-1"
echo kept >outside/file
ln -s "$work/outside" "$home/999999998-1-1/link"
ln -s "$work/outside" "$home/999999999-1-1"
"$relayfs" clean >/dev/null 2>&1 || true
[ "$(cat outside/file)" = kept ] || fail "a link was followed"
[ ! -e "$home/999999998-1-1" ] || fail "a folder with a link in it was left"
rm "$home/999999999-1-1"

# Somebody removes the memory of a living daemon (field case 10): its channels go on, new ones get a folder.
mkdir robbed
expect 0 "$relayfs" mount --log-file "$work/log" robbed
expect 0 "$relayfs" create robbed old global=1
rm -rf "$home"/"$(daemon_of "$work/robbed")"-*
expect 4 "$relayfs" doctor
expect_said "its shared memory was removed"
if [ "$(id -u)" = 0 ]; then
    # A container has a shared memory of its own.
    # shellcheck disable=SC2016 # for the other shell
    said=$(unshare -m sh -c 'mount -t tmpfs -o mode=1777 tmpfs /dev/shm && exec "$1" doctor' sh "$relayfs") || true
    expect_said "shared memory  /dev/shm"
    case $said in *"its shared memory was removed"*) fail "another's /dev/shm was taken for this one: $said" ;; esac
fi
echo record >robbed/old/write
[ "$(cat robbed/old/cpu*[0-9])" = record ] || fail "a record was lost with the name of its memory"
expect 0 "$relayfs" create robbed new
[ -n "$(ls -d "$home"/"$(daemon_of "$work/robbed")"-*/new.*)" ] || fail "no new folder: $(ls -R "$home")"
expect 0 "$relayfs" umount robbed

# A daemon that does not answer keeps nobody waiting.
kill -STOP "$living"
expect 4 "$relayfs" doctor
expect_said "$work/living: no answer in"
expect_said "kill -CONT"
expect 32 "$relayfs" mount "$work/living"
expect_said "$work/living: the mount here has not answered within"
kill -CONT "$living"

# The memory of another user: root sees it, and removes it when asked to.
mkdir -m 0700 /dev/shm/relayfs-12345
mkdir /dev/shm/relayfs-12345/999999999-1-1
chown -R 12345 /dev/shm/relayfs-12345
expect 4 "$relayfs" doctor
expect_said "relayfs clean --all-users"
expect 0 "$relayfs" clean
[ -d /dev/shm/relayfs-12345/999999999-1-1 ] || fail "the memory of another user was removed"
expect 0 "$relayfs" clean --all-users
[ ! -e /dev/shm/relayfs-12345 ] || fail "the memory of another user was left"
expect 0 "$relayfs" umount -l dead
expect 0 "$relayfs" umount living
rm -r "$home/notes"
expect 0 "$relayfs" doctor

# What keeps relayfs from working.
chmod 0755 "$home" 2>/dev/null || mkdir -m 0755 "$home"
expect 2 "$relayfs" doctor
expect_said "remedy: chmod 0700 $home"
rmdir "$home"
let_others_reach_relayfs
expect 2 setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$relayfs" doctor
expect_said "/dev/fuse cannot be opened"
expect_said "remedy: "
expect 1 setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$relayfs" clean --all-users
expect_said "only for root"
expect 2 setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$relayfs" doctor
expect_said "CAP_SYS_ADMIN"
mkdir devices
mount -t tmpfs tmpfs devices
cp -a /dev/null /dev/urandom /dev/random devices/
mkdir -m 1777 devices/shm
mount --move devices /dev 2>/dev/null || mount --bind devices /dev
expect 2 "$relayfs" doctor
expect_said "there is no /dev/fuse"
expect_said "modprobe fuse"
