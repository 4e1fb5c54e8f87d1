"""A job description as interests: who hires, and the words that are particular to it.

Phrases are found as RAKE does it (Rose et al., Automatic keyword extraction from
individual documents, 2010): runs of words between stop words and punctuation. The
stop words are those of English and of what every job description says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.core.text import words
from tracker.core.values import Company

_LONGEST = 100_000  # characters read of a job description
_MOST = 15  # phrases
_HEAD = 300  # characters, in which the one who hires is named, mostly
_ENOUGH = 3  # points that make a company the one who hires
_MOST_OF_RUN = 3  # words of a phrase; of a longer run, its ends are phrases
_PARTICULAR = 2.0  # points from which a phrase is
_ENGLISH = 0.15  # of words are stop words of English, in English

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9+#-]*")
_BREAK = re.compile(
    r"[^A-Za-z0-9+# -]+| - |\b(?:machine|deep) learning\b", re.IGNORECASE
)
_TERM = re.compile(r"^[A-Za-z](?:\S*[a-z][A-Z]|[A-Za-z]*[A-Z]|\S*\d)")
_LINE_GOES_ON = re.compile(r"\s*\n(?=[a-z])")
_SENTENCE_END = re.compile(r"(?<=[.!?])[ \t]+|[\r\n]+")
# Sentences that say nothing of the work.
_FORMALITY = re.compile(
    r"equal[ -]opportunity|disabilit|accommodation|401|veteran|sexual orientation"
    r"|salary|compensation|benefits (?:include|package)|^\W*benefits?\b|insurance"
    r"|background check",
    re.IGNORECASE,
)

_ENGLISH_WORDS = frozenset(
    words(
        """a about above across after all also an and any are as at be been before being
        below between both but by can could do does down during each either else ever
        every few for from further had has have having he her here hers him his how i
        if in including into is it its just like many may me might more most much must
        my neither no nor not of off on once one only onto or other our ours out over
        own per rather re same she should since so some such than that the their theirs
        them then there these they this those through throughout to too toward towards
        under until up upon us very via was way we well were what when where whether
        which while who whom whose why will with within without would you your yours"""
    )
)
_JOB_WORDS = frozenset(
    words(
        """ability able abroad academic accommodation accountable accuracy achieve act
        action active actively adapt additional advance advanced advantage age agency ai
        algorithm align amazing ambiguity analysis analyst analytic analytical analyze
        annual applicant application applied apply approach appropriate architect
        architecture area aspect assist aws azure bachelor backend background balance
        band bar base based basic basis believe benefit best better big billion bonus
        bridge bring broad bs budget build builder building built business c++ candidate
        capability care career case centric challenge chance change check citizen clean
        clear clearly client close closely cloud co code coding collaborate
        collaboration collaborative colleague color come comfortable commit commitment
        common communicate communication community company compensation competitive
        complete complex comprehensive computational computer concept conduct conference
        consider consideration consistent continuous continuously contribute
        contribution core craft create creating creation creative criminal critical
        cross culture curious current customer cutting cycle daily data date day debug
        debugging deep deeply define degree deliver delivering delivery demonstrate
        demonstrated dental department deploy deploying deployment depth derive
        description design designing desirable desire detail develop developer
        developing development devops difference different direct direction disability
        discipline discover diverse diversity do docker domain dream drive driven
        driving duty dynamic e eager early edge effective effectively efficiency
        efficient effort eligible email embrace emerging employee employer employment
        empower enable end engage engagement engineer engineering ensure enthusiasm
        entire environment equal equity equivalent especially essential ethnicity
        evaluate evaluation evolving excel excellent exceptional excited exciting
        execute execution expand expect experience experienced experiment
        experimentation expert expertise explore extensive external eye facing familiar
        familiarity family fast feature feel field find first fit flexible focus focused
        follow form formerly forward foster foundation framework friendly full fully fun
        function functional fundamental future gain gcp gender general get git give
        global go goal good google grad graduate great ground group grow growing growth
        guide hand hands happy hard health help high highly hire hiring holiday home
        hour human hundred hybrid idea ideal ideally identify identity impact impactful
        implement implementation improve improving include inclusion inclusive
        independent independently individual industry influence inform information
        infrastructure initiative innovate innovation innovative insight inspire
        insurance intelligence interest interested interesting internal international
        interpersonal interview intuition invent invest iterate java javascript job join
        junior keep key know knowledge kubernetes large largest latest launch law lead
        leader leadership leading learn learner least leave legal let level leverage
        library life lifecycle line linux listed literature live ll local location long
        look looking love m machine maintain maintainable major make making manage
        management manager managing manner marital market master match mathematic
        mathematical mathematics matter maximize measurable measure medical meet member
        mentor mentoring mentorship method methodology metric million mind minded
        minimum minority mission ml mlop model modeled modeler modeling modelling modern
        monitor monitoring month move ms multiple national nature need never new next
        nice non note object objective occasionally offer office online open operate
        operation opportunity optimal optimise optimization optimize option order
        organization organizational orientation oriented origin others outcome
        outstanding overall own owner ownership pace paced package paid paper parental
        part participate particularly partner partnership passion passionate patent path
        patient pay people perform performance performant person personal personalise
        perspective phd physic physics pipeline plan planning platform play please plus
        point position possess possible post power powerful practical practice prefer
        preferably preferred pregnancy prepare present presentation previously prior
        prioritise prioritize proactive probability problem process produce product
        production professional proficiency proficient profile profiling program
        programming progress project promote proof proposal protected prototype proud
        proven provide public publication publish published push python qualification
        qualified quality quantitative quarter question quick quickly race range rapid
        rapidly rate reach read real reasonable receive recent record reference regard
        regardless regularly relate related relates relevant religion relocation remote
        report reporting require required requirement research researcher resource
        responsibility responsible responsive result retirement review reward right
        rigor rigorous roadmap robust role run running s salary scala scalability
        scalable scale scaling science scientific scientist scope scrum seamless section
        see seek seeking select self senior sense serve served service serving set sex
        sexual shape share ship short skill skilled small smart software solid solution
        solve solving someone spark speak specialist specific speed sponsorship sql
        stack staff stage stakeholder standard startup state statement statistic
        statistical statistics status stay stem stock strategic strategy strength strong
        structure student study subject succeed success successful successfully suite
        summary support supportive system t table tackle take talent talented target
        task teach team tech technical technique technology term test testing thing
        think thinking thoughtful thousand thrive tier time today together tool tooling
        top track trade train trained training translate travel trend true trust trusted
        try turn type ultimate understand understanding unique university unstructured
        use used useful user using usually vacation value variety various ve venue
        verbal veteran view visa vision vital want week welcome wellness wide willing
        willingness win work worked worker working workplace world worldwide write
        writing written x year yearly yes yet york"""
    )
)
_STOP = _ENGLISH_WORDS | _JOB_WORDS
_LEADING = r"(?<!working )\b(?:[Aa]t|[Jj]oin|[Aa]bout|[Ww]hy)"
_FORMER = re.compile(  # where people have been, up to the end of the sentence
    r"\b(?:worked|experience|background|previously|formerly|earlier|come|came"
    r"|alumni|companies|employers) (?:at|with|for|from|of|like|such as)\b"
    r"(?:[^.!?;\n]|(?<=[,:])[ \t]*\n|\n(?=[a-z]))*",
    re.IGNORECASE,
)
_PRODUCTS = (
    r"Cloud|Docs|Sheets|Office|Excel|Word|Teams|Web Services|Analytics|Scholar|Drive"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job description asks for: names of topics and companies, and words."""

    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


def hirer(text: str, companies: Iterable[Company]) -> tuple[str, ...]:
    """Return the name of the company that hires, none when it is not plain which.

    Named at the beginning, often, or after "at", "join" and the like; a tool of a
    company's, once in passing, is not, and former employers are not at all.
    """
    read = _FORMER.sub("", text[:_LONGEST])
    low = read.lower()
    points = {one.name: _named(read, low, one) for one in companies}
    best = max(points, key=lambda name: points[name], default=None)
    return (best,) if best is not None and points[best] >= _ENOUGH else ()


def _named(text: str, low: str, company: Company) -> int:
    """Return in points how much a text is of a company; `low` is it in lower case."""
    mailed = any(f"@{domain}" in low for domain in company.domains)
    names = [n for n in (company.title, *company.aliases) if n.lower() in low]
    if not names:
        return _ENOUGH * mailed
    # A name in small letters is one in any case, as in affiliations.
    choices = "|".join(
        f"(?i:{re.escape(name)})" if name.islower() else re.escape(name)
        for name in sorted(set(names), key=lambda name: (-len(name), name))
    )
    pattern = rf"(?<![\w@.-])(?:{choices})(?![\w-]| (?:{_PRODUCTS})\b)"
    found = [mention.start() for mention in re.finditer(pattern, text)]
    led = re.findall(rf"{_LEADING} {pattern}", text)
    heads = any(at < _HEAD for at in found)
    return len(found) + 2 * len(led) + 3 * heads + _ENOUGH * mailed


def essential(text: str) -> str:
    """Return a job description without the sentences that say nothing of the work."""
    parts = _SENTENCE_END.split(text[:_LONGEST])
    return "\n".join(part for part in parts if not _FORMALITY.search(part))


def phrases(
    text: str, known: Iterable[str] = (), names: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the phrases that are particular to a job description, the most so first.

    `known` are phrases of the field, of topics for example: words of theirs speak for
    a phrase. `names` are no phrases: of companies, and what topics are called.
    """
    field = {tuple(words(phrase.rstrip("*"))) for phrase in known}
    vocabulary = {word for phrase in field for word in phrase}
    unwanted = {tuple(words(name)) for name in names}
    shown: dict[tuple[str, ...], str] = {}
    times: Counter[tuple[str, ...]] = Counter()
    for phrase in _candidates(essential(text)):
        key = tuple(words(phrase))
        if key not in unwanted:
            shown.setdefault(key, phrase)
            times[key] += 1
    points = {key: _points(key, shown[key], times[key], vocabulary) for key in shown}
    best = sorted(points, key=lambda key: -points[key])
    return tuple(shown[key] for key in best if points[key] >= _PARTICULAR)[:_MOST]


def _points(key: Sequence[str], shown: str, times: int, vocabulary: set[str]) -> float:
    """Return how particular a phrase is; a plain word must come again and again."""
    points = times + 0.5 * any(word in vocabulary for word in key)
    if any(_is_term(word) for word in shown.split()):
        return points + 1.5
    return points + (1.0 if len(key) > 1 else -1.0)


def _candidates(text: str) -> Iterator[str]:
    """Yield phrases as written; of a text that is not English, terms alone."""
    is_english = _is_english(text)
    for run in _runs(_LINE_GOES_ON.sub(" ", text)):
        if is_english:
            yield from _parts(run)
        else:
            yield from filter(_is_term, run)


def _is_english(text: str) -> bool:
    found = words(text)
    return sum(word in _ENGLISH_WORDS for word in found) >= _ENGLISH * len(found)


def _runs(text: str) -> Iterator[list[str]]:
    """Yield the runs of words between punctuation and stop words, as written."""
    for piece in _BREAK.split(text):
        run: list[str] = []
        for word in _WORD.findall(piece):
            if _is_stop(word):
                if run:
                    yield run
                run = []
            else:
                run.append(word.strip("-"))
        if run:
            yield run


def _is_stop(word: str) -> bool:
    parts = words(word)
    return all(part in _STOP or part.isdigit() or len(part) == 1 for part in parts)


def _is_term(word: str) -> bool:
    """Return whether a word is written as names of methods and tools are: PyTorch."""
    return _TERM.match(word) is not None


def _parts(run: Sequence[str]) -> Iterator[str]:
    if len(run) <= _MOST_OF_RUN:
        yield " ".join(run)
        return
    yield " ".join(run[:2])
    yield " ".join(run[-2:])
