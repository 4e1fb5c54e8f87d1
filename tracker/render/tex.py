r"""Formulas readable as text: "$\beta$-VAE" is "β-VAE", "\textbf{x}" is "x".

A table of signs and a few rules, for titles and summaries; what it does not know
stays as it was written.
"""

import re
import unicodedata

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",  # noqa: RUF001 - signs on purpose
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",  # noqa: RUF001 - signs on purpose
    "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ", "sigma": "σ",  # noqa: RUF001 - signs on purpose
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",  # noqa: RUF001 - signs on purpose
}  # fmt: skip
_SIGNS = (
    _GREEK
    | {name.capitalize(): letter.upper() for name, letter in _GREEK.items()}
    | dict.fromkeys(
        [
            "bf", "it", "em", "rm", "tt", "sc", "sf", "displaystyle", "left", "right",
            "big", "Big", "limits", "nolimits",
        ],
        "",
    )
    | dict.fromkeys(
        [
            "log", "exp", "min", "max", "arg", "sup", "inf", "lim", "sin", "cos",
            "tanh", "Pr", "det",
        ]
    )
    | {
        "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "ell": "ℓ", "times": "×",  # noqa: RUF001 - signs on purpose
        "cdot": "·", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦",
        "leftrightarrow": "↔", "Rightarrow": "⇒", "leq": "≤", "le": "≤", "geq": "≥",
        "ge": "≥", "ll": "≪", "gg": "≫", "neq": "≠", "ne": "≠", "approx": "≈",
        "equiv": "≡", "sim": "~", "propto": "∝", "infty": "∞", "pm": "±", "in": "∈",
        "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩",  # noqa: RUF001 - signs on purpose
        "forall": "∀", "exists": "∃", "nabla": "∇", "partial": "∂", "sum": "∑",
        "prod": "∏", "int": "∫", "sqrt": "√", "circ": "∘", "star": "⋆", "ast": "*",
        "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "top": "⊤", "perp": "⊥", "mid": "|",  # noqa: RUF001 - signs on purpose
        "langle": "⟨", "rangle": "⟩", "dots": "…", "ldots": "…", "cdots": "…",
        "quad": " ", "qquad": " ", "textendash": "–", "textemdash": "—", "ss": "ß",  # noqa: RUF001 - signs on purpose
        "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "l": "ł",
        "L": "Ł", "i": "i", "textasciitilde": "~",
    }
)  # fmt: skip
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    "u": "\u0306", ".": "\u0307", '"': "\u0308", "H": "\u030b", "v": "\u030c",
    "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])\s?\{?|([uHvck])\{)(\\?[A-Za-z])\}?")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_SCRIPT = re.compile(r"([\^_])\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])( (?=[A-Za-z]))?")
_WRAPPED = re.compile(r"\\[A-Za-z]+\*?\{([^{}]*)\}")
# Pandoc's rule for dollars: no space inside the marks, no digit behind them. So
# "$5M and $10M" is money.
_MATH = re.compile(r"(?<![\\$])\$(?!\s)([^$]{1,200}?)(?<![\s\\])\$(?!\d)")
_SPACING = re.compile(r"\\[,;:! ]|\\\(|\\\)")
_BRACE = re.compile(r"(?<!\\)[{}]")
_ESCAPED = re.compile(r"\\([%&#_{}$])")
_DEEPEST = 4


def readable(text: str) -> str:
    """Return `text` with the TeX we know written as plain characters."""
    if "\\" in text:
        text = _plain(text)
    elif "$" not in text:
        return text
    return _ESCAPED.sub(r"\1", _MATH.sub(_formula, text))


def _plain(text: str) -> str:
    text = _SPACING.sub(_space, _ACCENT.sub(_accented, text))
    had_command = False
    for _ in range(_DEEPEST):
        before = text
        text = _COMMAND.sub(_sign, _FRACTION.sub(r"\1/\2", _SCRIPT.sub(r"\1\2", text)))
        text = _WRAPPED.sub(r"\1", text)
        if text == before:
            break
        had_command = True
    return _BRACE.sub("", text) if had_command else text


def _formula(found: re.Match[str]) -> str:
    return _BRACE.sub("", found[1])


def _space(found: re.Match[str]) -> str:
    return " " if found[0] in ("\\ ", "\\;", "\\:") else ""


def _accented(found: re.Match[str]) -> str:
    mark = _ACCENTS[found[1] or found[2]]
    return unicodedata.normalize("NFC", found[3].removeprefix("\\") + mark)


def _sign(found: re.Match[str]) -> str:
    name, space = found[1], found[2] or ""
    if name not in _SIGNS:
        return found[0]
    sign = _SIGNS[name]
    if sign is None:  # a function's name: \log n
        return name + space
    return sign + (space if sign else "")
