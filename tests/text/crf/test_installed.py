"""Only the underthesea that was verified is taken for it."""

import pytest

from chude.text.crf import installed


def test_the_verified_model_is_installed() -> None:
    folder = installed.verified_model()
    assert (folder / "models.bin").is_file()


def test_another_version_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(installed.VERSIONS, "underthesea", "9.5.1")
    with pytest.raises(installed.UnverifiedError, match=r"underthesea 9\.5\.0 is installed"):
        installed.verified_model()


def test_another_model_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(installed.SHA256, f"{installed.MODEL}/models.bin", "0" * 64)
    with pytest.raises(installed.UnverifiedError, match=r"models\.bin is not the verified file"):
        installed.verified_model()


def test_a_missing_model_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(installed.SHA256, "nowhere.bin", "0" * 64)
    with pytest.raises(installed.UnverifiedError, match=r"nowhere\.bin is not"):
        installed.verified_model()


def test_underthesea_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(installed.UnverifiedError, match="cannot be found"):
        installed.verified_model()


def test_another_expression_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(installed.SHA256, installed.EXPRESSION, "0" * 64)
    with pytest.raises(installed.UnverifiedError, match=r"regex_tokenize\.py is not the verified"):
        installed.verified_model()
