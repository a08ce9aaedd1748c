"""Tables of documents by id and by parent, with an entity tag each and, on demand, a lag before reads show a write."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.simulators.wire.envelope import Document


@dataclass(slots=True, eq=False)
class Entity:
    """One stored object; `data` is the truth, `shown` what a read gets."""

    id: str
    parent: str
    data: Document
    revision: int = 1
    seen_from: float | None = None
    earlier: Document | None = None

    @property
    def shown(self) -> Document | None:
        return self.earlier if self.seen_from is not None and time.monotonic() < self.seen_from else self.data

    @property
    def etag(self) -> str:
        return f'"{self.id}-{self.revision}"'


@dataclass(slots=True)
class Table:
    """Entities of one kind, in order of creation; looking one up never walks the table."""

    _rows: dict[str, Entity] = field(default_factory=dict)
    _children: dict[str, dict[str, Entity]] = field(default_factory=dict)

    def add(self, entity_id: str, parent: str, data: Document, *, lag: float = 0) -> Entity:
        entity = Entity(entity_id, parent, {"id": entity_id} | data)
        if lag:
            entity.seen_from = time.monotonic() + lag
        self._rows[entity_id] = entity
        self._children.setdefault(parent, {})[entity_id] = entity
        return entity

    def get(self, entity_id: str) -> Entity | None:
        return self._rows.get(entity_id)

    def of(self, parent: str) -> list[Entity]:
        children = self._children.get(parent)
        return list(children.values()) if children else []

    def replace(self, entity: Entity, data: Document, *, lag: float = 0) -> None:
        if lag:
            entity.earlier, entity.seen_from = entity.shown, time.monotonic() + lag
        entity.data = {"id": entity.id} | data
        entity.revision += 1

    def remove(self, entity: Entity) -> None:
        del self._rows[entity.id]
        del self._children[entity.parent][entity.id]

    def __iter__(self) -> Iterator[Entity]:
        return iter(list(self._rows.values()))
