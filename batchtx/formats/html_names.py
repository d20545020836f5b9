"""Which elements and attributes of HTML hold what: prose, code, nothing."""

from __future__ import annotations

from batchtx.records import UnitKind

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "math",
        "nobr",
        "q",
        "rb",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "svg",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
KEPT = frozenset(
    [
        "code",
        "kbd",
        "listing",
        "math",
        "plaintext",
        "pre",
        "samp",
        "script",
        "style",
        "svg",
        "tt",
        "var",
        "xmp",
    ]
)
"""Elements whose contents are nobody's prose."""

RAW = frozenset(["script", "style", "textarea", "xmp"])
"""Elements that hold no markup."""

KINDS: dict[str, UnitKind] = dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading")
KINDS |= {
    "td": "cell",
    "th": "cell",
    "li": "item",
    "title": "title",
    "caption": "caption",
    "figcaption": "caption",
}
KINDS |= dict.fromkeys(("option", "button", "label", "legend", "dt"), "label")
ATTRIBUTES = frozenset(
    [
        "alt",
        "title",
        "placeholder",
        "summary",
        "aria-label",
        "aria-description",
        "aria-placeholder",
        "aria-roledescription",
        "aria-valuetext",
    ]
)
META = frozenset(
    [
        "description",
        "keywords",
        "og:title",
        "og:description",
        "og:site_name",
        "twitter:title",
        "twitter:description",
    ]
)
