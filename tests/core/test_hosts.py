"""What addresses at publishers name: a paper's page and its PDF are one."""

import pytest

from tracker.core.identity import paper_key, url_key

_HASH = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("page", "pdf"),
    [
        ("dl.acm.org/doi/abs/10.1145/1.2", "dl.acm.org/doi/pdf/10.1145/1.2"),
        ("arxiv.org/abs/2205.02302", "arxiv.org/ftp/arxiv/papers/2205/2205.02302.pdf"),
        ("openreview.net/forum?id=abc-123", "openreview.net/pdf?id=abc-123"),
        ("aclanthology.org/2020.acl-x.24/", "aclanthology.org/2020.acl-x.24.pdf"),
        ("www.aclweb.org/anthology/I13-1190/", "aclanthology.org/I13-1190v2.pdf"),
        (
            "openaccess.thecvf.com/content/CVPR2021/html/Li_A-B_CVPR_2021_paper.html",
            "openaccess.thecvf.com/content/CVPR2021/papers/Li_A-B_CVPR_2021_paper.pdf",
        ),
        (
            "proceedings.mlr.press/v202/li23a.html",
            "proceedings.mlr.press/v202/li23a/li23a.pdf",
        ),
        (
            "proceedings.mlr.press/v235/li24a.html",
            "raw.githubusercontent.com/mlresearch/v235/main/assets/li24a/li24a.pdf",
        ),
        (
            f"papers.nips.cc/paper_files/paper/2022/hash/{_HASH}-Abstract-Conference.html",
            f"proceedings.neurips.cc/paper/2022/file/{_HASH}-Paper-Conference.pdf",
        ),
        ("papers.nips.cc/paper/7266-a-b", "papers.nips.cc/paper/7266-a-b.pdf"),
        (
            "www.aaai.org/ojs/index.php/AAAI/article/view/5011",
            "ojs.aaai.org/index.php/AAAI/article/download/5011/4884",
        ),
        ("www.ijcai.org/proceedings/2019/308", "ijcai.org/proceedings/2019/0308.pdf"),
        (
            "jmlr.org/papers/v21/20-074.html",
            "www.jmlr.org/papers/volume21/20-074/20-074.pdf",
        ),
        (
            "www.usenix.org/conference/atc23/presentation/li",
            "www.usenix.org/system/files/atc23-li.pdf",
        ),
        (
            "link.springer.com/article/10.1007/s1-2-3",
            "link.springer.com/content/pdf/10.1007/s1-2-3.pdf?pdf=button",
        ),
        (
            "www.nature.com/articles/s41746-018-0029-1",
            "www.nature.com/articles/s41746-018-0029-1.pdf",
        ),
        (
            "www.medrxiv.org/content/10.1101/2020.04.14.20060160v1",
            "www.medrxiv.org/content/10.1101/2020.04.14.20060160v2.full.pdf",
        ),
        (
            "ieeexplore.ieee.org/document/9097918/",
            "ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=9097918",
        ),
        (
            "www.ncbi.nlm.nih.gov/pmc/articles/PMC5391725/",
            "pmc.ncbi.nlm.nih.gov/articles/PMC5391725/pdf/a.pdf",
        ),
        ("eprint.iacr.org/2022/214", "eprint.iacr.org/2022/214.pdf"),
        (
            "research.google/pubs/pub36678/",
            "storage.googleapis.com/pub-tools-public-publication-data/pdf/36678.pdf",
        ),
        (
            "www.amazon.science/publications/ranking-pins-in-real-time",
            "assets.amazon.science/96/71/d1f/ranking-pins-in-real-time.pdf",
        ),
    ],
)
def test_a_papers_page_and_its_pdf_have_one_key(page: str, pdf: str) -> None:
    assert paper_key(f"https://{page}") == paper_key(f"http://{pdf}") is not None


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://www.nature.com/articles/s41586-1-2-z", "doi:10.1038/s41586-1-2-z"),
        ("https://www.science.org/doi/full/10.1126/X.1?a=1", "doi:10.1126/x.1"),
        (
            "https://www.pnas.org/content/pnas/118/30/e2102061118.full.pdf",
            "doi:10.1073/pnas.2102061118",
        ),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.1",
            "doi:10.1371/journal.pone.1",
        ),
        (
            "https://www.frontiersin.org/articles/10.3389/frai.1/full",
            "doi:10.3389/frai.1",
        ),
        ("https://ijcai.org/proceedings/2019/308", "doi:10.24963/ijcai.2019/308"),
    ],
)
def test_a_doi_is_read_from_an_address_by_its_hosts_rule(
    address: str, key: str
) -> None:
    assert url_key(address) == key


@pytest.mark.parametrize(
    "address",
    [
        "https://www.nature.com/articles/d41586-025-1-2",  # news of a paper
        "https://www.nature.com/nature/current_issue",
        "https://openreview.net/group?id=NeurIPS.cc/2024/Conference",
        "https://papers.nips.cc/paper_files/paper/2022",
        "https://aclanthology.org/venues/acl/",
        "https://proceedings.mlr.press/v202/",
        "https://assets.amazon.science/96/71/d1f/scipub-972.pdf",
        "https://raw.githubusercontent.com/acme/tool/main/a.pdf",
        "https://arxiv.org@lab.example/abs/2205.02302",
        "https://notarxiv.org/abs/2205.02302",
        "https://[bad",
    ],
)
def test_other_addresses_of_those_hosts_lead_to_no_paper(address: str) -> None:
    assert paper_key(address) is None
