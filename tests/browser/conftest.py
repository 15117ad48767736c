"""A portal of ten made-up commissioners with people of every role, and a Chromium window for each of them."""

import pytest

from tests.browser.driving import farr, populate, running, sign_in
from tests.browser.provider import CLIENT, SECRET, providing
from tests.web.installing import AGREEMENT, PURPOSE, install
from tests.web.publishing import LEVEL, publish

PEOPLE = {
    "viewer": "viewer", "analyst": "analyst", "second-analyst": "analyst", "asset-owner": "information-asset-owner",
    "guardian": "caldicott-guardian", "risk-owner": "risk-owner", "checker": "output-checker", "second-checker": "output-checker",
    "administrator": "administrator", "asker": "viewer", "leaver": "viewer",
}  # fmt: skip


@pytest.fixture(scope="session")
def provider():
    """The sign-on of an organisation, named in the portal's settings."""
    with providing() as server:
        yield server


@pytest.fixture(scope="session")
def portal(tmp_path_factory, chromium, provider):
    folder = install(tmp_path_factory.mktemp("portal"))
    (folder / "trust.secret").write_text(SECRET)
    with (folder / "portal.toml").open("a") as settings:
        settings.write(
            f'[[sign_on]]\nname = "trust"\ntitle = "The trust"\nserver = "{provider.issuer}"\nclient = "{CLIENT}"\n'
            'secret_file = "trust.secret"\n'
        )
    publish(folder / "published")
    farr("portal", "manage", "migrate", "--verbosity", "0", folder=folder)
    people = [
        {"email": f"{name}@example.org", "name": name.replace("-", " ").capitalize(), "roles": [role]} for name, role in PEOPLE.items()
    ]
    without = ("newcomer", "key-holder", "signed-on")
    newcomers = [{"email": f"{name}@example.org", "name": name.capitalize(), "roles": ["viewer"], "factor": False} for name in without]
    grant = {"agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "organisation": "C09"}
    readers = ("viewer", "analyst", "second-analyst", "leaver", *without)
    populate(folder, [*people, *newcomers], [{"email": f"{name}@example.org", **grant} for name in readers])
    with running(folder) as answering:
        yield answering


@pytest.fixture(scope="session")
def window(chromium, portal):
    """The window of somebody who is signed in, one each for the whole session; what its console says of faults is kept as `faults`."""
    opened = {}

    def of(name):
        if name not in opened:
            page = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=portal.address).new_page()
            sign_in(page, portal, f"{name}@example.org")
            opened[name] = page
        return opened[name]

    yield of
    for page in opened.values():
        page.context.close()
