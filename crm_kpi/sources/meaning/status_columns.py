"""Which columns of a file hold a status, and whether it is declared what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from crm_kpi.messages import Message, text
from crm_kpi.readings import How, Reading
from crm_kpi.sources.mapping import headers as header_names
from crm_kpi.sources.mapping.column_mapping import HeaderAnswer, MappedBlock
from crm_kpi.sources.meaning.order_columns import is_role, of_role
from crm_kpi.sources.meaning.question import BlockRows, HeaderView
from crm_kpi.sources.meaning.status_words import header_roles
from crm_kpi.sources.names import key
from crm_kpi.sources.parsing.text_ops import first_of, plain
from crm_kpi.sources.spec import DerivedColumn, SourceSpec
from crm_kpi.sources.unicode import normalized

IGNORE = "ignore"
"""Of `sources.TABLE.status`: every row counts."""

KNOWN = 0.5
"""Share of its words, or of its rows, that has to be known in a column that nobody mapped."""

_STEMS = re.compile(
    r"(?i)stat|state|trạng|trang|tình|tinh|zustand|état|etat|estad|situa|durum|stan|状|ステ|상태|対応"
)
"""One of which every header of a status has; others are not looked at."""
_STATUS = re.compile(r"trạng thái|tình trạng|\bstatus\b|status$|\bstatut\b|\bestado d|\bdurumu?\b")
_OTHER = re.compile(
    r"khách|ghi chú|ngày|giờ|thời|lý do|hôn nhân|sức khỏe|sản phẩm|hàng hóa|kho|email|customer"
    r"|client|user|member|account|marital|employ|note|reason|comment|date|time|tax|lead|credit|stock|code"
)
"""What a status may be of that says nothing of an order."""
_OF_ROLE = {
    "returns": re.compile(r"trả hàng|hoàn|đổi trả|return|refund|retour|devol|reembolso"),
    "payment": re.compile(r"thanh toán|payment|financial|paid|paiement|\bpago\b|pagamento|zahlung"),
    "delivery": re.compile(r"giao|vận|ship|deliver|fulfil|livraison|envío|entrega|liefer|kargo"),
}
_MAIN = ("finer", "main", "payment", "delivery")
"""The roles of which the first that a file has decides."""


@dataclass(frozen=True)
class StatusColumns:
    """The columns of one file that speak of what became of a row."""

    main: str
    """The header of the one that decides."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Headers beside it: their role."""

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.main, *self.others)


def find(view: HeaderView) -> StatusColumns | None:
    """The status columns of a file: the one that the source maps, or those of a known header that
    no other column of ours is mapped to."""
    mapped = view.spec.columns.get("status")
    if "status" in view.spec.constants or isinstance(mapped, DerivedColumn):
        return None
    roles = _roles(view)
    main = _declared(mapped, view) if mapped is not None else None
    for role in _MAIN if main is None else ():
        same = [header for header, of in roles.items() if of == role]
        if same:
            main = next((h for h in same if key(h) not in _BARE), same[0])
            break
    if main is None:
        return None
    others = {h: role for h, role in roles.items() if h != main and role not in ("main", "finer")}
    return StatusColumns(main, others)


_BARE = ("status", "state", "trangthai", "tinhtrang", "statut", "estado", "stato", "durum")
"""Headers that do not say of what: one that does comes first."""
PLACES = ("state", "estado", "stan")
"""Headers that are as often a part of an address; that one is none of a status is not said."""


def _roles(view: HeaderView) -> dict[str, str]:
    """Headers that are a status by their name: their role. One that stands twice is none."""
    taken = {key(name) for name in _mapped_headers(view.spec)}
    likely = [h for h in view.headers if _STEMS.search(h)]
    if not likely:
        return {}
    keys = [key(header) for header in likely]
    free = [h for h, k in zip(likely, keys, strict=True) if k not in taken and keys.count(k) == 1]
    known = {h: role for h in free if (role := header_roles().get(key(h)))}
    ours = header_names.matches(view.table, "status", view.headers)
    known |= {view.headers[at]: "main" for at in ours if view.headers[at] in free}
    others = {h: role for h in free if h not in known and (role := _by_its_words(h))}
    if "main" in known.values():
        others = {header: role for header, role in others.items() if role != "main"}
    return known | others


def _by_its_words(header: str) -> str | None:
    """The role of a header that no list has, such as `Trạng thái ĐH`: it speaks of a status, and of
    nothing that a status of an order is not."""
    folded = normalized("NFC", header).casefold()
    if not _STATUS.search(folded) or _OTHER.search(folded):
        return None
    return next((role for role, words in _OF_ROLE.items() if words.search(folded)), "main")


def _mapped_headers(spec: SourceSpec) -> Iterable[str]:
    for name, source in spec.columns.items():
        if name != "status" and not isinstance(source, int):
            headers = source.headers if isinstance(source, DerivedColumn) else source
            yield from [headers] if isinstance(headers, str) else headers


def _declared(source: str | int | tuple[str, ...], view: HeaderView) -> str | None:
    """The header that `columns: {status: …}` names, as the file writes it."""
    if isinstance(source, int):
        return view.headers[source - 1] if 0 < source <= len(view.headers) else None
    names = (source,) if isinstance(source, str) else source
    keys = [key(name) for name in names]
    return next((header for header in view.headers if key(header) in keys), None)


def declared_by(view: HeaderView, columns: StatusColumns) -> Message | None:
    """What says that every row counts, whatever its status; None where nothing does."""
    spec = view.spec
    if spec.status == IGNORE:
        return text("meaning.by_option", option=f"sources.{view.table.name}.status")
    names = {key("status"), *map(key, columns.headers)}
    for option, named in (("where", spec.where), ("exclude", spec.exclude)):
        if any(key(name) in names for name, values in named.items() if values):
            return text("meaning.by_option", option=f"sources.{view.table.name}.{option}")
    if any(key(name) in names for name in view.options.named):
        return text("meaning.by_question")
    return None


def answer(view: HeaderView) -> HeaderAnswer:
    """That the text of the status columns is read, or that every row counts as it is declared."""
    columns = find(view)
    if columns is None:
        return HeaderAnswer()
    why = declared_by(view, columns)
    if why is None:
        refunded = [h for h in view.headers if is_refunded(h) and view.headers.count(h) == 1]
        return HeaderAnswer(reads=(*columns.headers, *refunded[:1], *_quantities(view.headers)))
    every = text("meaning.every_row_counts")
    return HeaderAnswer(readings=(Reading(columns.main, every, How.DECLARED, why),))


def fits(column: pl.Series, known: Mapping[str, str]) -> bool:
    """Whether enough of what a column holds is known for it to be a status."""
    counts = column.drop_nulls().value_counts()
    there = counts.filter(counts[column.name].is_in(list(known)))
    return there.height >= KNOWN * counts.height or int(there["count"].sum()) >= KNOWN * int(
        counts["count"].sum()
    )


def declared_over(
    few: Iterable[str],
    known: Mapping[str, str],
    declared: Mapping[str, str],
    classes: Iterable[str],
) -> dict[str, str]:
    """What words mean, as `values: {status: …}` says or else as it is known; `*` is any word that
    nobody knows. Words of a status that are no class of ours say nothing of it."""
    told = {plain(word).casefold(): ours for word, ours in declared.items() if ours in classes}
    rest = told.pop("*", None)
    found = dict(known)
    for word in few:
        ours = told.get(plain(word).casefold(), None if word in known else rest)
        if ours is not None:
            found[word] = ours
    return found


def of_block(block: MappedBlock, name: str) -> tuple[list[str], dict[str, str]]:
    """The main headers of the files of a block, and those beside them with their roles."""
    read = [part.asked[name] for part in block.parts if part.asked.get(name)]
    mains = list(dict.fromkeys(headers[0] for headers in read))
    others = {h: role_of(h) for headers in read for h in headers[1:]}
    return mains, others


REFUNDED = "refunded"
"""The role of a column with the part of an amount that was paid back."""
_REFUNDED = frozenset(
    map(
        key,
        (
            "refunded amount", "refund amount", "amount refunded", "order refund amount",
            "total refunded", "refunds", "refunded", "refund", "refund total", "returned amount",
            "return amount", "số tiền hoàn", "số tiền hoàn lại", "tiền hoàn", "tiền hoàn trả",
            "số tiền hoàn trả", "giá trị trả lại", "tiền trả lại",
            "tiền hoàn lại", "hoàn tiền", "tiền hoàn khách", "tiền trả hàng", "giá trị trả hàng",
            "giá trị hàng trả", "erstattungsbetrag", "erstatteter betrag", "montant remboursé",
            "importe reembolsado", "valor reembolsado", "importo rimborsato",
        ),
    )
)  # fmt: skip


def is_refunded(header: str) -> bool:
    """Whether a header is that of what was paid back of an amount."""
    return key(header) in _REFUNDED


RETURNED, ORDERED = "returned quantity", "quantity"
"""The roles of columns that say how many came back of how many."""
_RETURNED = frozenset(
    map(
        key,
        (
            "returned quantity", "returned qty", "quantity returned", "qty returned",
            "return quantity", "return qty", "refunded quantity", "quantity refunded",
            "sku quantity of return", "số lượng trả", "số lượng trả lại", "số lượng đã trả",
            "số lượng hoàn", "số lượng hoàn trả", "số lượng sản phẩm được hoàn trả", "sl trả",
            "sl trả lại", "sl hoàn", "retourmenge", "retournierte menge", "quantité retournée",
            "cantidad devuelta", "quantidade devolvida", "quantità resa", "ilość zwrócona",
            "aantal geretourneerd", "iade adedi", "iade miktarı",
        ),
    )
)  # fmt: skip


def _quantities(headers: Sequence[str]) -> Sequence[str]:
    """The headers of how many came back and of how many were sold, where a file has both."""
    returned = [h for h in headers if key(h) in _RETURNED and headers.count(h) == 1]
    ordered = of_role(headers, "quantity")
    return (returned[0], ordered[0]) if returned and ordered else ()


def role_of(header: str) -> str:
    """What a column beside the status that decides speaks of."""
    if key(header) in _RETURNED:
        return RETURNED
    if is_role(header, "quantity"):
        return ORDERED
    if is_refunded(header):
        return REFUNDED
    return header_roles().get(key(header)) or _by_its_words(header) or "main"


def text_of(rows: BlockRows, headers: Iterable[str]) -> pl.Series:
    """The texts of columns of which each file has one."""
    texts = [found for header in headers if (found := rows.text(header)) is not None]
    return first_of(texts, rows.frame.height, pl.String)
