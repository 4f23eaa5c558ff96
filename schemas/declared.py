"""What a project file is made of: frozen, strict declarations whose dump is the record."""

from pydantic import BaseModel, ConfigDict, computed_field


class Declared(BaseModel):
    """A frozen, strict declaration. Its dump carries its kind: two kinds never dump alike."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented form
    @property
    def kind(self) -> str:
        """The class that was declared."""
        return type(self).__name__
