"""Nothing to do is silence: whatever happened before, one of four syncs in a row has nothing to say."""

from __future__ import annotations

from tests.support.world import AMSTERDAM, World


def said_again_and_again(world: World) -> list[str]:
    """What the last of four syncs in a row still wrote or recorded, beside its own course and what it judged by."""
    world.release()
    for _ in range(4):
        moment = world.clock.now().astimezone(AMSTERDAM)
        world.run(moment.date(), moment.time())
        told = [str(one.fact) for one in world.news() if not one.stream.startswith(("run:", "sweep:", "grounds:"))]
        said = [*told, *(f"a write for {number}" for number in world.writes())]
        if not said:
            break
    return said
