"""A pulled folder predicts what driftloop predicts, with its family's library alone."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from schemas.batch import Batch
from schemas.model import Card
from schemas.predictions import Predictions
from schemas.project import Matrix, ModelFamily
from tasks.engine.frames import load_frame
from tasks.engine.predicted import PREDICTION
from tasks.engine.pull.bundle import Bundle, gather
from tasks.engine.pull.place import put
from tasks.engine.pull.pull import pull
from tasks.engine.pull.trial import try_in_child
from tasks.engine.records import newest
from tasks.families.boxed import pack, unpack
from tasks.families.linear import Linear
from tasks.families.neural import Neural
from tasks.families.platt import Platt
from tasks.families.prior import Prior
from tasks.families.seasonal import Seasonal
from tasks.families.tree import Tree
from tasks.families.xgboost import XGBoost
from tasks.features.build import build_features
from tasks.store import Store, keys
from tasks.telling.ladders import say_family
from tests.architecture.tree import ROOT
from tests.building.fixtures import SERVED
from tests.building.project import NAME, build_project
from tests.building.rows import build_labels, build_orders, day
from tests.building.serving import as_rows, champions
from tests.building.world import World

ALONE = ("numpy", "numpy.libs", "safetensors", "scipy", "scipy.libs", "xgboost")
FAMILIES: list[ModelFamily] = [
    *(Linear(), Neural(batch_rows=8), Prior(), Seasonal(by=("shop",))),
    *(Tree(min_rows=2), XGBoost(n_rounds=5)),
    Platt(family=Linear()),
]
REFUSED = ["driftloop", "flows", "pandas", "prefect", "pyarrow", "pydantic", "schemas", "tasks"]
RUN = """
import runpy, sys
sys.path[:0] = sys.argv[1:3]
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REFUSED:
            raise ImportError(name + " is none of the service's")
sys.meta_path.insert(0, Refuse())
runpy.run_path(sys.argv[1] + "/predict.py", run_name="__main__")
""".replace("REFUSED", repr(REFUSED))

pytestmark = pytest.mark.usefixtures("untried")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """What such a service has installed: xgboost imports scipy."""
    site = tmp_path / "site"
    site.mkdir()
    spec = importlib.util.find_spec("numpy")
    assert spec is not None
    installed = Path(str(spec.origin)).parent.parent
    for name in ALONE:
        if (installed / name).exists():
            (site / name).symlink_to(installed / name)
    return site


def predict_alone(place: Path, packages: Path, rows: list[dict[str, Any]]) -> np.ndarray:
    """What the folder's predict.py prints, in a process without the environment of the tests."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", RUN, str(place), str(packages)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return np.array(json.loads(done.stdout))


def lay_out(folder: Path, bundle: Bundle) -> Path:
    """The version's folder, as a pull would leave it."""
    folder.mkdir(parents=True)
    put(folder, bundle, lambda _: None)
    return folder / bundle.version


def moved(model: bytes, family: ModelFamily) -> bytes:
    """The model, if it is a calibrated one with a line that moves chances: few rows find none."""
    is_calibrated = isinstance(family, Platt)
    return pack(unpack(model)._replace(line=(0.5, -1.0))) if is_calibrated else model


def _commit(
    store: Store,
    card: Card,
    family: ModelFamily,
    *models: bytes,
) -> str:
    """Another version of the card's, of this family and with this model, or the mean of several."""
    version = "v" + "e" * 16
    refs = [store.add_bytes(NAME, one, family.suffix) for one in models]
    update = {
        "version": version,
        "recipe": {**card.recipe, "family": family.model_dump(mode="json")},
        "members": tuple(card.members[0].model_copy(update={"model": ref}) for ref in refs),
    }
    store.commit(keys.card(NAME, version), card.model_copy(update=update))
    return version


def test_it_predicts_what_the_store_holds_for_a_night(
    served: World, store: Store, folder: Path, packages: Path
) -> None:
    served.live(SERVED + 1)
    scored, batch = (
        newest(served.store, cls, NAME, day(SERVED + 1)) for cls in (Predictions, Batch)
    )
    assert isinstance(scored, tuple)
    assert isinstance(scored[1], Predictions)
    assert isinstance(batch, tuple)
    assert isinstance(batch[1], Batch)
    assert batch[1].rows is not None
    expected = load_frame(served.store, scored[1].rows)[PREDICTION].to_numpy()
    pulled = pull(store, NAME, folder)
    assert pulled.version == scored[1].version
    rows = as_rows(load_frame(served.store, batch[1].rows))
    alone = predict_alone(folder / "current", packages, rows)
    np.testing.assert_array_equal(alone, expected)


@pytest.mark.parametrize("family", FAMILIES, ids=say_family)
def test_every_family_predicts_alone_what_it_predicts_in_driftloop(
    store: Store, folder: Path, packages: Path, family: ModelFamily
) -> None:
    orders = build_orders(3)
    project = build_project(family=family)
    card = store.record(keys.card(NAME, champions(store)[0]), Card)
    states = json.loads(store.read_bytes(card.members[0].features))
    matrix = build_features(project.features, states, orders)
    target = build_labels(3, orders)["returned"].to_numpy(dtype=float)
    model = moved(family.fit(matrix, target, "binary", 0), family)
    bundle = gather(store, NAME, _commit(store, card, family, model))
    assert bundle.lacks is None
    place = lay_out(folder, bundle)
    try_in_child(place, NAME)
    alone = predict_alone(place, packages, as_rows(orders))
    np.testing.assert_array_equal(alone, family.predict(model, matrix))
    assert len(set(alone)) > 1 or family.kind == "Prior"
    unknown = [{**row, "shop": "?", "amount": None} for row in as_rows(orders)]
    assert np.isfinite(predict_alone(place, packages, unknown)).all()


@pytest.mark.parametrize("family", FAMILIES, ids=say_family)
def test_a_mean_of_two_predicts_alone_what_it_predicts_in_driftloop(
    store: Store, folder: Path, packages: Path, family: ModelFamily
) -> None:
    orders = build_orders(3)
    card = store.record(keys.card(NAME, champions(store)[0]), Card)
    states = json.loads(store.read_bytes(card.members[0].features))
    matrix = build_features(build_project(family=family).features, states, orders)
    target = build_labels(3, orders)["returned"].to_numpy(dtype=float)
    fits = [family.fit(matrix, labels, "binary", 0) for labels in (target, np.roll(target, 1))]
    models = [moved(fit, family) for fit in fits]
    version = _commit(store, card, family, *models)
    bundle = gather(store, NAME, version)
    assert bundle.lacks is None
    place = lay_out(folder, bundle)
    try_in_child(place, NAME)
    alone = predict_alone(place, packages, as_rows(orders))
    mean = np.mean([family.predict(model, matrix) for model in models], axis=0)
    np.testing.assert_allclose(alone, mean, rtol=1e-12)


@pytest.mark.parametrize("family", FAMILIES, ids=say_family)
def test_with_steps_of_the_projects_own_every_family_is_tried_on_a_matrix(
    store: Store, folder: Path, family: ModelFamily
) -> None:
    card = store.record(keys.card(NAME, champions(store)[0]), Card)
    values = np.array([[1, 2], [2, np.nan], [3, 1]], dtype=np.float32)
    matrix = Matrix(("amount", "shop"), ("number", "category"), values)
    model = family.fit(matrix, np.array([0.0, 1.0, 1.0]), "binary", 0)
    version = _commit(store, card, family, model)
    bundle = gather(store, NAME, version, own=["Numbers"])
    try_in_child(lay_out(folder, bundle), NAME)


def test_a_mean_with_steps_of_the_projects_own_takes_a_matrix_a_model(
    store: Store, folder: Path
) -> None:
    card = store.record(keys.card(NAME, champions(store)[0]), Card)
    model = store.read_bytes(card.members[0].model)
    other = store.read_bytes(card.stand_in[0].model)
    version = _commit(store, card, XGBoost(), model, other)
    bundle = gather(store, NAME, version, own=["Numbers"])
    assert "hand score() the matrices" in str(bundle.lacks)
    try_in_child(lay_out(folder, bundle), NAME)


def test_a_prior_predicts_its_number(store: Store, folder: Path, packages: Path) -> None:
    version = champions(store)[0]
    card = store.record(keys.card(NAME, version), Card)
    other = _commit(store, card, Prior(), b'{"prior":0.25}')
    bundle = gather(store, NAME, other)
    assert bundle.lacks is None
    scores = predict_alone(lay_out(folder, bundle), packages, as_rows(build_orders(3, rows=4)))
    assert scores.tolist() == [0.25] * 4


def test_with_a_step_of_the_projects_own_it_says_so_and_takes_the_matrix(
    store: Store, folder: Path
) -> None:
    bundle = gather(store, NAME, champions(store)[0], own=["Numbers"])
    assert "own feature steps Numbers" in str(bundle.lacks)
    place = lay_out(folder, bundle)
    ask = (
        "import numpy, predict\n"
        "print(predict.score(numpy.zeros((2, 5), 'f4')).shape)\n"
        "predict.predict([])"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.stdout == "(2,)\n"
    assert "ValueError: ['Numbers'] are the project's own feature steps" in done.stderr


def test_a_family_of_the_projects_own_comes_without_predict_py_and_with_a_word(
    store: Store,
) -> None:
    bundle = gather(store, NAME, champions(store)[0], own=["XGBoost"])
    assert sorted(bundle.files) == ["card.json", "features.json", "model.ubj"]
    assert "family XGBoost is the project's own: no predict.py" in str(bundle.lacks)


def test_the_page_shows_the_example_that_is_pulled(store: Store) -> None:
    example = gather(store, NAME, champions(store)[0]).files["predict.py"].decode()
    assert f"```python\n{example}```\n" in (ROOT / "docs" / "serving.md").read_text()
