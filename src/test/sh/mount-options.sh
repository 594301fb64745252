# The options of mount that show in the mount.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
export XDG_STATE_HOME="$work/state"
mkdir relay

expect 0 "$relayfs" mount --log-file "$work/log" -o mode=750,uid=12,gid=34,size=1M,nr_channels=2 relay
[ "$(stat -c '%a %u %g' relay)" = '750 12 34' ] || fail "root: $(stat -c '%a %u %g' relay)"
expect 1 "$relayfs" create "$work/relay" large
expect_said "quota: bytes="
expect_said "of 1048576"
expect 0 "$relayfs" create "$work/relay" small subbuf_size=4K n_subbufs=2
mkdir relay/second
! mkdir relay/third 2>/dev/null || fail "nr_channels is ignored"
expect 0 "$relayfs" umount relay

# auto_unmount: the mount goes with its daemon, however that ends.
if command -v fusermount >/dev/null 2>&1; then
    expect 0 "$relayfs" mount --log-file "$work/log" -o auto_unmount relay
    kill -KILL "$(pgrep -f "mount -f .*$work/relay")"
    tries=0
    while [ -n "$(our_mounts)" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "the mount stays"
        sleep 0.05
    done
fi
