"""Writes the bill of materials: every library that is locked and every script that the portal serves, as CycloneDX 1.5.

    .venv/bin/python -m scripts.bill_of_materials dist/farr.cdx.json

The libraries come of uv.lock, by uv, with the hashes of their files. `scope` says what each is for: required by the portal and the lab,
optional (Apache Spark), or excluded: used to build and test alone."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from functools import partial
from importlib import metadata, resources
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_UV = ROOT / ".tools" / "bin" / "uv"
_CLASSIFIERS = {
    "MIT License": "MIT", "MIT No Attribution License (MIT-0)": "MIT-0", "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC", "The Unlicense (Unlicense)": "Unlicense", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "BSD License": "BSD", "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}  # fmt: skip
_VAGUE = {"BSD"}
"""What a library says of itself that is no one licence of SPDX's list: it is given as a name, not as an identifier."""


def bill() -> dict[str, Any]:
    """The whole bill. Raises CalledProcessError where uv cannot read the lock file."""
    made = _exported("--all-extras", "--all-groups")
    portal, running = (_refs(_exported("--no-dev", *extras)) for extras in (("--extra", "portal"), ("--all-extras",)))
    for each in made["components"]:
        name = (each["name"], each["version"])
        each["scope"] = "required" if name in portal else "optional" if name in running else "excluded"
        if licences := _licences_of(each["name"], each["version"]):
            each["licenses"] = licences
    made["metadata"]["component"]["type"] = "application"
    made["metadata"]["component"]["licenses"] = [{"license": {"id": "Apache-2.0"}}]
    made["components"] += scripts_served()
    made["dependencies"] += [{"ref": each["bom-ref"], "dependsOn": []} for each in scripts_served()]
    return made


def uv() -> str:
    """The program that reads the lock file."""
    found = str(_UV) if _UV.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("uv is not there; type: make .venv/ready")
    return found


def scripts_served() -> list[dict[str, Any]]:
    """The scripts of others that the portal gives to browsers, with the hash of the very file."""
    import vl_convert  # noqa: PLC0415  it takes a while, and nobody else needs it

    vega = vl_convert.javascript_bundle()
    newest = str(vl_convert.get_vegalite_versions()[-1])
    lite = _found(rf'"({re.escape(newest)}\.\d+)"', vega, "Vega-Lite")
    htmx = resources.files("django_htmx").joinpath("static/django_htmx/htmx-2.min.js").read_text(encoding="utf-8")
    keys = resources.files("allauth").joinpath("mfa/static/mfa/js/webauthn-json.js").read_text(encoding="utf-8")
    as_vega = partial(_script, content=vega, served="/assets/vega.VERSION.js", carrier="vl-convert-python", licence="BSD-3-Clause")
    return [
        _script("htmx.org", _found(r'version:"([\d.]+)"', htmx, "htmx"), content=htmx, licence="0BSD",
                served="/static/django_htmx/htmx-2.min.js", carrier="django-htmx"),
        as_vega("vega", str(vl_convert.get_vega_version())),
        as_vega("vega-lite", lite),
        as_vega("vega-embed", str(vl_convert.get_vega_embed_version())),
        # Its file does not say which version it is.
        _script("@github/webauthn-json", "", content=keys, licence="MIT",
                served="/static/mfa/js/webauthn-json.js", carrier="django-allauth"),
    ]  # fmt: skip


def _script(name: str, version: str, *, content: str, licence: str, served: str, carrier: str) -> dict[str, Any]:
    reference = f"{name.replace('@', '%40')}@{version}" if version else name.replace("@", "%40")
    return {
        "type": "library", "bom-ref": f"script-{reference}", "name": name, **({"version": version} if version else {}),
        "scope": "required", "purl": f"pkg:npm/{reference}", "licenses": [{"license": {"id": licence}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content.encode()).hexdigest()}],
        "properties": [{"name": "farr:served-as", "value": served},
                       {"name": "farr:carried-by", "value": f"{carrier}=={metadata.version(carrier)}"}],
    }  # fmt: skip


def _found(pattern: str, text: str, what: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"the version of {what} is not where it was in its file; look for it, and change scripts/bill_of_materials.py")
    return found[1]


def _exported(*flags: str) -> dict[str, Any]:
    command = [uv(), "export", "--quiet", "--frozen", "--format", "cyclonedx1.5", "--preview-features", "sbom-export", *flags]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  words of this file alone
    return dict(json.loads(done.stdout))


def _refs(made: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["name"], each["version"]) for each in made["components"]}


def _licences_of(name: str, version: str) -> list[dict[str, Any]]:
    """What the library says of itself, where it is installed in this very version."""
    try:
        said = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return []
    if said.version != version:
        return []
    if expression := said.metadata.get("License-Expression"):
        return [{"expression": expression}]
    classified = [each.rpartition(" :: ")[2] for each in said.metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    ids = [_CLASSIFIERS[each] for each in classified if each in _CLASSIFIERS]
    stated = (said.metadata.get("License") or "").strip()
    named = ids or ([stated] if stated and len(stated) < 60 and "\n" not in stated else [])
    return [{"license": {"name" if each in _VAGUE or not ids else "id": each}} for each in named]


def main() -> None:
    into = Path(sys.argv[1] if len(sys.argv) > 1 else "dist/farr.cdx.json")
    into.parent.mkdir(parents=True, exist_ok=True)
    made = bill()
    into.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"Wrote {into}: {len(made['components'])} components.\n")


if __name__ == "__main__":
    main()
