"""Which paper an address names, by the rules that publishers' sites keep.

A paper has a page and a PDF, often at several addresses: each site builds one from the
other in its own way, or from the paper's DOI.
"""

import re
from collections import defaultdict

_DOI = r"10\.\d{4,9}/"
# Hosts, what path and query look like, and the name that they stand for.
_RULES = (
    ("doi.org dx.doi.org", rf"/({_DOI}[^?]+)", r"doi:\1"),
    (
        "dl.acm.org science.org pnas.org onlinelibrary.wiley.com tandfonline.com"
        " journals.sagepub.com pubs.acs.org",
        rf"/doi/(?:[a-z]+/)?({_DOI}[^?]+)",
        r"doi:\1",
    ),
    ("science.sciencemag.org", rf"/doi/(?:[a-z]+/)?({_DOI}[^?]+)", r"doi:\1"),
    ("pnas.org", r"/content/(?:pnas/)?\d+/\d+/e(\d{10})(?!\d)", r"doi:10.1073/pnas.\1"),
    (
        "link.springer.com",
        rf"/(?:article|chapter|content/pdf)/({_DOI}[\w.-]+?)(?:\.pdf|/.*)?(?=\?|$)",
        r"doi:\1",
    ),
    (
        "biorxiv.org medrxiv.org",
        rf"/content/(?:\w+/)?({_DOI}(?:\d{{4}}\.\d\d\.\d\d\.)?\d{{6,8}})(?!\d)",
        r"doi:\1",
    ),
    # "d41586-…" are news and comments on papers.
    ("nature.com", r"/articles/((?!d\d)[a-z]*\d[\w-]+)", r"doi:10.1038/\1"),
    (
        "journals.plos.org",
        r"/\w+/article[/\w]*\?(?:.*&)?id=(10\.1371/[\w.]+)",
        r"doi:\1",
    ),
    (
        "frontiersin.org",
        r"/(?:journals/[\w-]+/)?articles/(10\.3389/[\w.]+)",
        r"doi:\1",
    ),
    ("journals.aps.org", r"/\w+/(?:abstract|pdf)/(10\.1103/[\w.]+)", r"doi:\1"),
    # IJCAI's papers have DOIs by year and number since 2017.
    (
        "ijcai.org",
        r"/proceedings/(201[7-9]|20[2-9]\d)/0*(\d+)(?!\d)",
        r"doi:10.24963/ijcai.\1/\2",
    ),
    (
        "aclanthology.org",
        r"/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?:v\d+)?(?:\.pdf)?/?(?=\?|$)",
        r"url:aclanthology.org/\1",
    ),
    (
        "aclweb.org",
        r"/anthology/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?:v\d+)?(?:\.pdf)?/?(?=\?|$)",
        r"url:aclanthology.org/\1",
    ),
    (
        "openaccess.thecvf.com",
        r"/(content\w*(?:/\w+)*)/(?:html|papers)/((?:w\d+/)?[\w-]+_paper)\.(?:html|pdf)",
        r"url:openaccess.thecvf.com/\1/html/\2.html",
    ),
    (
        "proceedings.mlr.press",
        r"/([vr]\d+)/([\w-]+)(?:\.html|/\2\.pdf)",
        r"url:proceedings.mlr.press/\1/\2.html",
    ),
    (
        "raw.githubusercontent.com",
        r"/mlresearch/([vr]\d+)/[\w-]+/assets/([\w-]+)/\2\.pdf",
        r"url:proceedings.mlr.press/\1/\2.html",
    ),
    (
        "papers.nips.cc papers.neurips.cc proceedings.neurips.cc",
        r"/(?:paper|paper_files/paper)/(\d{4})/(?:hash|file)/([0-9a-f]{32})-",
        r"url:proceedings.neurips.cc/paper/\1/\2",
    ),
    (
        "papers.nips.cc papers.neurips.cc",
        r"/paper/(\d+)-[\w-]+(?:\.pdf)?(?=\?|$)",
        r"url:papers.nips.cc/paper/\1",
    ),
    (
        "proceedings.mlsys.org",
        r"/(?:paper|paper_files/paper)/(\d{4})/(?:hash|file)/([0-9a-f]{32})-",
        r"url:proceedings.mlsys.org/paper/\1/\2",
    ),
    (
        "ojs.aaai.org aaai.org",
        r"(?:/ojs)?/index\.php/(\w+)/article/(?:view|viewFile|viewPaper|download)/(\d+)",
        r"url:ojs.aaai.org/index.php/\1/article/view/\2",
    ),
    (
        "jmlr.org",
        r"/papers/v(?:olume)?(\d+)/([\w-]+)(?:\.html|/\2\.pdf)",
        r"url:jmlr.org/papers/v\1/\2.html",
    ),
    (
        "usenix.org",
        r"/conference/(\w+)/presentation/([\w-]+)",
        r"url:usenix.org/conference/\1/presentation/\2",
    ),
    (
        "usenix.org",
        r"/system/files/(?:conference/\w+/)?([a-z]+\d\d)-([\w-]+)\.pdf",
        r"url:usenix.org/conference/\1/presentation/\2",
    ),
    (
        "ieeexplore.ieee.org",
        r"/(?:abstract/)?document/(\d+)",
        r"url:ieeexplore.ieee.org/document/\1",
    ),
    (
        "ieeexplore.ieee.org",
        r"/stamp/stamp\.jsp\?(?:.*&)?arnumber=(\d+)",
        r"url:ieeexplore.ieee.org/document/\1",
    ),
    (
        "sciencedirect.com",
        r"/science/article/(?:abs/)?pii/(\w+)",
        r"url:sciencedirect.com/science/article/pii/\1",
    ),
    (
        "ncbi.nlm.nih.gov pmc.ncbi.nlm.nih.gov",
        r"(?:/pmc)?/articles/(PMC\d+)",
        r"url:pmc.ncbi.nlm.nih.gov/articles/\1",
    ),
    (
        "pubmed.ncbi.nlm.nih.gov",
        r"/(\d+)/?(?=\?|$)",
        r"url:pubmed.ncbi.nlm.nih.gov/\1",
    ),
    ("eprint.iacr.org", r"/(\d{4}/\d+)(?:\.pdf)?(?=\?|$)", r"url:eprint.iacr.org/\1"),
    (
        "research.google research.google.com",
        r"/pubs/pub(\d+)",
        r"url:research.google/pubs/pub\1",
    ),
    (
        "storage.googleapis.com",
        r"/pub-tools-public-publication-data/pdf/(\d+)\.pdf",
        r"url:research.google/pubs/pub\1",
    ),
    (
        "amazon.science",
        r"/publications/([\w-]+)",
        r"url:amazon.science/publications/\1",
    ),
    (  # the PDF is named after the page; "scipub-972.pdf" is not
        "assets.amazon.science",
        r"/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]+/((?:[a-z0-9]+-){3,}[a-z0-9]+)\.pdf",
        r"url:amazon.science/publications/\1",
    ),
)
_BY_HOST: defaultdict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
for _hosts, _pattern, _name in _RULES:
    for _host in _hosts.split():
        _BY_HOST[_host].append((re.compile(_pattern), _name))

HOSTS = frozenset(_BY_HOST)
"""The sites whose rules are known, without "www."."""


def paper(host: str, place: str) -> str | None:
    """Return the name of the paper at a place (path and query) of a host.

    It is "doi:…", or "url:…" of the paper's page; None where no rule says that there
    is a paper. The host comes without "www.", the place unquoted.
    """
    for pattern, name in _BY_HOST.get(host, ()):
        if found := pattern.match(place):
            return found.expand(name)
    return None
