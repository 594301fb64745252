# Sourced by the other scripts: looks whether the system has what is needed, and installs what it lacks.
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

# usage: prints what the script says of itself at its head.
usage() {
    while IFS= read -r line; do
        case $line in
            '#!'*) ;;
            '#'*)
                line=${line#\#}
                say "${line# }"
                ;;
            *) break ;;
        esac
    done <"$0"
}

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

# A compiler is needed too: a mere runtime of Java 25 does not do. Sets $jdk to its folder.
has_jdk() {
    jdk=$("$here/relayfs" --which-java 2>/dev/null) || return 1
    jdk=$(readlink -f "$jdk")
    jdk=${jdk%/bin/java}
    [ -x "$jdk/bin/javac" ]
}

want_for_building() {
    have mvn || want maven
    if ! has_jdk; then
        [ -z "${RELAYFS_JAVA:-}" ] || die "RELAYFS_JAVA=$RELAYFS_JAVA is no JDK 25 with a compiler; name another, or unset it"
        want openjdk-25-jdk-headless
    fi
}

want_for_testing() {
    have shellcheck || want shellcheck
    have mandoc || want mandoc
    have blkparse || want blktrace
    have babeltrace2 || want babeltrace2
    have python3 || want python3
    have gcc || want gcc
    [ -e /usr/include/stdio.h ] || want libc6-dev
    have setfattr || want attr
    have jq || want jq
    have ps || want procps
}

# The name among "a|b" that apt can install, or nothing. Its words are looked at, so they are to be English.
known_name() {
    for name in $(echo "$1" | tr '|' ' '); do
        if LC_ALL=C apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]'; then
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
  - unpack any JDK 25 below /opt, or set RELAYFS_JAVA to its folder
END
    exit 1
}

# Sets $as_root to what makes a command run as root, or to "no".
find_root() {
    as_root=no
    if is_root; then
        as_root=
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    fi
}

# Sets $names to the packages that are missing, and $unknown to those that apt does not know.
name_packages() {
    names=
    unknown=
    for wanted in $missing; do
        name=$(known_name "$wanted")
        if [ -n "$name" ]; then names="$names $name"; else unknown="$unknown $wanted"; fi
    done
}

lists_of_apt() { find /var/lib/apt/lists -name '*Packages*' 2>/dev/null; }

update_lists() {
    say "Fetching the package lists."
    $as_root apt-get -qq update || say "apt-get update failed: going on with the lists that are there."
}

install_names() {
    # shellcheck disable=SC2086 # both are lists
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 \
        install $names >/dev/null
}

# Installs what was wanted, or says what the user has to do; before anything is installed, if that can be known.
install_wanted() {
    [ -n "$missing" ] || return 0
    if ! have apt-get; then
        die "these Debian packages, or what your distribution calls them, are missing:$missing. Install them and try again."
    fi
    find_root
    name_packages
    updated=
    if [ -n "$unknown" ] && [ "$as_root" != no ]; then
        update_lists
        updated=yes
        name_packages
    fi
    if [ "$as_root" = no ] && [ -z "$(lists_of_apt)" ]; then
        die "packages are missing, and installing them needs root. Ask for: apt-get update, then apt-get install$(
            echo "$missing" | sed 's/\([^ ]*\)|\([^ ]*\)/\1 (or \2, whichever there is)/g')"
    fi
    case $unknown in
        '') ;;
        *openjdk-25*) no_jdk ;;
        *) die "this distribution has no package$unknown, which is needed" ;;
    esac
    if [ "$as_root" = no ]; then
        die "packages are missing, and installing them needs root. Ask for: apt-get install$names"
    fi
    say "Installing:$names"
    # Lists of some age name files that the mirror has no more.
    install_names || { [ -z "$updated" ] && update_lists && install_names; } || die "apt-get could not install:$names"
    has_jdk || die "$("$here/relayfs" --which-java) comes first, and it has no compiler: unset JAVA_HOME, or point it to a JDK"
}

# A home that can be written to: users of containers often have none, and Java makes a folder "?" then.
need_home() {
    passwd=$(getent passwd "$(id -u)" 2>/dev/null | cut -d : -f 6) || true
    HOME=${HOME:-$passwd}
    if [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
        HOME=$(cd "$here/.." && pwd)/target/home
        mkdir -p "$HOME" || die "there is no home folder; set HOME to one that can be written to"
        say "There is no home folder that can be written to: $HOME serves as one."
    fi
    export HOME
    if [ "$HOME" != "$passwd" ]; then
        # Java asks the list of users first.
        MAVEN_OPTS="${MAVEN_OPTS:+$MAVEN_OPTS }-Duser.home=$HOME"
        export MAVEN_OPTS
    fi
}

# run_maven SECONDS ARGUMENT...: Maven in the source tree, with the JDK that relayfs runs on: its own search knows fewer
# folders.
run_maven() {
    patience=$1
    shift
    has_jdk || no_jdk
    mkdir -p target
    cat >target/toolchains.xml <<END
<toolchains>
  <toolchain>
    <type>jdk</type>
    <provides>
      <version>$(sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$jdk/release" 2>/dev/null | grep . || echo 25)</version>
    </provides>
    <configuration>
      <jdkHome>$(say "$jdk" | sed 's/&/\&amp;/g; s/</\&lt;/g')</jdkHome>
    </configuration>
  </toolchain>
</toolchains>
END
    # Maven itself runs for seconds: the optimising compiler would not pay.
    MAVEN_OPTS="-XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}" \
        timeout --foreground -k 60 "$patience" mvn --global-toolchains target/toolchains.xml "$@"
}

# The processes that run from the jar that a build writes anew.
jar_users() {
    jar=$(readlink -f target/relayfs.jar) || return 0
    {
        find /proc/[0-9]*/fd -maxdepth 1 -lname "$jar" 2>/dev/null
        grep -lF -- "$jar" /proc/[0-9]*/cmdline 2>/dev/null
    } | cut -d / -f 3 | sort -nu | while read -r process; do
        case $(cat "/proc/$process/comm" 2>/dev/null) in java) echo "$process" ;; esac
    done
}

# Ends unless target/relayfs.jar can be written anew: a JVM that runs from it would find other classes there, or none. What
# serves a mount has a copy.
spare_used_jar() {
    for process in $(jar_users); do
        die "process $process runs from target/relayfs.jar, and a build would break it: end it first"
    done
}

# own_status KEY: a line of this process's status.
own_status() { awk -v key="$1:" '$1 == key { print $2 }' /proc/self/status; }

# Whether this user can mount; if not, says why. Root gets the module loaded.
can_mount() {
    if is_root && [ ! -e /dev/fuse ]; then modprobe fuse 2>/dev/null || true; fi
    if [ ! -e /dev/fuse ]; then
        say "There is no /dev/fuse: the kernel's fuse module is not loaded (as root: modprobe fuse), or this container"
        say "was started without the device (for Docker: --device /dev/fuse --cap-add SYS_ADMIN)."
        return 1
    fi
    if [ ! -r /dev/fuse ] || [ ! -w /dev/fuse ]; then
        say "You ($(id -un 2>/dev/null || id -u)) may not open /dev/fuse: $(stat -c '%A %U %G' /dev/fuse)."
        say "Run this as root, or have root allow it: chmod 666 /dev/fuse"
        return 1
    fi
    if is_root; then
        # 21 is CAP_SYS_ADMIN.
        [ $((0x$(own_status CapEff) >> 21 & 1)) = 0 ] || return 0
        say "Root may not mount here: it lacks CAP_SYS_ADMIN (for Docker: --cap-add SYS_ADMIN)."
    elif [ "$(own_status NoNewPrivs)" = 1 ]; then
        say "fusermount3 may not become root here, because nobody may gain privileges (no_new_privs). Run this as root,"
        say "or allow it (for Docker: without --security-opt no-new-privileges)."
    else
        ! getent passwd "$(id -u)" >/dev/null || return 0
        say "The user $(id -u) has no name, and fusermount3 mounts for nobody without. Run this as root, or have root add"
        say "one: useradd --uid $(id -u) NAME"
    fi
    return 1
}
