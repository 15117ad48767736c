"""What an attack comes to."""

from dataclasses import dataclass, field


@dataclass
class Tally:
    """What one attack came to. `recovered`: one value is left; `narrowed`: less than the policy's interval is left; `whole`: so it is
    for whole numbers alone, while real numbers leave enough."""

    name: str
    against: str = "Farr"
    tables: int = 0
    attacked: int = 0
    recovered: int = 0
    narrowed: int = 0
    whole: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, *, recovered: bool, narrowed: bool, example: object = "") -> None:
        self.attacked += 1
        self.recovered += bool(recovered)  # plain numbers: workers send no others
        self.narrowed += bool(narrowed)
        if (recovered or narrowed) and len(self.examples) < 5:
            self.examples.append(str(example))

    def assert_withstood(self) -> None:
        """Nothing was recovered or narrowed, of something that was there to attack."""
        assert self.attacked > 0, f"{self.name}: there was nothing to attack"
        assert (self.recovered, self.narrowed) == (0, 0), f"{self.name}: {self.examples}"

    def assert_bites(self) -> None:
        """The attack succeeds where nothing protects."""
        assert self.recovered > 0 and self.narrowed > 0, f"{self.name}: {self}"
