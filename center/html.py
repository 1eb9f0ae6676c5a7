"""The frame of every public page: one column for a phone, three languages, no script, nothing from elsewhere.

Every text is escaped here; what is not text is made by these functions alone.
"""

import hashlib
import html
from base64 import b64encode
from collections.abc import Iterable

from kiosk.text import Language, clean

_NAMES = {Language.HANS: "简体", Language.HANT: "繁體", Language.EN: "English"}

_STYLE = """\
:root{color-scheme:light dark}
body{margin:0 auto;max-width:40rem;padding:1rem;font:1.125rem/1.6 system-ui,sans-serif;color:#1a2430;background:#fff}
h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}h2{font-size:1.2rem;margin:1.5rem 0 .5rem}
nav a,nav b{display:inline-block;padding:.6rem .8rem;min-width:2.75rem;text-align:center}a{color:#0a5a8a}
ul{list-style:none;padding:0}li{padding:.5rem 0;border-bottom:1px solid #c8d2dc}ol li{border:0;padding:.2rem 0}
label{display:flex;gap:.8rem;align-items:baseline}input{width:1.4rem;height:1.4rem;flex:none}
small{color:#4a5866}strong.number{display:block;font-size:3.5rem;line-height:1.2}
p.note{border-left:.3rem solid #b25a00;padding-left:.8rem}
@media(prefers-color-scheme:dark){body{color:#e8eef4;background:#10161c}a{color:#7ec3f0}
small{color:#b4c0cc}li{border-color:#3a4650}}"""

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
"""The content security policy that goes with every page: its one style and nothing else."""


def text(words: str) -> str:
    """Return `words` as text of a page."""
    return html.escape(clean(words))


def tag(name: str, *inside: str, css: str = "") -> str:
    """Return an element around what is inside, which is made by these functions already."""
    marked = f' class="{css}"' if css else ""
    return f"<{name}{marked}>{''.join(inside)}</{name}>"


def link(address: str, words: str) -> str:
    """Return a link to another page of ours."""
    return f'<a href="{html.escape(address, quote=True)}">{text(words)}</a>'


def box(words: str, remark: str) -> str:
    """Return one line of a list with a box to tick, which works without any script."""
    small = f" {tag('small', text(remark))}" if remark else ""
    return tag("li", f'<label><input type="checkbox"> <span>{text(words)}{small}</span></label>')


def page(language: Language, title: str, body: Iterable[str], others: Iterable[tuple[Language, str]]) -> bytes:
    """Return a whole page; `others`: the same page in every language, by its address."""
    languages = "".join(
        tag("b", text(_NAMES[one])) if one is language else link(address, _NAMES[one]) for one, address in others
    )
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{text(title)}</title><style>{_STYLE}</style>"
        f"<nav>{languages}</nav><main>{''.join(body)}</main></html>"
    ).encode()
