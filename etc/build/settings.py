"""Writes etc/PID.cfg for every component with settings, from what the built bundles declare: each key with its default.

Usage, after a build: settings.py ROOT FOLDER, where FOLDER is ROOT/etc
"""

import pathlib
import sys
import textwrap
import xml.etree.ElementTree
import zipfile

MANY = "2147483647"


def main(root, folder):
    root = pathlib.Path(root)
    for jar in sorted([*root.glob("bundles/**/target/*-SNAPSHOT.jar"), *root.glob("*-bundles/*/target/*-SNAPSHOT.jar")]):
        with zipfile.ZipFile(jar) as bundle:
            for name in bundle.namelist():
                if name.startswith("OSGI-INF/metatype/") and name.endswith(".xml"):
                    write(pathlib.Path(folder), xml.etree.ElementTree.fromstring(bundle.read(name)))


def write(folder, metadata):
    types = {ocd.get("id"): ocd for ocd in metadata.findall("OCD")}
    for designate in metadata.findall("Designate"):
        if designate.get("factoryPid"):
            continue
        ocd = types[designate.find("Object").get("ocdref")]
        lines = [f"# {ocd.get('name')}. What stands here is the default; take the # away to change it."]
        for attribute in ocd.findall("AD"):
            lines += ["", *textwrap.wrap(explained(attribute), 118, initial_indent="# ", subsequent_indent="# ")]
            lines.append(f"#{attribute.get('id')} = {attribute.get('default', '')}".rstrip())
        (folder / f"{designate.get('pid')}.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")


def explained(attribute):
    text = attribute.get("description") or attribute.get("name")
    limits = [f"{word} {attribute.get(key)}" for key, word in (("min", "at least"), ("max", "at most")) if attribute.get(key)]
    if attribute.get("cardinality") == MANY:
        limits.append("a list")
    options = [option.get("value") for option in attribute.findall("Option")]
    if options:
        limits.append("one of " + " ".join(options))
    return text + (f" ({', '.join(limits)})" if limits else "")


if __name__ == "__main__":
    main(*sys.argv[1:])
