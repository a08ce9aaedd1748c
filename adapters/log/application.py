"""The library's application around our recorder and mapper, configured by us alone."""

from __future__ import annotations

from collections.abc import Callable

from eventsourcing.application import Application
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType

from adapters.log.mapper import FactMapper


class LogFactory(InfrastructureFactory[TrackingRecorder]):
    """Gives the one recorder it was made with; the log needs no other, and nothing falls back to memory."""

    def __init__(self, env: Environment, recorder: ApplicationRecorder, close: Callable[[], None]) -> None:
        super().__init__(env)
        self._recorder = recorder
        self._close = close

    def application_recorder(self) -> ApplicationRecorder:
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        raise NotImplementedError("the log keeps no snapshots")

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        raise NotImplementedError("views keep their own positions")

    def process_recorder(self) -> ProcessRecorder:
        raise NotImplementedError("views keep their own positions")

    def close(self) -> None:
        self._close()


class LogApplication(Application[str]):
    """The library's readers (event store, notification log) over our log."""

    name = "tweeluik"

    def __init__(self, recorder: ApplicationRecorder, close: Callable[[], None]) -> None:
        self._given = recorder, close
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Without the process's own environment, which the library would merge in."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> LogFactory:
        return LogFactory(env, *self._given)

    def construct_mapper(self) -> Mapper[str]:
        return FactMapper()
