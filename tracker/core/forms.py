"""The words of titles without what changes their form, for comparing them."""

import re
from functools import lru_cache

from tracker.core.text import normal

_SHORT = {
    "ai": "artificial intelligence",
    "cnn": "convolutional neural network",
    "dnn": "deep neural network",
    "drl": "deep reinforcement learning",
    "gan": "generative adversarial network",
    "gnn": "graph neural network",
    "llm": "large language model",
    "lm": "language model",
    "lvlm": "large vision language model",
    "ml": "machine learning",
    "mllm": "multimodal large language model",
    "moe": "mixture of experts",
    "nlp": "natural language processing",
    "qa": "question answering",
    "rag": "retrieval augmented generation",
    "rl": "reinforcement learning",
    "rlhf": "reinforcement learning from human feedback",
    "sgd": "stochastic gradient descent",
    "slm": "small language model",
    "vla": "vision language action",
    "vlm": "vision language model",
    "vqa": "visual question answering",
    "vs": "versus",
}
SILENT = re.compile(
    "an?|and|are|as|at|be|by|for|from|in|into|is|its|of|on|the|through|towards?|to"
    "|using|via|with"
)
"""Words that any text may have."""

_ENDINGS = (
    *(("izations", "ize"), ("ization", "ize"), ("isation", "ize"), ("ising", "ize")),
    *(("ations", "ate"), ("ation", "ate"), ("ating", "ate"), ("ated", "ate")),
    *(("ative", "ate"), ("ies", "y"), ("ings", ""), ("ing", ""), ("ed", "")),
    *(("ions", ""), ("ion", ""), ("es", "e"), ("s", "")),
)
_SHORTEST_STEM = 4
_LETTERS = {  # by code point: the small letters of Greek that titles hold
    0x3B1: "alpha",
    0x3B2: "beta",
    0x3B3: "gamma",
    0x3B4: "delta",
    0x3BB: "lambda",
    0x3BC: "mu",
    0x3C0: "pi",
    0x3C3: "sigma",
    0x3C4: "tau",
    0x3B8: "theta",
    0x3C6: "phi",
    0x3D5: "phi",
}
_TEX_LETTER = re.compile(rf"\\(?={'|'.join(sorted(set(_LETTERS.values())))})")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]$")


@lru_cache(maxsize=65_536)
def forms(title: str) -> tuple[str, ...]:
    """Return the words of a title without what changes their form, in order."""
    bare = _ASIDE.sub("", title) if title.endswith((")", "]")) else title
    if "\\" in bare or not bare.isascii():
        bare = _TEX_LETTER.sub("", bare).translate(_LETTERS)
    return tuple(one for word in normal(bare).split() for one in _form(word))


@lru_cache(maxsize=65_536)
def _form(word: str) -> tuple[str, ...]:
    """Return what a word stands for: its stem, those of what it is short for."""
    short = word if word in _SHORT else word.removesuffix("s")
    spelt = _SHORT.get(short, word).split()
    return tuple(_stem(one) for one in spelt if not SILENT.fullmatch(one))


def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word.removesuffix(ending) + instead
            break
    return word.rstrip("e") if len(word) > _SHORTEST_STEM else word
