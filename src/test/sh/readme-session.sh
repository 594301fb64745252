# The session of the README can be pasted line by line.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse

# The lines of the first block under "A session", on a folder of our own.
awk '/^## / { here = ($0 == "## A session") } here && /^    / { seen = 1; print substr($0, 5) } here && seen && /^$/ { exit }' \
    "$top/README.md" | sed "s|/tmp/relay|$work/relay|; s|^mount-scripts/|$top/mount-scripts/|" >session
grep -q 'relayfs mount' session || fail "there is no session in the README: $(cat session)"
expect 0 sh -eux session
expect_said "hello from a shell"
expect_said "abandoned"
[ -z "$(our_mounts)" ] || fail "left mounted: $(our_mounts)"
