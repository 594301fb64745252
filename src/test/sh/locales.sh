# Field case 13: names are not ASCII, whatever the locale: a mount on such a folder, from such a folder, beside others.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
mkdir 'möglich 漢' other
for locale in '-u LANG -u LC_ALL -u LC_CTYPE' 'LC_ALL=C' '-u LC_ALL -u LC_CTYPE LANG=C' '-u LANG -u LC_ALL LC_CTYPE=POSIX' 'LC_ALL=C.UTF-8' \
        'LC_ALL=xx_YY.UTF-8'; do
    # shellcheck disable=SC2086 # a list
    in_locale() { env $locale "$@"; }
    expect 0 in_locale "$relayfs" mount --log-file "$work/möglich.log" 'möglich 漢'
    grep -q '^relayfs ' 'möglich 漢/version' || fail "$locale: not mounted: $(our_mounts)"
    expect 0 in_locale "$relayfs" create "$work/möglich 漢" app
    expect 0 in_locale "$relayfs" list "$work/möglich 漢"
    expect_said app
    expect 0 in_locale "$relayfs" mount --log-file "$work/log" other
    expect 0 in_locale "$relayfs" umount other
    expect 0 in_locale "$relayfs" umount 'möglich 漢'
    [ -z "$(our_mounts)" ] || fail "$locale: left mounted: $(our_mounts)"
    [ "$(find . -mindepth 1 -maxdepth 1 | wc -l)" -le 5 ] || fail "$locale: made: $(ls)"
done
