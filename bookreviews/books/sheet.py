"""A file of separated text, whoever wrote it: compressed or not, in any usual encoding, with any delimiter (pure)."""

import codecs
import csv
import gzip
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

CHUNK = 1 << 16  # bytes
LONGEST_LINE = 1 << 23  # characters
LONGEST_CELL = 1 << 20
DELIMITERS = (",", "\t", ";", "|")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r")) + b"\x7f"
LEADS = bytes(range(0xC2, 0xF5))  # what a character of several bytes begins with in UTF-8
LOOSE = "bookreviews.loose"


class CatalogueError(Exception):
    """The file is no catalogue; the message is one sentence for whoever gave it."""


@dataclass(frozen=True)
class Sheet:
    """How a file is to be read, and how many rows it has besides its header and blank lines."""

    path: Path
    encoding: str
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    header: tuple[str, ...] = ()
    rows: int = 0


def examine(path):
    """Read the whole file, in constant memory, and learn how it is written.

    :returns: a Sheet.
    :raises CatalogueError: for a file that is missing, empty, damaged, cut short or not text.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise CatalogueError(f"{path} is not a file.")
    with explained(path):
        encoding, whole = learn_encoding(path)
        sheet = learn_header(Sheet(path, encoding))
        # In tables separated by tabs, quotation marks are often only text.
        if sheet.delimiter == "\t" and not well_quoted(sheet):
            sheet = replace(sheet, quoting=csv.QUOTE_NONE)
        return replace(sheet, rows=count(sheet, whole))


def records(sheet):
    """The file's records from the header on, without blank ones: pairs of line number and cells.

    The cells are None where the quotation marks in a record do not match.

    :raises CatalogueError: where a quotation mark is never closed.
    """
    csv.field_size_limit(LONGEST_CELL)
    with opened(sheet.path) as file, io.TextIOWrapper(file, sheet.encoding, errors=LOOSE, newline="") as text:
        reader = csv.reader(lines(text, sheet.path), delimiter=sheet.delimiter, quoting=sheet.quoting, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise CatalogueError(
                        f"{sheet.path} is cut short or no table: a quotation mark opened in line {line} is never closed."
                    ) from None
                cells = None
            if cells is None or any(map(str.strip, cells)):
                yield line, cells


def lines(text, path):
    """The lines of a file, none of them so long that it would not fit into memory.

    :raises CatalogueError: where one is.
    """
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise CatalogueError(f"{path} is no table: it has a line of more than {LONGEST_LINE:,} characters.")
        yield line


def opened(path):
    """The bytes of a file, unpacked where it begins as gzip does; its name says nothing."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else path.open("rb")


@contextmanager
def explained(path):
    """What goes wrong with a file, in one sentence.

    :raises CatalogueError: with it.
    """
    try:
        yield
    except FileNotFoundError:
        raise CatalogueError(f"There is no file {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise CatalogueError(f"{path} is damaged or cut short: it cannot be unpacked to its end.") from None
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}.") from None


def learn_encoding(path):
    """The file's encoding, and whether its last line has an end.

    Bytes that are not UTF-8 make a file cp1252, unless it has more characters that are: files of some sites mix.
    """
    with opened(path) as file:
        encoding = first_guess(file.read(CHUNK), path)
    decoder, longer, bad, end = codecs.getincrementaldecoder(encoding)("replace"), 0, 0, ""
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            longer += len(chunk) - len(chunk.translate(None, LEADS))
            bad += text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
            end = text[-1:] or end
    half = len(decoder.getstate()[0]) > 0
    if half and (encoding.startswith("utf-16") or (longer > 1 and not bad)):
        raise CatalogueError(f"{path} is cut short: it ends in the middle of a character.")
    if encoding == "utf-8" and bad + half > longer - bad - half:
        encoding = "cp1252"
    return encoding, end in "\r\n"


def first_guess(head, path):
    """The encoding that a file's first bytes tell.

    :raises CatalogueError: where they are no text.
    """
    if not head.strip():
        raise CatalogueError(f"{path} is empty.")
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[:64:2].count(0), head[1:64:2].count(0)
    # Latin letters in UTF-16: every other byte is NUL.
    if max(even, odd) > 8 * min(even, odd) + len(head[:64]) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    controls = len(head) - len(head.translate(None, CONTROLS))
    if controls > 5 and controls * 20 > len(head):
        raise CatalogueError(f"{path} is not a text file.")
    return "utf-8"


def learn_header(sheet):
    """The sheet with its header and the delimiter that parts it into most cells.

    :raises CatalogueError: where there is none.
    """
    found = [replace(sheet, delimiter=delimiter, header=first_cells(sheet, delimiter)) for delimiter in DELIMITERS]
    best = max(found, key=lambda sheet: len(sheet.header))
    if not best.header:
        raise CatalogueError(f"{sheet.path} is empty or no table: it has no line that names the columns.")
    return best


def first_cells(sheet, delimiter):
    try:
        for _line, cells in islice(records(replace(sheet, delimiter=delimiter)), 1):
            return tuple(cells or ())
    except CatalogueError:
        pass
    return ()


def well_quoted(sheet):
    """Whether quotation marks stand only where they may."""
    try:
        return all(cells is not None for _line, cells in records(sheet))
    except CatalogueError:
        return False


def count(sheet, whole):
    """The number of the rows.

    :param whole: whether the last line has an end.
    :raises CatalogueError: where a quotation mark is never closed, or the last line ends in the middle.
    """
    rows, last = -1, ()
    for _line, cells in records(sheet):
        rows, last = rows + 1, cells or ()
    if rows and not whole and len(last) < len(sheet.header):
        raise CatalogueError(f"{sheet.path} is cut short: its last line ends in the middle.")
    return rows


def single_bytes(error):
    """Bytes that are not UTF-8 in a file that mostly is: read as Windows wrote them, in cp1252."""
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error(LOOSE, single_bytes)
