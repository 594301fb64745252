# After install, mount(8) knows relayfs: by its command line, as fuse.relayfs and from an fstab. Uninstall leaves nothing.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
need_fuse
in_private_system
[ -L /sbin ] || skip "/sbin is not below /usr here"
unset RELAYFS_JAR
find /usr | sort >before
expect 0 "$top/mount-scripts/install"
cache=/usr/local/share/relayfs/relayfs.aot
[ -s "$cache" ] || fail "no cache of classes was made: $said"
[ "$(stat -c %y "$cache")" = "$(stat -c %y "${cache%.aot}.jar")" ] || fail "the launcher will not use the cache"
mkdir relay

# Word for word; umount ends the daemon.
is_relayfs() { awk -v dir="$work/relay" '$5 == dir && / - fuse\.relayfs relayfs / { found = 1 } END { exit !found }' /proc/self/mountinfo; }
awaits_daemon_end() {
    tries=0
    while pgrep -f "mount -f .*$work/relay" >/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "the daemon goes on"
        sleep 0.05
    done
}
expect 0 mount -t relayfs relayfs "$work/relay"
is_relayfs || fail "not mounted"
echo 'create app' >relay/control
echo hello >relay/app/write
[ "$(cat relay/app/cpu*[0-9])" = hello ] || fail "hello"
expect 0 relayfs list "$work/relay"
expect_said app
umount relay
awaits_daemon_end

# Options, and those of a line in an fstab that are not ours.
expect 0 mount -t relayfs -o ro,nofail,nosuid,x-any.thing=1 relayfs "$work/relay"
grep -q " $work/relay ro," /proc/self/mountinfo || fail "not read-only"
umount relay
awaits_daemon_end
cat >>/etc/fstab <<END
relayfs $work/relay relayfs defaults,nofail,_netdev,noauto,user,x-systemd.automount,nr_channels=1 0 0
END
expect 0 mount "$work/relay"
mkdir relay/one
! mkdir relay/two 2>/dev/null || fail "nr_channels is ignored"
umount relay
awaits_daemon_end

# With "user" in such a line, an ordinary user can do the same.
add_user relayfs-fstab
mine=$here/home-relayfs-fstab/relay
as relayfs-fstab mkdir "$mine"
echo "relayfs $mine relayfs noauto,user 0 0" >>/etc/fstab
chmod 0666 /dev/fuse
if as relayfs-fstab relayfs version >/dev/null; then
    expect 0 as relayfs-fstab mount "$mine"
    expect 0 as relayfs-fstab stat -c %U "$mine/control"
    [ "$said" = relayfs-fstab ] || fail "$mine belongs to $said"
    expect 0 as relayfs-fstab relayfs umount "$mine"
fi
userdel --force relayfs-fstab

# As a type of FUSE.
if [ -e /sbin/mount.fuse ]; then
    expect 0 mount -t fuse.relayfs relayfs "$work/relay" -o nr_channels=1
    is_relayfs || fail "not mounted as fuse.relayfs"
    mkdir relay/one
    ! mkdir relay/two 2>/dev/null || fail "nr_channels is ignored"
    umount relay
    awaits_daemon_end
fi

# The exit codes of mount(8).
expect 1 mount -t relayfs -o no_such_option relayfs "$work/relay"
expect_said "unknown mount option no_such_option"
expect 0 mount -s -t relayfs -o no_such_option relayfs "$work/relay"
expect 32 mount -t relayfs relayfs "$work/relay"
umount relay
awaits_daemon_end
expect 32 mount -t relayfs relayfs "$work/missing"
expect 0 mount -f -v -t relayfs relayfs "$work/relay"
expect_said "mount.relayfs: /usr/local/bin/relayfs mount"
! is_relayfs || fail "-f mounted"
expect 1 mount.relayfs
expect_said "usage: "
expect 1 mount.relayfs relayfs "$work/relay" -x
expect 1 mount.relayfs relayfs

# Soon: the best of five. On a machine that is busy with other things it is only told.
best=99999
for _ in 1 2 3 4 5; do
    before=$(date +%s%N)
    mount -t relayfs relayfs "$work/relay"
    took=$((($(date +%s%N) - before) / 1000000))
    [ "$took" -ge "$best" ] || best=$took
    umount relay
    awaits_daemon_end
done
echo "mounted in $best ms"
busy=$(awk -v cpus="$(nproc)" '{ print ($1 > cpus) ? "yes" : "no" }' /proc/loadavg)
[ "$best" -le 1000 ] || [ "$busy" = yes ] || fail "mounted in $best ms"

# The service: systemd takes the unit, and the daemon tells it when it is ready.
if command -v systemd-analyze >/dev/null 2>&1; then
    expect 0 systemd-analyze verify /usr/local/lib/systemd/system/relayfs@mnt-relay.service
fi
cat >notified.py <<'END'
import os, socket, subprocess, sys
address, folder = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("\0" + address[1:] if address[0] == "@" else address)
listener.settimeout(60)
service = subprocess.Popen(["relayfs", "mount", "-f", "-o", "rw", folder], env=dict(os.environ, NOTIFY_SOCKET=address))
try:
    print(listener.recv(100).decode(), os.path.exists(folder + "/control"))
finally:
    service.terminate()
    print(service.wait(60))
END
if command -v python3 >/dev/null 2>&1; then
    for address in "$work/notify" "@relayfs-case-$$"; do
        expect 0 python3 notified.py "$address" "$work/relay"
        expect_said "READY=1 True"
        expect_said "143"
    done
fi

expect 0 "$top/mount-scripts/install" --uninstall
find /usr | sort >after
diff before after || fail "uninstall left something, or took too much"
expect 32 mount -t relayfs relayfs "$work/relay"
