"""Writes docs/third-party.md from the distribution: every jar that is not ours, with the licence its pom names.

Usage: third_party.py TARBALL REPOSITORY > docs/third-party.md, where REPOSITORY is the local Maven repository of the build.
"""

import io
import pathlib
import re
import sys
import tarfile
import xml.etree.ElementTree
import zipfile

NAMESPACE = {"m": "http://maven.apache.org/POM/4.0.0"}
HEAD = """# Third-party components

What the all-in-one distribution ships beside Slipway's own bundles: libraries that are bundles of their own, and libraries
nested in the one bundle that uses them. Versions are pinned in the root `pom.xml` and by Karaf. Made by
`etc/build/third_party.py`; a test fails when a jar of the distribution is missing here.

| Component | Version | Licence | Where |
|---|---|---|---|"""
# Whose pom is not at hand (Karaf's tools fetch jars alone), by the beginning of group and artifact; read off their jars.
KNOWN = {
    "com.h2database:": "MPL-2.0 or EPL-1.0",
    "org.apache.": "Apache-2.0",
    "org.bouncycastle:": "Bouncy Castle (MIT)",
    "org.eclipse.platform:": "EPL-2.0",
    "org.osgi:": "Apache-2.0",
}
SHORT = [
    (r"apache.*2(\.0)?|apache-2|asl 2|www.apache.org/licenses/license-2.0", "Apache-2.0"),
    (r"eclipse public license.*2|epl[- ]2", "EPL-2.0"),
    (r"eclipse distribution license|edl[- ]1", "EDL-1.0"),
    (r"eclipse public license.*1|epl[- ]1", "EPL-1.0"),
    (r"mozilla public|mpl", "MPL-2.0"),
    (r"bsd[- ]?2|2-clause|simplified bsd", "BSD-2-Clause"),
    (r"bsd", "BSD-3-Clause"),
    (r"cddl.*gpl|gpl2 w/ cpe", "CDDL-1.1 or GPL-2.0 with classpath exception"),
    (r"cddl|common development and distribution", "CDDL-1.1"),
    (r"bouncy", "Bouncy Castle (MIT)"),
    (r"\bmit\b", "MIT"),
    (r"mit-0", "MIT-0"),
    (r"cc0", "CC0-1.0"),
    (r"w3c", "W3C"),
]


def main(tarball, repository):
    rows = {}
    with tarfile.open(tarball) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".jar"):
                read_jar(member.name, archive.extractfile(member).read(), pathlib.Path(repository), rows)
    print(HEAD)
    for (name, version), (licence, place) in sorted(rows.items()):
        print(f"| {name} | {version} | {licence} | {', '.join(sorted(place))} |")


def read_jar(path, content, repository, rows, place="framework"):
    with zipfile.ZipFile(io.BytesIO(content)) as jar:
        nested = [name for name in jar.namelist() if name.startswith("lib/") and name.endswith(".jar")]
        ours = re.search(r"/(io\.slipway\.[a-z.]+)/", path) or "/plugins/" in path
        for name in nested if ours else []:
            read_jar(name, jar.read(name), repository, rows, symbolic_name(jar))
        if ours:
            return
        group, artifact, version = coordinates(path, repository)
    known = next((licence for start, licence in KNOWN.items() if f"{group}:{artifact}".startswith(start)), None)
    licence = known or licences(repository, group, artifact, version)
    rows.setdefault((f"{group}:{artifact}", version), (licence, set()))[1].add(place)


def symbolic_name(jar):
    manifest = jar.read("META-INF/MANIFEST.MF").decode()
    return re.search(r"Bundle-SymbolicName: *([^;\s]+)", manifest)[1]


def coordinates(path, repository):
    in_system = re.search(r"/system/(.+)/([^/]+)/([^/]+)/[^/]+\.jar$", path)
    if in_system:
        return in_system[1].replace("/", "."), in_system[2], in_system[3]
    name = path.rsplit("/", 1)[-1].removesuffix(".jar")
    for split in re.finditer(r"-(?=\d)", name):
        artifact, version = name[: split.start()], name[split.end() :]
        for pom in sorted(repository.glob(f"**/{artifact}/{version}/{artifact}-{version}.pom")):
            return ".".join(pom.relative_to(repository).parts[:-3]), artifact, version
    raise SystemExit(f"no pom of {path}")


def licences(repository, group, artifact, version):
    """Follows the parents until one names a licence."""
    while True:
        pom = repository / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.pom"
        if not pom.exists():
            raise SystemExit(f"no licence of {group}:{artifact}; look and add it to KNOWN")
        root = xml.etree.ElementTree.parse(pom).getroot()
        names = [
            (text(licence, "m:name") + " " + text(licence, "m:url")).strip()
            for licence in root.findall("m:licenses/m:license", NAMESPACE)
        ]
        if names:
            return " or ".join(dict.fromkeys(short(name) for name in names))
        parent = root.find("m:parent", NAMESPACE)
        if parent is None:
            raise SystemExit(f"no licence of {group}:{artifact}; look and add it to KNOWN")
        group, artifact, version = (text(parent, f"m:{tag}") for tag in ("groupId", "artifactId", "version"))


def text(element, path):
    found = element.find(path, NAMESPACE)
    return (found.text or "").strip() if found is not None else ""


def short(name):
    for pattern, label in SHORT:
        if re.search(pattern, name, re.IGNORECASE):
            return label
    return name


if __name__ == "__main__":
    main(*sys.argv[1:])
