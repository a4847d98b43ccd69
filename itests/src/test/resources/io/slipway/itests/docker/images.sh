#!/bin/sh
# Makes images for tests from what is on this machine: images.sh SOCKET [ipykernel]. No network is needed, but for the
# packages of ipykernel. Nothing of ours is in any of them.
#   test/busybox:1    busybox alone                  test/python:1   Python in /usr/bin, nothing else but busybox
#   test/local:1      the same in /usr/local/bin     test/hostile:1  busybox with hostile ENV, ENTRYPOINT, USER, VOLUME
#   test/empty:1      one program and no shell       test/blocked:1  a file where the driver's folder is to be
#   test/ipykernel:1
set -eu
socket=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
docker() { command docker -H "unix://$socket" "$@"; }

# Copies the shared objects that the programs named on standard input need.
libraries() {
    mkdir -p "$1/lib64"
    xargs ldd 2>/dev/null | grep -v ':$' | grep -oE '/[^ ]+\.so[^ ]*' | sort -u | while read -r file; do
        mkdir -p "$1${file%/*}"
        cp -Ln "$file" "$1$file"
    done
}

base() {
    root=$1
    mkdir -p "$root/bin" "$root/tmp" "$root/etc" "$root/root" "$root/proc" "$root/sys" "$root/dev"
    chmod 755 "$root"
    chmod 1777 "$root/tmp"
    cp /bin/busybox "$root/bin/"
    echo /bin/busybox | libraries "$root"
    for applet in $(/bin/busybox --list); do
        [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"
    done
    printf 'root:x:0:0::/root:/bin/sh\nwork:x:1000:1000::/home/work:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\nwork:x:1000:\n' >"$root/etc/group"
}

# The interpreter, its library and the shared objects that they need.
python() {
    root=$1
    place=$2
    version=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    mkdir -p "$root$place" "$root/usr/lib"
    cp "/usr/bin/$version" "$root$place/"
    ln -s "$version" "$root$place/python3"
    tar -C / -c --exclude="usr/lib/$version/test" --exclude="usr/lib/$version/config-*" \
        --exclude="usr/lib/$version/idlelib" --exclude="usr/lib/$version/ensurepip" "usr/lib/$version" | tar -C "$root" -x
    {
        echo "/usr/bin/$version"
        ls "/usr/lib/$version/lib-dynload/"*.so
    } | libraries "$root"
}

pack() {
    root=$1
    name=$2
    shift 2
    tar -C "$root" -c . | docker import "$@" - "$name" >/dev/null
    echo "$name"
}

base "$work/busybox"
pack "$work/busybox" test/busybox:1 -c 'CMD ["/bin/sh"]'
base "$work/python"
python "$work/python" /usr/bin
pack "$work/python" test/python:1 -c 'LABEL ai.backend.resource.min.mem=64m' -c 'LABEL ai.backend.role=COMPUTE'
if [ "${2:-}" = ipykernel ]; then
    cp -a "$work/python" "$work/ipykernel"
    version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    python3 -m pip install -q --no-input --python-version "$version" --only-binary=:all: \
        --target "$work/ipykernel/usr/lib/python$version" ipykernel
    find "$work/ipykernel/usr/lib" -name "*.so*" | libraries "$work/ipykernel"
    pack "$work/ipykernel" test/ipykernel:1
fi
mkdir -p "$work/python/usr/local/bin"
mv "$work/python/usr/bin/"python3* "$work/python/usr/local/bin/"
pack "$work/python" test/local:1
pack "$work/busybox" test/hostile:1 -c 'ENV PATH=/nowhere LD_PRELOAD=/tmp/evil.so ENV=/tmp/evil.sh' \
    -c 'ENV BASH_ENV=/tmp/evil.sh PYTHONHOME=/nowhere HOME=/nowhere SLIPWAY_KERNEL_ID=forged' \
    -c 'ENTRYPOINT ["/bin/false"]' -c 'CMD ["/bin/false"]' -c 'USER nobody' -c 'WORKDIR /nowhere' -c 'VOLUME /opt/slipway'
mkdir -p "$work/busybox/opt"
echo "no folder" >"$work/busybox/opt/slipway"
pack "$work/busybox" test/blocked:1
mkdir -p "$work/empty/bin"
cp /bin/true "$work/empty/bin/"
echo /bin/true | libraries "$work/empty"
pack "$work/empty" test/empty:1
