"""XML of a stranger as a small tree: no DTD, no entities, bounded in size, depth and number."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from prospectus.domain.errors import Place, StudentError

if TYPE_CHECKING:
    from pyexpat import XMLParserType

MOST_BYTES = 50_000_000
MOST_DEPTH = 60
MOST_ELEMENTS = 200_000
# Of a text that goes on for ever its beginning is enough: titles, codes and days are short.
_MOST_TEXT = 10_000
_BLOCK = 1 << 16
# What the parser says where a file ends too early.
_BREAKS_OFF = ("no element found", "unclosed token", "unclosed CDATA section")
# Documents inside the document: as large as one likes, and nothing of a record.
_LEFT_OUT = frozenset(("attachment", "diplomaSupplement", "extension", "Signature"))


@dataclass(slots=True)
class Element:
    """An element: its name, attributes without their namespaces, text, line, children.

    The name stands without the namespace where that is the root's; of an element of another one
    it is `{namespace}name`, and what stands in it is not kept.
    """

    name: str
    line: int
    attributes: dict[str, str]
    namespace: str = ""
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Yield the children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        """Return the first child of that name."""
        return next(self.all(name), None)

    def said(self, name: str) -> str:
        """Return the text of the first child of that name, nothing where there is none."""
        child = self.first(name)
        return "" if child is None else child.token

    @property
    def token(self) -> str:
        """Return the text with single spaces, as the schema's `token` has it."""
        return " ".join(self.text.split())


def read_xml(path: Path) -> Element:
    """Return the root of an XML file.

    Raises
    ------
    StudentError
        REC-001 to REC-003, REC-030 to REC-032.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    file = str(path)
    target = _Target(file)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    expat: XMLParserType = parser.parser
    target.expat = expat
    # Text comes in as few pieces as the parser can manage.
    expat.buffer_text = True
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refused(file, "REC-002", "this is not a file", "name one file of a record")
        if found.st_size > MOST_BYTES:
            raise _refused(
                file,
                "REC-003",
                f"the file is larger than {MOST_BYTES // 1_000_000} MB; it was not read",
                "check that it is the right one",
            )
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                parser.feed(block)
        parser.close()
    except DefusedXmlException:
        raise _refused(
            file,
            "REC-031",
            "the file declares a document type or entities, which are not read",
            "remove the line <!DOCTYPE ...>; an ELMO file has none",
            expat.CurrentLineNumber,
        ) from None
    except ParseError as error:
        line, _ = error.position
        said = str(error).partition(":")[0]
        raise _refused(
            file,
            "REC-030",
            f"this is no whole XML ({'it breaks off' if said in _BREAKS_OFF else said})",
            "fetch the file anew; it may have been cut off or changed by hand",
            line,
        ) from None
    except (OSError, ValueError, LookupError) as error:
        raise _refused(
            file,
            "REC-001",
            f"the file cannot be read ({getattr(error, 'strerror', None) or error})",
            "check its name, its permissions and its encoding",
        ) from None
    root = target.root
    if root is None:
        raise _refused(file, "REC-030", "this is no XML", "name an ELMO file")
    return root


class _Target:
    """Builds the tree from the parser's events, and counts."""

    def __init__(self, file: str) -> None:
        self.root: Element | None = None
        self.expat: XMLParserType | None = None
        self._file = file
        self._open: list[Element] = []
        self._n_elements = 0
        self._n_left_out = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._n_elements += 1
        line = 1 if self.expat is None else self.expat.CurrentLineNumber
        if len(self._open) + self._n_left_out >= MOST_DEPTH:
            self._stop(line, f"its elements stand more than {MOST_DEPTH} deep")
        if self._n_elements > MOST_ELEMENTS:
            self._stop(line, f"it has more than {MOST_ELEMENTS} elements")
        namespace, _, name = tag.rpartition("}")
        if self._n_left_out or name in _LEFT_OUT:
            self._n_left_out += 1
            return
        namespace = namespace.removeprefix("{")
        is_foreign = self.root is not None and namespace != self.root.namespace
        element = Element(
            name=f"{{{namespace}}}{name}" if is_foreign else name,
            line=line,
            attributes={key.rpartition("}")[2]: value for key, value in attributes.items()},
            namespace=namespace,
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        if is_foreign:
            self._n_left_out += 1
        else:
            self._open.append(element)

    def end(self, tag: str) -> None:
        """End an element."""
        if self._n_left_out:
            self._n_left_out -= 1
        else:
            self._open.pop()

    def data(self, text: str) -> None:
        """Add text to the element that is open."""
        if self._open and not self._n_left_out:
            element = self._open[-1]
            if len(element.text) < _MOST_TEXT:
                element.text += text[:_MOST_TEXT]

    def close(self) -> Element | None:
        """Return the root."""
        return self.root

    def _stop(self, line: int, what: str) -> None:
        raise _refused(
            self._file,
            "REC-032",
            f"the file was not read: {what}",
            "check that it is the right one",
            line,
        )


def _refused(file: str, code: str, what: str, fix: str, line: int | None = None) -> StudentError:
    return StudentError(code, what=what, fix=fix, at=Place(file=file, line=line))
