"""Programs that people have already work with the service: their own clients, unchanged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.command import ROOT
from tests.helpers.service import KEY, RunningService, running_service

SOURCE = "请在三十日内付款。"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("clients")
    (folder / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    options = ("-j", "1", "-g", "terms.csv", "--suggestions")
    with running_service(folder, *options, BATCHTX_SERVE_API_KEY=KEY) as service:
        service.wait_until_warm()
        yield service


@pytest.fixture(scope="module")
def target(service: RunningService) -> str:
    answer = service.ask("POST", "/translate", {"text": SOURCE, "api_key": KEY}).json
    assert "30 days" in answer["translation"]
    return str(answer["translation"])


def test_libretranslatepy(service: RunningService, target: str) -> None:
    from libretranslatepy import LibreTranslateAPI

    client = LibreTranslateAPI(service.url, KEY)
    assert client.translate(SOURCE, "zh", "en") == target
    assert client.translate(SOURCE, "auto", "en") == target
    assert client.detect(SOURCE)[0]["language"] == "zh-Hans"
    assert {"code": "en", "name": "English", "targets": ["en"]} in client.languages()


def test_deep_translator(service: RunningService, target: str, tmp_path: Path) -> None:
    from deep_translator import LibreTranslator
    from deep_translator.exceptions import AuthorizationException

    def client(key: str) -> LibreTranslator:
        return LibreTranslator(source="zh", target="en", api_key=key, custom_url=f"{service.url}/")

    assert client(KEY).translate(SOURCE) == target
    assert client(KEY).translate_batch([SOURCE, SOURCE]) == [target, target]
    with pytest.raises(AuthorizationException):
        client("wrong-key").translate(SOURCE)


def test_libretranslate_aio(service: RunningService, target: str, tmp_path: Path) -> None:
    from libretranslate_aio import BadRequestError, ForbiddenError, LibreTranslate

    with LibreTranslate(service.url, api_key=KEY) as client:
        assert client.translate([SOURCE, "好"], source="zh", target="en").translated_text[0] == target
        auto = client.translate(SOURCE, source="auto", target="en")
        assert auto.detected_language is not None
        assert auto.translated_text == target
        assert client.detect(SOURCE)[0].language == "zh-Hans"
        assert [one.code for one in client.languages()] == ["zh-Hans", "zh", "en"]
        assert client.frontend_settings().key_required
        (tmp_path / "a.txt").write_text(SOURCE, encoding="utf-8")
        with (tmp_path / "a.txt").open("rb") as file:
            url = client.translate_file(file, source="zh", target="en").translated_file_url
        assert service.ask("GET", url.removeprefix(service.url)).body.decode() == target
        client.suggest("丙方。", "Party C!", "zh", "en")
        assert client.translate("丙方。", source="zh", target="en").translated_text == "Party C!"
        with pytest.raises(BadRequestError, match="zz is not supported"):
            client.translate(SOURCE, source="zh", target="zz")
    with LibreTranslate(service.url, api_key="wrong-key") as client, pytest.raises(ForbiddenError):
        client.translate(SOURCE, source="zh", target="en")


def test_deepls_own_client(service: RunningService, target: str, tmp_path: Path) -> None:
    import deepl

    client = deepl.DeepLClient(KEY, server_url=service.url, send_platform_info=False)
    one = client.translate_text(SOURCE, target_lang="EN-US")
    assert (one.text, one.detected_source_lang, one.billed_characters) == (target, "ZH", len(SOURCE))
    many = client.translate_text(
        [SOURCE, "<b>甲方</b>付款。"], source_lang="ZH", target_lang="EN-GB", tag_handling="html"
    )
    assert many[0].text == target
    assert "</b>" in many[1].text
    assert [one.code for one in client.get_source_languages()] == ["ZH"]
    assert "EN-US" in [one.code for one in client.get_target_languages()]
    assert not client.get_usage().any_limit_reached
    (glossary,) = client.list_glossaries()
    assert (glossary.name, glossary.entry_count) == ("terms", 1)
    with pytest.raises(deepl.AuthorizationException):
        deepl.DeepLClient("wrong-key", server_url=service.url).translate_text(SOURCE, target_lang="EN-US")


@pytest.mark.slow  # it asks for the state of a document every five seconds
def test_deepls_own_client_with_documents(service: RunningService, target: str, tmp_path: Path) -> None:
    import deepl

    client = deepl.DeepLClient(KEY, server_url=service.url, send_platform_info=False)
    (tmp_path / "a.txt").write_text(f"{SOURCE}\n", encoding="utf-8")
    done = client.translate_document_from_filepath(
        tmp_path / "a.txt", tmp_path / "b.txt", target_lang="EN-US"
    )
    assert (done.done, done.billed_characters) == (True, len(SOURCE))
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == f"{target}\n"
    (tmp_path / "bad.docx").write_bytes(b"no zip")
    with pytest.raises(deepl.DocumentTranslationException, match="DOCX"):
        client.translate_document_from_filepath(
            tmp_path / "bad.docx", tmp_path / "bad.en.docx", target_lang="EN-US"
        )


TRANSLATE = """
import translate from "translate";
translate.engine = "libre"; translate.url = URL; translate.key = KEY;
console.log(JSON.stringify(await translate(SOURCE, {from: "zh", to: "en"})));
"""
LIBRETRANSLATE = """
import lib from "libretranslate";
const asked = {query: SOURCE, source: "zh", target: "en", apiurl: BASE, apiKey: KEY};
console.log(JSON.stringify(await lib.translate(asked)));
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clients of npm."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no node and npm here")
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "translate@3.1.0", "libretranslate@1.0.1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"npm cannot install here: {done.stderr[-200:]}")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("program", [TRANSLATE, LIBRETRANSLATE], ids=["translate", "libretranslate"])
def test_clients_of_npm(service: RunningService, target: str, packages: Path, program: str) -> None:
    values = {"URL": f"{service.url}/translate", "BASE": service.url, "KEY": KEY, "SOURCE": SOURCE}
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    (packages / "a.mjs").write_text(constants + program, encoding="utf-8")
    done = subprocess.run(
        ["node", "a.mjs"], cwd=packages, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == target


@pytest.mark.slow
def test_the_description_is_true(tmp_path: Path) -> None:
    """What no schema can say (which languages there are) may be refused, and odd spellings taken."""
    (tmp_path / "terms.csv").write_text("source,target\n甲方,Party A\n", encoding="utf-8")
    options = ("--engine", "echo", "-j", "1", "-g", "terms.csv", "--edit-glossaries", "--suggestions")
    with running_service(tmp_path, *options, "--max-jobs", "5000") as service:
        service.wait_until_warm()
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.url}/spec"),
            *("--max-examples", "25", "--seed", "1", "--exclude-checks"),
            "positive_data_acceptance,negative_data_rejection",
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=500)
        assert done.returncode == 0, done.stdout[-4000:]
        assert "Traceback" not in "".join(service.log)


def test_the_description_names_every_path() -> None:
    from batchtx.service.app import _routes
    from batchtx.service.openapi.description import describe

    served = {route.path: route.methods for route in _routes() if hasattr(route, "methods")}
    described = {path: {method.upper() for method in ways} for path, ways in describe(False)["paths"].items()}
    assert {path: ways - {"HEAD"} for path, ways in served.items() if path not in ("/", "/spec")} == described
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    for path in described:
        shown = path.replace("{job}", "{id}")
        assert f"{shown}`" in page or f"{shown}?" in page or f"{shown}," in page, path
