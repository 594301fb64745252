# The first command of the README shows records and leaves nothing behind with --once.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
export RELAYFS_DEMO="$work/demo"

expect 0 "$top/mount-scripts/quickstart" --once
for record in 1 2 49 50; do
    expect_said "record $record, logged by JVM"
done
expect_said "logged 50 lost 0"
[ -z "$(our_mounts)" ] || fail "left mounted: $(our_mounts)"
[ ! -e demo ] || fail "the folder is left"

expect 0 "$top/mount-scripts/quickstart" --stop
expect 1 "$top/mount-scripts/quickstart" --no-such
expect_said "unknown argument"
