"""Tables of documents by id and by parent, with an entity tag each and, on demand, a lag before reads show a write."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.simulators.wire.envelope import Document


def _at_once() -> bool:
    return False


@dataclass(slots=True, eq=False)
class Entity:
    """One stored object; `data` is the truth, `shown` what a read gets."""

    id: str
    parent: str
    data: Document
    revision: int = 1
    withheld: Callable[[], bool] = _at_once  # whether reads still get what was there earlier
    earlier: Document | None = None

    @property
    def shown(self) -> Document | None:
        return self.earlier if self.withheld() else self.data

    @property
    def etag(self) -> str:
        return f'"{self.id}-{self.revision}"'


@dataclass(slots=True)
class Table:
    """Entities of one kind, in order of creation; looking one up never walks the table. A lag is in seconds."""

    now: Callable[[], datetime]
    _rows: dict[str, Entity] = field(default_factory=dict)
    _children: dict[str, dict[str, Entity]] = field(default_factory=dict)

    def add(self, entity_id: str, parent: str, data: Document, *, lag: float = 0) -> Entity:
        entity = Entity(entity_id, parent, {"id": entity_id} | data)
        if lag:
            entity.withheld = self._until(lag)
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
            entity.earlier, entity.withheld = entity.shown, self._until(lag)
        entity.data = {"id": entity.id} | data
        entity.revision += 1

    def remove(self, entity: Entity) -> None:
        del self._rows[entity.id]
        del self._children[entity.parent][entity.id]

    def _until(self, lag: float) -> Callable[[], bool]:
        seen_from = self.now() + timedelta(seconds=lag)
        return lambda: self.now() < seen_from

    def __iter__(self) -> Iterator[Entity]:
        return iter(list(self._rows.values()))
