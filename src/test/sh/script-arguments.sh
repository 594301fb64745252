# Field case 24: every script says with --help what it is for, and nothing else happens; what it does not know is one line.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

for script in check install make-cache mount.relayfs quickstart; do
    for word in --help -h; do
        expect 0 timeout 10 "$top/mount-scripts/$script" "$word"
        expect_said "$script"
        [ "$(echo "$said" | wc -l)" -le 20 ] || fail "$script $word is long: $said"
    done
    for words in --frobnicate '--help --frobnicate'; do
        [ "$script $words" != 'mount.relayfs --help --frobnicate' ] || continue
        # shellcheck disable=SC2086 # a list
        expect 1 timeout 10 "$top/mount-scripts/$script" $words
        expect_said --frobnicate
        [ "$(echo "$said" | wc -l)" = 1 ] || fail "$script $words: more than a line: $said"
    done
done
expect 1 "$top/mount-scripts/make-cache" "$work/absent.jar"
expect_said "absent.jar cannot be read"
expect 1 "$top/mount-scripts/mount.relayfs" relayfs
expect_said "SOURCE and DIR"
# What mount(8) hands over, and a mount that is only shown.
expect 0 "$top/mount-scripts/mount.relayfs" relayfs "$work" -fvs -N /proc/self/ns/mnt -o ro -o size=1M -t relayfs
[ "$said" = "mount.relayfs: $relayfs mount -o ro,size=1M,sloppy $work" ] || fail "$said"
expect 0 "$top/mount-scripts/mount.relayfs" "$work" "$work" -vf
[ "$said" = "mount.relayfs: $relayfs mount $work" ] || fail "$said"
[ -z "$(our_mounts)" ] || fail "mounted: $(our_mounts)"
[ -z "$(find . -mindepth 1 ! -name state)" ] || fail "something was made: $(ls -A)"
