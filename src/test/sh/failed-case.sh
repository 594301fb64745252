# A case that fails leaves no process and no mount.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program pgrep
mkdir -p tree/src/test/sh tree/target failing
ln -s "$top/src/test/sh/lib" tree/src/test/sh/lib
ln -s "$top/mount-scripts" tree/mount-scripts
for file in relayfs.jar relayfs.aot; do ln -s "$top/target/$file" "tree/target/$file"; done
cat >tree/src/test/sh/failing.sh <<'CASE'
. "$(dirname "$0")/lib/case.sh"
mkdir relay
expect 0 "$relayfs" mount --log-file "$work/log" relay
daemon_of "$work/relay" >daemon
expect 0 "$relayfs" create relay app
(sleep 1000 & echo $! >inner; wait) >/dev/null 2>&1 &
cat relay/app/cpu0 >/dev/null 2>&1 &
echo $! >reader
while [ ! -s inner ]; do sleep 0.02; done
fail "on purpose"
CASE
cd failing
expect 1 sh ../tree/src/test/sh/failing.sh
expect_said "on purpose"
for name in inner reader daemon; do
    process=$(cat "$name")
    tries=0
    while [ -e "/proc/$process/stat" ] && ! grep -q ') Z ' "/proc/$process/stat"; do
        tries=$((tries + 1))
        [ "$tries" -lt 500 ] || fail "$name, process $process, is left: $(tr '\0' ' ' <"/proc/$process/cmdline")"
        sleep 0.02
    done
done
[ -z "$(our_mounts)" ] || fail "a mount is left"
