# Field case 31: when /etc/mtab is lost, an ordinary user's mount cannot be ended. umount and the daemon say so, with the
# remedy, and neither claims what has not happened.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
in_private_system
chmod 0666 /dev/fuse
add_user plain
mkdir "$here/relay"
chown plain "$here/relay"
log=$here/home-plain/.local/state/relayfs/mnt-relay.log

expect 0 as plain "$relayfs" mount --pid-file "$here/home-plain/pid" "$here/relay"
daemon=$(cat "$here/home-plain/pid")
rm /etc/mtab
expect 32 as plain "$relayfs" umount "$here/relay"
expect_said "remedy: as root: ln -sf ../proc/self/mounts /etc/mtab"
as plain ls "$here/relay/control" >/dev/null || fail "the mount is gone"

kill -TERM "$daemon"
tries=0
while kill -0 "$daemon" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "the daemon does not end"
    sleep 0.05
done
said=$(cat "$log")
expect_said "ERROR RelayMount - /mnt/relay cannot be unmounted, a dead mount is left there"
expect_said "remedy: as root: ln -sf"
! grep -q 'unmounted$\|has ended' "$log" || fail "it claims an end: $said"

# The remedy is one: the next mount detaches the dead one.
ln -sf ../proc/self/mounts /etc/mtab
expect 0 as plain "$relayfs" mount "$here/relay"
expect 0 as plain "$relayfs" umount "$here/relay"
[ -z "$(our_mounts)" ] || fail "left: $(our_mounts)"
