# Field case 16: no Java starts without /proc. Every command says so in one line, and what to do.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_program unshare
[ "$(id -u)" = 0 ] || skip "only root has mount namespaces of its own"
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"

for words in doctor "mount $work" list; do
    # shellcheck disable=SC2086 # a list
    expect 2 unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$relayfs" $words
    [ "$said" = "relayfs: /proc is not mounted, and Java needs it; remedy: as root: mount -t proc proc /proc" ] || fail "$words: $said"
done
