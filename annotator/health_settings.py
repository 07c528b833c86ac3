"""Checks of what an administrator set up: the key, the files, and the way from people to the program."""

import stat
from pathlib import Path
from urllib.parse import urlsplit

from annotator.config import KEY_FILE
from annotator.health import Check, Site, State

OTHERS = stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH


def secret_key(site: Site) -> Check:
    """Tell whether the key is readable by its owner alone; its length is checked at every start."""
    name, file = "Secret key", Path(site.settings.instance) / KEY_FILE
    if not file.exists():
        return Check(name, State.GOOD, "The key comes from the settings and is long enough.")
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return Check(
            name,
            State.WRONG,
            f"Others on this machine may read the key: its file has the mode {mode:04o}.",
            f"Run: chmod 600 {file}. Then make a new key, since others may know this one (see the manual).",
        )
    return Check(name, State.GOOD, "The key is long enough, and its owner alone may read it.")


def files(site: Site) -> Check:
    """Tell whether other accounts of the machine can come at the data."""
    name, folder = "Files", Path(site.settings.instance)
    open_files = [path.name for path in sorted(folder.iterdir()) if path.stat().st_mode & stat.S_IROTH]
    if folder.stat().st_mode & OTHERS and open_files:
        return Check(
            name,
            State.WRONG,
            f"Every account of this machine may read: {', '.join(open_files)}.",
            f"Run: chmod 700 {folder}",
        )
    return Check(name, State.GOOD, "Other accounts of this machine cannot read the folder of the data.")


def https(site: Site) -> Check:
    """Tell whether people reach the site in a way that keeps their sessions safe."""
    name, base = "HTTPS", site.settings.base_url
    if not base:
        return Check(
            name,
            State.NOTICE,
            "BASE_URL is not set, so the site answers on this machine alone, as localhost.",
            "To let others in, put a proxy with TLS in front and set BASE_URL, for example https://desk.example.org.",
        )
    parts = urlsplit(base)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        return Check(
            name,
            State.WRONG,
            "BASE_URL begins with http://: browsers send the session's cookie over HTTPS alone, so nobody can sign in.",
            "Put a proxy with TLS in front and let BASE_URL begin with https://.",
        )
    return Check(name, State.GOOD, "People reach the site over HTTPS, or on this machine.")


def proxy(site: Site) -> Check:
    """Tell whether the number of proxies fits what comes in."""
    name, count, asked = "Proxy", site.settings.proxies, site.asked
    if asked is not None and asked.forwarded and not count:
        return Check(
            name,
            State.WRONG,
            "A proxy stands in front, but PROXIES is 0: everybody seems to come from the proxy's address, and limits "
            "of sign-ins count all people together.",
            "Set PROXIES to the number of proxies in front that set X-Forwarded headers.",
        )
    if asked is not None and count and not asked.forwarded:
        return Check(
            name,
            State.WRONG,
            f"PROXIES is {count}, but this request came without X-Forwarded headers: whoever reaches the program "
            "beside the proxy may say to come from anywhere.",
            "Let the proxy set X-Forwarded-For, -Proto and -Host, and let nobody reach the program beside it; or set "
            "PROXIES to 0.",
        )
    if site.settings.base_url.startswith("https:") and not count:
        return Check(
            name,
            State.NOTICE,
            "BASE_URL begins with https:// and PROXIES is 0; the program itself speaks no TLS.",
            "Set PROXIES to the number of proxies in front.",
        )
    return Check(name, State.GOOD, f"{count} in front." if count else "None in front.")


def origin(site: Site) -> Check:
    """Tell whether forms come from the address that the check against other sites compares with."""
    name, base, asked = "Address of the site", site.settings.base_url, site.asked
    if not base:
        return Check(
            name, State.GOOD, "Forms are taken from the address that was asked for, on this machine."
        )
    parts = urlsplit(base)
    if parts.path not in ("", "/") or parts.query:
        return Check(
            name,
            State.WRONG,
            "BASE_URL has a path; the site lies at the root of a host.",
            "Give scheme and host alone, for example https://desk.example.org.",
        )
    if asked is not None and asked.origin != f"{parts.scheme}://{parts.netloc}":
        return Check(
            name,
            State.WRONG,
            f"You came by {asked.origin}, but BASE_URL says {parts.scheme}://{parts.netloc}: browsers that name "
            "only the page they come from have their forms refused.",
            "Open the site by BASE_URL, or mend BASE_URL and the headers of the proxy.",
        )
    return Check(name, State.GOOD, f"People and forms come by {parts.scheme}://{parts.netloc}.")
