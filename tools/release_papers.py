#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: release_papers.py --out FOLDER [--changes FILE] ARCHITECTURE:TAR:FACTS...

Writes what goes with the tars of a release, cation-<architecture>.tar each, into FOLDER:
  cation-<architecture>.manifest   the tar's own manifest
  cation-<architecture>.spdx.json  its bill of materials, SPDX 2.3
  NOTES.md                         what it is, what changed, sizes and budgets
  SHA256SUMS                       of all these and of the tars, for sha256sum -c
FACTS are those of release_facts.py; the file of --changes is Markdown. All is made of these alone:
the same tars give the same bytes, whoever does it, where and when.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import sys
import tarfile
import uuid

LICENSE_PATH = "usr/share/licenses/cation/LICENSE"
MANIFEST_PATH = "usr/lib/cation/manifest"
RELEASE_PATH = "etc/cation-release"
# What an SPDX document is identified by has to be a URI of its own; nothing needs to be there.
NAMESPACE = "https://spdx.org/spdxdocs/"


class Failure(Exception):
    """What a user is told."""


class Release:
    """What is in a tar, and how it was built."""

    def __init__(self, arch, tar, facts):
        self.arch = arch
        self.tar_name = f"cation-{arch}.tar"
        with open(facts, encoding="utf-8") as file:
            self.facts = json.load(file)
        with open(tar, "rb") as file:
            self.tar = file.read()
        self.files = {}
        with tarfile.open(tar, "r:") as archive:
            for member in archive:
                if member.isfile():
                    self.files[member.name] = archive.extractfile(member).read()
                elif not member.isdir():
                    raise Failure(f"{tar}: {member.name} is neither a file nor a folder")
        for path in (LICENSE_PATH, MANIFEST_PATH, RELEASE_PATH):
            if path not in self.files:
                raise Failure(f"{tar} has no {path}")
        lines = self.files[RELEASE_PATH].decode().splitlines()
        self.origin = dict(line.split("=", 1) for line in lines if "=" in line)
        if self.origin["ARCHITECTURE"] != arch:
            raise Failure(f"{tar} is for {self.origin['ARCHITECTURE']}, not for {arch}")
        if self.origin["LIBC"] != self.facts["libc"]["name"]:
            raise Failure(f"{tar} is linked with {self.origin['LIBC']}, {facts} says {self.facts['libc']['name']}")
        for path in self.facts["budgets"]:
            if path not in self.files:
                raise Failure(f"{facts} has a budget for {path}, which is not in {tar}")

    def programs(self):
        """(name, bytes, bytes above the empty program, budget) of each."""
        for path, budget in sorted(self.facts["budgets"].items()):
            size = len(self.files[path])
            yield os.path.basename(path), size, size - self.facts["empty"], budget


# ------------------------------------------------------------------------------------------- SPDX
def spdx_id(path):
    """Letters, digits, '.' and '-' only; the hash keeps apart what this makes equal."""
    return f"SPDXRef-File-{re.sub('[^A-Za-z0-9.-]', '-', path)}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def checksums(content):
    return [
        {"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
        {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()},
    ]


def file_type(content):
    if content.startswith(b"\x7fELF"):
        return "BINARY"
    return "TEXT"


def created(date):
    """The commit's day, as the times in the tar; the epoch where the build knew none."""
    return ("1970-01-01" if date == "unknown" else date) + "T00:00:00Z"


def copyright_line(license_text):
    lines = [line.strip() for line in license_text.decode().splitlines() if line.startswith("Copyright ")]
    if not lines:
        raise Failure(f"{LICENSE_PATH} has no line that begins with Copyright")
    return "\n".join(lines)


def other_package(identifier, name, version, **more):
    """One whose files are not in the tar."""
    package = {
        "SPDXID": identifier,
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }
    package.update(more)
    return package


def spdx_document(release):
    origin, facts = release.origin, release.facts
    copyright_text = copyright_line(release.files[LICENSE_PATH])
    name = f"cation-{origin['VERSION']}-{release.arch}"
    unique = uuid.uuid5(uuid.NAMESPACE_URL, "sha256:" + hashlib.sha256(release.tar).hexdigest())
    files, relationships = [], []

    def relate(element, kind, other):
        relationships.append({"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": other})

    relate("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package-cation")
    for path, content in sorted(release.files.items()):
        files.append({
            "SPDXID": spdx_id(path),
            "fileName": "./" + path,
            "fileTypes": [file_type(content)],
            "checksums": checksums(content),
            "licenseConcluded": "MIT",
            "licenseInfoInFiles": ["NOASSERTION"],
            "copyrightText": copyright_text,
        })
        relate("SPDXRef-Package-cation", "CONTAINS", spdx_id(path))
    # SPDX 2.3, 7.9: the SHA-1 of all files' SHA-1, sorted and joined.
    joined = "".join(sorted(entry["checksums"][0]["checksumValue"] for entry in files))
    packages = [{
        "SPDXID": "SPDXRef-Package-cation",
        "name": "cation",
        "versionInfo": f"{origin['VERSION']}+{origin['COMMIT']}",
        "packageFileName": release.tar_name,
        "primaryPackagePurpose": "ARCHIVE",
        "supplier": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True,
        "packageVerificationCode": {"packageVerificationCodeValue": hashlib.sha1(joined.encode()).hexdigest()},
        "checksums": checksums(release.tar),
        "licenseConcluded": "MIT",
        "licenseDeclared": "MIT",
        "licenseInfoFromFiles": ["NOASSERTION"],
        "copyrightText": copyright_text,
    }]
    libc = facts["libc"]
    if libc["name"] == "relibc":
        packages.append(other_package(
            "SPDXRef-Package-relibc", "relibc", "NOASSERTION", packageFileName="lib/libc.a",
            checksums=[{"algorithm": kind.upper(), "checksumValue": libc[kind]} for kind in ("sha1", "sha256")],
            comment="The C library of the sysroot that was given, known by the checksums of its archive.",
        ))
        relate("SPDXRef-Package-cation", "STATIC_LINK", "SPDXRef-Package-relibc")
    else:
        packages.append(other_package(
            "SPDXRef-Package-standin", "cation-standin", f"{origin['VERSION']}+{origin['COMMIT']}",
            licenseConcluded="MIT", licenseDeclared="MIT", copyrightText=copyright_text,
            comment=f"relibc's ABI of {libc['imitates']} on Linux system calls, of the same commit (runtime/standin): "
            "these programs run on Linux hosts, for tests, and not on Redox.",
        ))
        relate("SPDXRef-Package-cation", "STATIC_LINK", "SPDXRef-Package-standin")
    for identifier, key in (("SPDXRef-Package-compiler", "compiler"), ("SPDXRef-Package-linker", "linker")):
        packages.append(other_package(identifier, facts[key]["name"], facts[key]["version"], comment=facts[key]["says"]))
        relate(identifier, "BUILD_TOOL_OF", "SPDXRef-Package-cation")
    # versionInfo is optional, and NOASSERTION is no value of it.
    for package in packages:
        if package["versionInfo"] == "NOASSERTION":
            del package["versionInfo"]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"{NAMESPACE}{name}-{unique}",
        "creationInfo": {
            "created": created(origin["DATE"]),
            "creators": ["Organization: The Cation authors", "Tool: cation-release_papers"],
        },
        "packages": packages,
        "files": files,
        "relationships": relationships,
    }


# ------------------------------------------------------------------------------------------ notes
def linked_with(release):
    libc = release.facts["libc"]
    if libc["name"] == "relibc":
        return f"relibc, `libc.a` with SHA-256 `{libc['sha256']}`"
    return f"the stand-in of relibc of {libc['imitates']}: for tests on Linux hosts, **not for Redox**"


def notes(releases, changes):
    origin = releases[0].origin
    lines = [
        f"# Cation {origin['VERSION']}",
        "",
        f"Commit `{origin['COMMIT']}` of {origin['DATE']}.",
        "",
        "| | " + " | ".join(release.arch for release in releases) + " |",
        "| --- |" + " --- |" * len(releases),
    ]
    for what, value in (
        ("file", lambda r: f"`{r.tar_name}`, {len(r.tar):,} bytes"),
        ("programs", lambda r: str(len(r.facts["budgets"]))),
        ("linked with", linked_with),
        ("compiler", lambda r: r.facts["compiler"]["says"]),
        ("linker", lambda r: r.facts["linker"]["says"]),
        ("empty program", lambda r: f"{r.facts['empty']:,} bytes"),
    ):
        lines.append(f"| {what} | " + " | ".join(value(release) for release in releases) + " |")
    lines += [
        "",
        "`sha256sum -c SHA256SUMS` checks these files; `cation-<architecture>.spdx.json` is the bill of materials (SPDX 2.3),",
        "`cation-<architecture>.manifest` what `./cation install` puts into an image, and `./cation verify` compares.",
        "",
        "## What changed",
        "",
        changes.strip(),
        "",
        "## Sizes and budgets",
        "",
        "Bytes of the stripped program, those above the empty program linked the same way, and how many these may be: the build",
        "ends where it is more.",
        "",
    ]
    columns = [f"{what}, {release.arch}" for release in releases for what in ("bytes", "above empty", "budget")]
    lines += ["| program | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
    table = {}
    for index, release in enumerate(releases):
        for name, *figures in release.programs():
            table.setdefault(name, {})[index] = figures
    for name, row in sorted(table.items()):
        cells = []
        for index in range(len(releases)):
            cells += [f"{figure:,}" for figure in row[index]] if index in row else [""] * 3
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------- main
def papers(releases, changes):
    """The files, a dictionary from name to content."""
    for key in ("VERSION", "COMMIT", "DATE"):
        if len({release.origin[key] for release in releases}) != 1:
            raise Failure(f"releases with several values of {key}")
    try:
        datetime.datetime.strptime(created(releases[0].origin["DATE"]), "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise Failure(f"{RELEASE_PATH}: DATE={releases[0].origin['DATE']} is no date") from error
    made = {"NOTES.md": notes(releases, changes).encode()}
    sums = {}
    for release in releases:
        made[f"cation-{release.arch}.manifest"] = release.files[MANIFEST_PATH]
        document = json.dumps(spdx_document(release), indent=1, sort_keys=True)
        made[f"cation-{release.arch}.spdx.json"] = (document + "\n").encode()
        sums[release.tar_name] = hashlib.sha256(release.tar).hexdigest()
    sums.update((name, hashlib.sha256(content).hexdigest()) for name, content in made.items())
    made["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--changes")
    parser.add_argument("releases", nargs="+")
    options = parser.parse_args()
    try:
        releases = []
        for entry in options.releases:
            if entry.count(":") != 2:
                raise Failure(f"{entry}: not ARCHITECTURE:TAR:FACTS")
            releases.append(Release(*entry.split(":")))
        changes = "All of it: there is no release before this one."
        if options.changes:
            with open(options.changes, encoding="utf-8") as file:
                changes = file.read()
        for name, content in papers(releases, changes).items():
            path = os.path.join(options.out, name)
            with open(path + ".new", "wb") as file:
                file.write(content)
            os.chmod(path + ".new", 0o644)
            os.replace(path + ".new", path)
    except (Failure, OSError, KeyError, ValueError, tarfile.TarError) as error:
        sys.exit(f"release_papers: {type(error).__name__ + ': ' if isinstance(error, KeyError) else ''}{error}")


if __name__ == "__main__":
    main()
