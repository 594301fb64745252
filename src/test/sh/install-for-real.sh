# install, mount -t relayfs, umount and uninstall on the system itself, which is afterwards as it was before. Only where
# no relayfs is installed: what somebody uses is left alone. install.sh looks closer, at a system of its own.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
need_fuse
[ "$(id -u)" = 0 ] || skip "only root can install into the system"
for file in /sbin/mount.relayfs /usr/bin/relayfs /usr/local/bin/relayfs /usr/local/share/relayfs; do
    [ ! -e "$file" ] || skip "$file is there: a relayfs is installed"
done
unset RELAYFS_JAR

everything() { find /etc /opt /sbin/ /usr/bin /usr/lib/systemd /usr/local /usr/sbin /usr/share/man 2>/dev/null | sort; }
everything >before
take_away() {
    detach_mounts
    "$top/mount-scripts/install" --uninstall
}
trap take_away EXIT
expect 0 "$top/mount-scripts/install"
mkdir relay
expect 0 mount -t relayfs relayfs "$work/relay"
echo 'create app' >relay/control
echo hello >relay/app/write
[ "$(cat relay/app/cpu*[0-9])" = hello ] || fail "hello"
expect 0 umount "$work/relay"
tries=0
while pgrep -f "mount -f .*$work/relay" >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || fail "the daemon goes on"
    sleep 0.05
done
# Once more over itself, as an upgrade does.
expect 0 "$top/mount-scripts/install"
expect 0 "$top/mount-scripts/install" --uninstall
everything >after
diff before after || fail "the system is not as it was"
