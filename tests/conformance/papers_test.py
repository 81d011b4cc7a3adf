#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: papers_test.py RELEASE COMPILER LINKER

What goes with the tars of a release (tools/release_papers.py; RELEASE_<arch>.tar and .facts.json are here; what built it goes by these names): the
bill of materials is SPDX 2.3 and
has every file with its checksums, the checksums are sha256sum's, the notes have every program; and another user in another folder, with another
clock, time zone, locale and umask makes the same bytes.
"""
import copy
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from typing import Dict, List

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from testing import expect, run_cases

ARCHES = ("x86_64", "aarch64")
TOOL = os.path.abspath("tools/release_papers.py")
RELEASE = sys.argv[1]
BUILD_TOOLS = set(sys.argv[2:])
SHARED = os.environ.get("TEST_TMPDIR", tempfile.gettempdir())


def arguments(folder: str = ".") -> List[str]:
    """TOOL's for both architectures, whose tars and facts are in folder."""
    return [f"{arch}:{folder}/{RELEASE}_{arch}.tar:{folder}/{RELEASE}_{arch}.facts.json" for arch in ARCHES]


def made(out: str, releases: List[str]) -> Dict[str, bytes]:
    """What TOOL makes, by name."""
    os.makedirs(out, exist_ok=True)
    subprocess.run([sys.executable, TOOL, "--out", out, *releases], check=True)
    return contents(out)


def contents(folder: str) -> Dict[str, bytes]:
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
    return found


def files_of(arch: str) -> Dict[str, bytes]:
    with tarfile.open(f"{RELEASE}_{arch}.tar") as tar:
        return {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}


PAPERS = made(tempfile.mkdtemp(dir=SHARED), arguments())


# What SPDX 2.3 requires of a document, of packages and files, and of the values used here.
_DOCUMENT = ("spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages", "files", "relationships")
_PACKAGE = ("name", "SPDXID", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText")
_FILE = ("fileName", "SPDXID", "checksums", "licenseConcluded", "copyrightText", "licenseInfoInFiles")
_RELATIONSHIPS = {"DESCRIBES", "CONTAINS", "STATIC_LINK", "BUILD_TOOL_OF"}
_LENGTHS = {"SHA1": 40, "SHA256": 64}
_LICENSES = {"MIT", "NOASSERTION"}


def problems_of(document: dict) -> List[str]:
    """What is wrong with the document by SPDX 2.3."""
    problems = [f"the document has no {key}" for key in _DOCUMENT if key not in document]
    if problems:
        return problems
    if document["spdxVersion"] != "SPDX-2.3" or document["dataLicense"] != "CC0-1.0" or document["SPDXID"] != "SPDXRef-DOCUMENT":
        problems.append("version, licence or identifier of the document")
    if not re.fullmatch(r"https?://[^\s#]+", document["documentNamespace"]):
        problems.append("documentNamespace is no URI without a fragment")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"].get("created", "")):
        problems.append("created is no time")
    creators = document["creationInfo"].get("creators", [])
    if not creators or not all(re.match("(Person|Organization|Tool): .", creator) for creator in creators):
        problems.append("creators")
    identifiers = ["SPDXRef-DOCUMENT"]
    for what, required, elements in (("package", _PACKAGE, document["packages"]), ("file", _FILE, document["files"])):
        for element in elements:
            name = element.get("SPDXID", "?")
            problems += [f"{what} {name} has no {key}" for key in required if key not in element]
            identifiers.append(name)
            for checksum in element.get("checksums", []):
                if not re.fullmatch("[0-9a-f]{%d}" % _LENGTHS[checksum["algorithm"]], checksum["checksumValue"]):
                    problems.append(f"{what} {name}: {checksum}")
            if not {element.get("licenseConcluded"), element.get("licenseDeclared", "MIT")} <= _LICENSES:
                problems.append(f"{what} {name}: licence")
            if what == "file" and "SHA1" not in [checksum["algorithm"] for checksum in element.get("checksums", [])]:
                problems.append(f"file {name} has no SHA1")
    problems += [f"identifier {name!r}" for name in identifiers if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name)]
    if len(set(identifiers)) != len(identifiers):
        problems.append("two elements have one identifier")
    for relation in document["relationships"]:
        if relation["relationshipType"] not in _RELATIONSHIPS or not {relation["spdxElementId"], relation["relatedSpdxElement"]} <= set(identifiers):
            problems.append(f"relationship {relation}")
    for package in document["packages"]:
        # Absent means true.
        if package.get("filesAnalyzed", True):
            contained = {
                relation["relatedSpdxElement"] for relation in document["relationships"]
                if relation["relationshipType"] == "CONTAINS" and relation["spdxElementId"] == package["SPDXID"]
            }
            hashes = sorted(
                checksum["checksumValue"] for entry in document["files"] if entry["SPDXID"] in contained
                for checksum in entry["checksums"] if checksum["algorithm"] == "SHA1"
            )
            code = hashlib.sha1("".join(hashes).encode()).hexdigest()
            if package.get("packageVerificationCode", {}).get("packageVerificationCodeValue") != code or not contained:
                problems.append(f"package {package['SPDXID']}: packageVerificationCode")
        elif "packageVerificationCode" in package or "licenseInfoFromFiles" in package:
            problems.append(f"package {package['SPDXID']}: what only analysed files have")
    if not any(r["relationshipType"] == "DESCRIBES" and r["spdxElementId"] == "SPDXRef-DOCUMENT" for r in document["relationships"]):
        problems.append("the document describes nothing")
    return problems


def documents() -> Dict[str, dict]:
    return {arch: json.loads(PAPERS[f"cation-{arch}.spdx.json"]) for arch in ARCHES}


def names() -> None:
    wanted = ["NOTES.md", "SHA256SUMS"] + [f"cation-{arch}.{kind}" for arch in ARCHES for kind in ("manifest", "spdx.json")]
    expect(sorted(PAPERS) == sorted(wanted), f"made are {sorted(PAPERS)}")


def sums() -> None:
    folder = tempfile.mkdtemp(dir=SHARED)
    for name, content in PAPERS.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    for arch in ARCHES:
        shutil.copy(f"{RELEASE}_{arch}.tar", f"{folder}/cation-{arch}.tar")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stdout + done.stderr)
    checked = sorted(line.split(":")[0] for line in done.stdout.splitlines())
    expect(checked == sorted(set(os.listdir(folder)) - {"SHA256SUMS"}), f"in SHA256SUMS are {checked}")
    with open(f"{folder}/NOTES.md", "ab") as file:
        file.write(b"x")
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    expect(done.returncode != 0, "changed notes pass")


def bill_is_spdx() -> None:
    for arch, document in documents().items():
        expect(problems_of(document) == [], f"{arch}: {problems_of(document)}")
        kinds = {relation["relationshipType"] for relation in document["relationships"]}
        expect(kinds == _RELATIONSHIPS, f"{arch}: relationships {kinds}")
        packages = {package["name"]: package for package in document["packages"]}
        expect({"cation"} | BUILD_TOOLS < set(packages) and len(packages) == 4, f"{arch}: packages {sorted(packages)}")
        expect(bool({"relibc", "cation-standin"} & set(packages)), f"{arch}: no C library in {sorted(packages)}")
        expect(packages["cation"]["licenseDeclared"] == "MIT", "the licence")
        with open(f"{RELEASE}_{arch}.tar", "rb") as tar:
            digest = hashlib.sha256(tar.read()).hexdigest()
        expect({"algorithm": "SHA256", "checksumValue": digest} in packages["cation"]["checksums"], f"{arch}: the tar's SHA-256 is {digest}")
    namespaces = {document["documentNamespace"] for document in documents().values()}
    expect(len(namespaces) == len(ARCHES), "the documents of several tars have one namespace")


def bill_has_every_file() -> None:
    for arch, document in documents().items():
        listed = {entry["fileName"]: {c["algorithm"]: c["checksumValue"] for c in entry["checksums"]} for entry in document["files"]}
        there = {
            "./" + path: {"SHA1": hashlib.sha1(content).hexdigest(), "SHA256": hashlib.sha256(content).hexdigest()}
            for path, content in files_of(arch).items()
        }
        expect(listed == there, f"{arch}: {sorted(set(listed) ^ set(there)) or 'other checksums'}")
        date = dict(line.split("=", 1) for line in files_of(arch)["etc/cation-release"].decode().splitlines() if "=" in line)["DATE"]
        day = "1970-01-01" if date == "unknown" else date
        expect(document["creationInfo"]["created"][:10] == day, f"{arch}: created {document['creationInfo']}")


def what_is_wrong_is_found() -> None:
    sound = documents()["x86_64"]

    def changed(path: list, value) -> dict:
        document = copy.deepcopy(sound)
        place = document
        for step in path[:-1]:
            place = place[step]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value
        return document

    for path, value in (
        (["documentNamespace"], "no uri"), (["creationInfo", "created"], "2026-01-01"), (["creationInfo", "creators"], []), (["files"], []),
        (["spdxVersion"], "SPDX-2.2"), (["files", 0, "checksums", 0, "checksumValue"], "0" * 40), (["files", 0, "copyrightText"], None),
        (["files", 0, "SPDXID"], "SPDXRef-a_b"), (["files", 0, "SPDXID"], sound["files"][1]["SPDXID"]),
        (["relationships", 0, "relationshipType"], "IS"),
        (["relationships", 0], sound["relationships"][1]), (["packages", 1, "filesAnalyzed"], None), (["packages", 0, "downloadLocation"], None),
        (["packages", 0, "licenseDeclared"], "mit"),
    ):
        expect(problems_of(changed(path, value)) != [], f"{path} = {value!r} is taken")


def manifest_is_the_tars() -> None:
    for arch in ARCHES:
        expect(PAPERS[f"cation-{arch}.manifest"] == files_of(arch)["usr/lib/cation/manifest"], arch)


def notes_have_every_program() -> None:
    text = PAPERS["NOTES.md"].decode()
    rows = {row[0].strip("`"): row[1:] for row in (line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `"))}
    programs = {path.rsplit("/", 1)[1] for path in files_of("x86_64") if path.startswith("usr/bin/")}
    expect(set(rows) == programs, f"{sorted(set(rows) ^ programs)}")
    for name, row in rows.items():
        figures = [int(cell.replace(",", "")) for cell in row]
        expect(len(figures) == 3 * len(ARCHES), f"{name}: {row}")
        for place, arch in enumerate(ARCHES):
            size, above, budget = figures[3 * place:3 * place + 3]
            with open(f"{RELEASE}_{arch}.facts.json", encoding="utf-8") as file:
                facts = json.load(file)
            expect(size == len(files_of(arch)["usr/bin/" + name]) and above == size - facts["empty"], f"{name}: {row}")
            expect(0 < above <= budget == facts["budgets"]["usr/bin/" + name], f"{name}: {row}")


def the_same_bytes_elsewhere() -> None:
    base = tempfile.mkdtemp(dir=SHARED)
    folder = os.path.join(base, "another folder/below")
    os.makedirs(os.path.join(folder, "out"))
    for arch in ARCHES:
        for kind in ("tar", "facts.json"):
            shutil.copy(f"{RELEASE}_{arch}.{kind}", folder)
            os.utime(os.path.join(folder, f"{RELEASE}_{arch}.{kind}"), (1, 1))
    # Another clock: what reads it gets the year 2001.
    with open(os.path.join(base, "sitecustomize.py"), "w", encoding="utf-8") as file:
        file.write("import time\ntime.time = lambda: 1e9\ntime.time_ns = lambda: 10**18\n")
    shutil.copy(TOOL, base)
    user = {}
    if os.geteuid() == 0:
        for where, _, files in os.walk(base):
            os.chmod(where, 0o777)
            for name in files:
                os.chmod(os.path.join(where, name), 0o755)
        # Bazel's sandbox has one user, and not everybody may look into all folders: the test's own has to do there. tools/check_reproducible.sh
        # insists on another.
        other_user = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            if subprocess.run(["test", "-w", os.path.join(folder, "out")], check=False, **other_user).returncode == 0:
                user = other_user
        except PermissionError:
            pass
    print("    as user", user.get("user", os.geteuid()))
    subprocess.run(
        [sys.executable, os.path.join(base, "release_papers.py"), "--out", "out", *arguments()],
        cwd=folder, umask=0o077, check=True,
        env={
            "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR", "PYTHONPATH": base, "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin",
        },
        **user,
    )
    other = contents(os.path.join(folder, "out"))
    expect(other == PAPERS, f"other bytes: {[name for name in PAPERS if other.get(name) != PAPERS[name]]}")


def nothing_of_the_builder() -> None:
    # What a build tells of who made it and where. /root/.config is a path of the release.
    told = re.compile(rb"bazel-out|execroot|\.cache/bazel|sandbox/|/home/[a-z]|/tmp/bazel|SUDO_USER")
    for arch in ARCHES:
        with tarfile.open(f"{RELEASE}_{arch}.tar") as tar:
            for member in tar:
                expect((member.uid, member.gid, member.uname, member.gname) == (0, 0, "", ""), f"{member.name}: {member.uid} {member.uname}")
        for path, content in files_of(arch).items():
            # The installer's pages name /home, where it looks.
            found = told.search(content) if path.startswith("usr/bin/") else None
            expect(found is None, f"{arch}: {path} has {found and found.group()}")
    for name, content in PAPERS.items():
        expect(told.search(content) is None, f"{name} has {told.search(content)}")


def refused(message: str, *releases: str, changes: str = "") -> None:
    out = tempfile.mkdtemp(dir=SHARED)
    more = ["--changes", changes] if changes else []
    done = subprocess.run([sys.executable, TOOL, "--out", out, *more, *releases], capture_output=True, text=True, check=False)
    expect(done.returncode == 1 and done.stderr.startswith("release_papers: ") and message in done.stderr, f"said: {done.stderr}")
    expect(done.stderr.count("\n") == 1 and os.listdir(out) == [], f"said: {done.stderr}; made: {os.listdir(out)}")


def wrong_use() -> None:
    work = tempfile.mkdtemp(dir=SHARED)
    first = arguments()[0]
    facts = f"{RELEASE}_x86_64.facts.json"
    refused("not ARCHITECTURE:TAR:FACTS", "x86_64:a")
    refused("No such file", first.replace(".tar", ".rat"))
    refused("No such file", first, changes="nowhere")
    refused("is for x86_64, not for aarch64", first.replace("x86_64:", "aarch64:", 1))

    with open(facts, encoding="utf-8") as file:
        sound = json.load(file)
    for message, change in (("is linked with", {"libc": {"name": "another"}}), ("a budget for usr/bin/nosuch", {"budgets": {"usr/bin/nosuch": 1}})):
        with open(f"{work}/facts", "w", encoding="utf-8") as file:
            json.dump({**sound, **change}, file)
        refused(message, f"x86_64:{RELEASE}_x86_64.tar:{work}/facts")

    def repacked(name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> str:
        with tarfile.open(f"{RELEASE}_x86_64.tar") as tar, tarfile.open(f"{work}/x.tar", "w") as out:
            for member in tar:
                if member.name == name:
                    continue
                out.addfile(member, tar.extractfile(member) if member.isfile() else None)
            if content or kind != tarfile.REGTYPE:
                info = tarfile.TarInfo(name)
                info.size, info.type, info.linkname = len(content), kind, "x"
                out.addfile(info, io.BytesIO(content))
        return f"x86_64:{work}/x.tar:{facts}"

    release = files_of("x86_64")["etc/cation-release"]
    refused("has no usr/lib/cation/manifest", repacked("usr/lib/cation/manifest", b""))
    refused("neither a file nor a folder", repacked("usr/bin/link", b"", tarfile.SYMTYPE))
    refused("no line that begins with Copyright", repacked("usr/share/licenses/cation/LICENSE", b"mine"))
    refused("DATE=soon is no date", repacked("etc/cation-release", re.sub(rb"DATE=.*", b"DATE=soon", release)))
    refused("several values of VERSION", repacked("etc/cation-release", re.sub(rb"VERSION=.*", b"VERSION=9", release)), arguments()[1])


if __name__ == "__main__":
    sys.exit(run_cases("papers_test", {case.__name__: case for case in (
        names, sums, bill_is_spdx, bill_has_every_file, what_is_wrong_is_found, manifest_is_the_tars, notes_have_every_program,
        the_same_bytes_elsewhere, nothing_of_the_builder, wrong_use,
    )}))
