"""Small PDFs, made by hand."""

from collections.abc import Sequence
from pathlib import Path


def of(*lines: str) -> bytes:
    """Return a PDF of one page with these lines of text on it."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode()
    return _whole(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def _whole(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(body))
    )


def encrypted(file: Path, password: str, algorithm: str = "RC4-128") -> None:
    """Write a PDF that opens with a password."""
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(of("secret ranking"))))
    writer.encrypt(password, "the owner's", algorithm=algorithm)
    writer.write(file)


def scanned(file: Path) -> None:
    """Write a PDF without any text."""
    file.write_bytes(of())


def circular() -> bytes:
    """Return a PDF whose pages hold each other."""
    return _whole(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>",
        ]
    )


def swelling() -> bytes:
    """Return a PDF of a few kilobytes whose page is 100 MB of text."""
    import zlib

    squeezer = zlib.compressobj(9)
    piece = b"(a) Tj " * 150_000
    stream = squeezer.compress(b"BT /F1 12 Tf ")
    for _ in range(100):
        stream += squeezer.compress(piece)
    stream += squeezer.flush()
    return _whole(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream"
            % (len(stream), stream),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )
