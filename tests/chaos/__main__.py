"""python -m tests.chaos: many trials, with a line of progress; a trial that failed is run again by its seed and number."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path


def main() -> int:
    given = _arguments()
    # Threads of the parent would not survive a fork.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from tests.chaos import runner

    with tempfile.TemporaryDirectory(prefix="farr-chaos-") as folder:
        begun = time.monotonic()
        bases = runner.ready(Path(folder))
        numbers = [given.trial] if given.trial is not None else list(range(given.trials))
        sys.stdout.write(f"seed {given.seed}; {len(numbers)} trials; ready after {time.monotonic() - begun:.0f} s\n")
        trials = [trial for trial in runner.TRIALS if given.only in trial.name]
        return _told(runner.many(bases, Path(folder), given.seed, numbers, given.jobs, trials), len(numbers), given)


def _told(outcomes, count: int, given: argparse.Namespace) -> int:
    tally, failed, begun = Counter(), 0, time.monotonic()
    for done, each in enumerate(outcomes, start=1):
        tally[each.name, each.ended] += 1
        failed += bool(each.wrong)
        if each.wrong or given.trial is not None:
            sys.stdout.write(f"\ntrial {each.number} ({each.name}; {each.how}; {each.ended})\n")
            sys.stdout.writelines(f"  {sentence}\n" for sentence in each.wrong)
            sys.stdout.write(f"  again: python -m tests.chaos --seed {given.seed} --trial {each.number} --only '{given.only}'\n")
        if given.out:
            with given.out.open("a", encoding="utf-8") as file:
                file.write(_line(each))
        sys.stdout.write(f"\r{done} of {count} trials, {failed} failed, {time.monotonic() - begun:.0f} s")
        sys.stdout.flush()
    sys.stdout.write("\n")
    for (name, end), times in sorted(tally.items()):
        sys.stdout.write(f"{times:6} {name}: {end}\n")
    return 1 if failed or sum(tally.values()) != count else 0


def _line(each) -> str:
    import json

    return json.dumps(vars(each)) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--trial", type=int, help="only this one")
    parser.add_argument("--only", default="", help="only those whose name has this in it, such as 'destroy'")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, help="write each outcome there, one JSON line a trial")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
