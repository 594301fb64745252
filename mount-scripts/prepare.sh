# Sourced by quickstart and check: looks whether the system has what is needed, and installs what it lacks.
# The one that sources it sets $here to the folder of the scripts.
# shellcheck shell=sh
# shellcheck disable=SC2154

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Asks for package $1 (the first name of a list "a|b" that this distribution knows). Nothing is installed yet.
want() {
    missing="${missing:-} $1"
}

# fusermount and ldconfig often lie in folders that an ordinary user's PATH leaves out.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
missing=

want_for_running() {
    ldconfig -p 2>/dev/null | grep -q 'libfuse\.so\.2 ' || want 'libfuse2t64|libfuse2'
    have fusermount3 || want fuse3
}

# A compiler is needed too: a mere runtime of Java 25 does not do.
has_jdk() {
    found=$("$here/relayfs" --which-java 2>/dev/null) && [ -x "$(dirname "$(readlink -f "$found")")/javac" ]
}

want_for_building() {
    have mvn || want maven
    has_jdk || want openjdk-25-jdk-headless
}

want_for_testing() {
    have shellcheck || want shellcheck
    have mandoc || want mandoc
    have blkparse || want blktrace
    have python3 || want python3
    have gcc || want gcc
    [ -e /usr/include/stdio.h ] || want libc6-dev
    have setfattr || want attr
    have ps || want procps
}

# The name among "a|b" that apt can install, or nothing.
known_name() {
    for name in $(echo "$1" | tr '|' ' '); do
        if apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]'; then
            echo "$name"
            return
        fi
    done
}

no_jdk() {
    cat >&2 <<'END'

There is no JDK 25 here, and this distribution has no package of it (Debian 12 and older have none).
Install one in one of these ways, then run this command again:
  - Eclipse Temurin's own package, temurin-25-jdk: https://adoptium.net/installation/linux/
  - SDKMAN, without root: https://sdkman.io/ , then: sdk install java 25-tem
  - unpack any JDK 25 and set JAVA_HOME to its folder
END
    exit 1
}

# Installs what was wanted, or says what the user has to do.
install_wanted() {
    [ -n "$missing" ] || return 0
    if ! have apt-get; then
        die "these Debian packages, or what your distribution calls them, are missing:$missing. Install them and try again."
    fi
    if is_root; then
        as_root=
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        as_root=no
    fi
    names=
    for wanted in $missing; do
        name=$(known_name "$wanted")
        if [ -z "$name" ] && [ "$as_root" != no ] && [ -z "${updated:-}" ]; then
            say "Fetching the package lists."
            $as_root apt-get -qq update || say "apt-get update failed: going on with the lists that are there."
            updated=yes
            name=$(known_name "$wanted")
        fi
        if [ -n "$name" ]; then
            names="$names $name"
        elif [ "$wanted" != openjdk-25-jdk-headless ]; then
            die "this distribution has no package $wanted, which is needed."
        fi
    done
    if [ -n "$names" ]; then
        if [ "$as_root" = no ]; then
            die "packages are missing, and installing them needs root. Ask for: apt-get install$names"
        fi
        say "Installing:$names"
        # shellcheck disable=SC2086 # both are lists
        DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq -y --no-install-recommends install $names >/dev/null \
            || die "apt-get could not install:$names"
    fi
    has_jdk || no_jdk
}

# Whether this user can mount; if not, says why. Root gets the module loaded.
can_mount() {
    if is_root && [ ! -e /dev/fuse ]; then modprobe fuse 2>/dev/null || true; fi
    if [ ! -e /dev/fuse ]; then
        say "There is no /dev/fuse: the kernel's fuse module is not loaded (as root: modprobe fuse), or this container"
        say "was started without the device (for Docker: --device /dev/fuse --cap-add SYS_ADMIN)."
        return 1
    fi
    if [ ! -r /dev/fuse ] || [ ! -w /dev/fuse ]; then
        say "You ($(id -un)) may not open /dev/fuse: $(stat -c '%A %U %G' /dev/fuse)."
        say "Run this as root, or have root allow it: chmod 666 /dev/fuse"
        return 1
    fi
}
