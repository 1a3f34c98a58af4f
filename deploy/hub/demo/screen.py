"""What the onlooker sees while the demo runs: bars that fill, and sentences above them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared import clock

Tick = Callable[[str], None]

_LONGEST_NAME = 40


class Screen:
    """One terminal. Where output goes to a file, bars are shown once, when they are done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(console=console)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Shows bars as long as the block runs; a further block starts with none."""
        columns = (TextColumn("{task.description:<26}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, TextColumn("[dim]{task.fields[what]}"), console=self.console)
        with self._progress:
            yield

    def bar(self, name: str, total: int | None = None) -> Tick:
        """A bar of so many things, or of an unknown number; each call of the answer is one of them, by its name."""
        task = self._progress.add_task(name, total=total, what="")

        def tick(what: str) -> None:
            self._progress.update(task, advance=1, what=what[:_LONGEST_NAME])

        return tick

    def fetching(self) -> Callable[[int, int, str], None]:
        """A bar for files that are fetched; it appears with the first of them."""
        tasks: list[object] = []

        def fetched(done: int, of: int, name: str) -> None:
            task = self._progress.tasks[0].id if tasks else self._progress.add_task("Files fetched", what="")
            tasks.append(task)
            self._progress.update(task, completed=done, total=of, what=name[:_LONGEST_NAME])

        return fetched

    def tell(self, sentence: str) -> None:
        """A sentence, with the time on the clock in Brussels."""
        at = clock.to_brussels(clock.now())[11:19]
        self.console.print(f"{at}  {sentence}", highlight=False, markup=False, soft_wrap=True)
