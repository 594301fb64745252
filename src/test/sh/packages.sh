# Field case 29: what prepare.sh asks apt for, in any language, with lists that are old or not there, and before anything
# is installed. The apt here only says what it is asked; src/test/sh/fresh-debian has the real one.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

mkdir bin lists
for tool in sh cat grep sed tr awk basename dirname readlink id env find head rm touch ls mkdir; do
    ln -s "$(command -v $tool)" bin/
done
# apt-cache knows what lies in lists/ and says so in the language that it is asked in.
cat >bin/apt-cache <<'END'
#!/bin/sh
word=Candidate none='(none)'
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in de*) word=Installationskandidat none='(keine)' ;; esac
if [ -e "$LISTS/$2" ]; then candidate=1.0; else candidate=$none; fi
printf '%s:\n  %s: %s\n' "$2" "$word" "$candidate"
END
# apt-get update fetches the lists of fetched/; install works once they are as new as the mirror, which is said by the file
# "stale".
cat >bin/apt-get <<'END'
#!/bin/sh
echo "apt-get $*" >>"$LISTS/../asked"
case "$*" in
    *update*)
        for name in $(cat "$LISTS/../fetched" 2>/dev/null); do touch "$LISTS/$name"; done
        rm -f "$LISTS/../stale"
        ;;
    *install*) [ ! -e "$LISTS/../stale" ] || { echo 'E: 404 Not Found' >&2; exit 100; } ;;
esac
END
chmod +x bin/apt-cache bin/apt-get
export LISTS="$work/lists"

# ask MISSING [USER]: with $lists known and $jdk for whether there is a JDK after that.
: >asked
ask() {
    rm -f asked lists/*
    : >asked
    for name in $lists; do touch "lists/$name"; done
    said=$(PATH="$work/bin" here=$top/mount-scripts USERID="${2:-0}" FETCHED="${fetched:-}" LANG=de_DE.UTF-8 sh -euc '
        . "$here/prepare.sh"
        id() { echo "$USERID"; }
        have() { [ "$1" != sudo ] && command -v "$1" >/dev/null 2>&1; }
        has_jdk() { [ "$JDK" = yes ]; }
        lists_of_apt() { find "$LISTS" -type f; }
        missing=" $1"
        install_wanted
        echo "went on"' sh "$1" 2>&1) || said="$said
failed"
}
asked() { grep -qF -- "$1" asked || fail "not asked: $1, but: $(cat asked)"; }
not_asked() { ! grep -qF -- "$1" asked || fail "asked: $(cat asked)"; }

# A German apt knows the packages.
export JDK=yes
lists='fuse3 libfuse2'
ask 'fuse3 libfuse2t64|libfuse2'
expect_said "Installing: fuse3 libfuse2"
expect_said "went on"
not_asked update
asked "install fuse3 libfuse2"

# Old lists: once more, with new ones; and only once.
touch stale
ask 'fuse3 libfuse2t64|libfuse2'
expect_said "went on"
[ "$(grep -c install asked)" = 2 ] || fail "asked: $(cat asked)"
asked update

# No lists: they are fetched.
lists=
echo 'fuse3 libfuse2t64' >fetched
ask 'fuse3 libfuse2t64|libfuse2'
expect_said "Installing: fuse3 libfuse2t64"
expect_said "went on"

# An ordinary user is told whom to ask for what, also when nothing is known.
ask 'fuse3 libfuse2t64|libfuse2' 1000
expect_said "Ask for: apt-get update, then apt-get install fuse3 libfuse2t64 (or libfuse2"
expect_said failed
lists='fuse3 libfuse2'
ask 'fuse3 libfuse2t64|libfuse2' 1000
expect_said "Ask for: apt-get install fuse3 libfuse2"
not_asked apt-get

# No JDK to be had: that is said before anything is installed.
export JDK=no
echo 'fuse3 maven' >fetched
lists='fuse3 maven'
ask 'fuse3 maven openjdk-25-jdk-headless'
expect_said "There is no JDK 25 here"
expect_said failed
asked update
not_asked install
ask 'fuse3 maven openjdk-25-jdk-headless' 1000
expect_said "There is no JDK 25 here"
rm -r bin
