"""`batchtx models get`: from a hub on loopback and from argos packages to a model that translates."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from batchtx.engines import build_engine
from batchtx.engines.download import download_url
from batchtx.engines.foreign import ForeignModel
from batchtx.engines.hub import HubModel, describe
from batchtx.engines.model_files import SHIPPED
from batchtx.engines.spec import EngineSpec
from batchtx.errors import ModelError
from batchtx.files import file_hash
from tests.helpers.command import run
from tests.helpers.hub import Hub, serve
from tests.helpers.opus import make_opus

NAME = "Helsinki-NLP/opus-mt-zh-en"


@pytest.fixture(scope="module")
def opus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("transformers")
    return make_opus(tmp_path_factory.mktemp("opus") / "opus-mt-zh-en")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's models are stored."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("HF_HUB_OFFLINE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "data" / "batchtx" / "models"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_model_of_the_hub_is_got_listed_shown_used_and_removed(
    opus: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Hub(NAME, opus)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        done = run("models", "get", NAME, cwd=tmp_path)
        assert "licence: cc-by-4.0" in done.stderr.decode()
        assert "--model opus-mt-zh-en" in done.stdout.decode()
        again = run("models", "get", NAME, cwd=tmp_path, code=3)
        assert "is there already" in again.stderr.decode()
    assert [path.name for path in home.iterdir() if path.name[0] != "."] == ["opus-mt-zh-en"]
    listed = run("models", "list", cwd=tmp_path).stdout.decode()
    assert "opus-mt-zh-en  0123456789ab  zh → en" in listed
    assert "cc-by-4.0" in run("models", "show", "opus-mt-zh-en", cwd=tmp_path).stdout.decode()
    (tmp_path / "a.txt").write_text("见 https://a.cn/x 。\n", encoding="utf-8")
    done = run("translate", "a.txt", "--model", "opus-mt-zh-en", cwd=tmp_path)
    assert "model:opus-mt-zh-en@" in (done.stdout + done.stderr).decode()
    assert "https://a.cn/x" in (tmp_path / "a.en.txt").read_text(encoding="utf-8")
    run("models", "remove", "opus-mt-zh-en", cwd=tmp_path)
    assert "opus" not in run("models", "list", cwd=tmp_path).stdout.decode()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_broken_download_keeps_nothing_half_done_and_goes_on(
    opus: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (opus / "model.safetensors").stat().st_size
    broken = {"model.safetensors": size // 2, "source.spm": 10}
    with serve(Hub(NAME, opus, lie_about="model.safetensors", break_off=broken)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        done = run("models", "get", NAME, cwd=tmp_path, code=3)
        assert "SHA-256 differs" in done.stderr.decode()
        assert "opus" not in run("models", "list", cwd=tmp_path).stdout.decode()
        hub.lie_about = ""
        run("models", "get", NAME, "--name", "opus", cwd=tmp_path)
    assert (home / "opus" / "bundle.json").is_file()
    assert not [path for path in home.rglob("*") if path.name in ("hub", "new")], (
        "what was in between is gone"
    )


def test_an_unknown_name_and_a_silent_hub_end_in_a_sentence(
    opus: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Hub(NAME, opus)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        done = run("models", "get", "nobody/nothing", cwd=tmp_path, code=3)
        assert "the hub does not give it" in done.stderr.decode()
    done = run("models", "get", NAME, cwd=tmp_path, code=3)
    assert len(done.stderr.decode().strip().splitlines()) == 1
    for name in ("zh-en", "../x"):
        assert "not removed" in run("models", "remove", name, cwd=tmp_path, code=3).stderr.decode()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An argos package with the shipped student in it."""
    path = tmp_path / "translate-zh_en-1_9.argosmodel"
    metadata = {"from_code": "zh", "to_code": "en", "package_version": "1.9", "argos_version": "1.9"}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zh_en/metadata.json", json.dumps(metadata))
        archive.write(SHIPPED / "zh-en" / "source.spm", "zh_en/sentencepiece.model")
        for file in (SHIPPED / "zh-en" / "ctranslate2").iterdir():
            archive.write(file, f"zh_en/model/{file.name}")
    return path


def test_an_argos_package_is_unpacked_and_translates(package: Path, home: Path, tmp_path: Path) -> None:
    run("models", "get", package.name, cwd=tmp_path)
    manifest = json.loads((home / "argos-zh-en" / "bundle.json").read_text(encoding="utf-8"))
    assert manifest["tokenizer"]["source_suffix"] == [], "argos ends no source with a mark"
    assert (manifest["version"], manifest["source_language"]) == ("1.9", "zh")
    (tmp_path / "a.txt").write_text("系统保存文件。\n", encoding="utf-8")
    run("translate", "a.txt", "--model", "argos-zh-en", cwd=tmp_path)
    assert (tmp_path / "a.en.txt").read_text(encoding="utf-8").strip().isascii()


def test_a_package_behind_a_url_is_resumed_and_checked(package: Path, home: Path, tmp_path: Path) -> None:
    with serve(Hub("-", tmp_path, break_off={package.name: 100_000})) as hub:
        url, good = f"{hub.url}/{package.name}", file_hash(package)
        broken = run("models", "get", url, cwd=tmp_path, code=3)
        assert "goes on with it" in broken.stderr.decode()
        wrong = run("models", "get", url, "--sha256", "0" * 64, cwd=tmp_path, code=3)
        assert "SHA-256" in wrong.stderr.decode()
        assert hub.asked[-1] == (f"/{package.name}", "bytes=100000-")
        run("models", "get", url, "--sha256", good, "--name", "mine", cwd=tmp_path)
    assert (home / "mine" / "bundle.json").is_file()


def test_a_part_that_is_the_whole_file_is_taken(package: Path, tmp_path: Path) -> None:
    shutil.copyfile(package, tmp_path / "b.part")
    with serve(Hub("-", tmp_path)) as hub:
        download_url(f"{hub.url}/{package.name}", tmp_path / "b", file_hash(package))
    assert (tmp_path / "b").read_bytes() == package.read_bytes()


def test_hostile_packages_are_refused(package: Path, home: Path, tmp_path: Path) -> None:
    def changed(name: str, *, drop: str = "", add: str = "") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(path, "w") as new:
            for entry in old.namelist():
                if not drop or drop not in entry:
                    new.writestr(entry, old.read(entry))
            if add:
                new.writestr(add, b"x")
        return path

    for path, says in (
        (changed("a.argosmodel", drop="metadata"), "no argos package"),
        (changed("b.argosmodel", drop="sentencepiece"), "BPE"),
        (changed("c.argosmodel", drop="model.bin"), "no CTranslate2 model"),
        (changed("d.argosmodel", add="zh_en/model/../../../evil"), "refused"),
    ):
        assert says in run("models", "get", path, cwd=tmp_path, code=3).stderr.decode()
    (tmp_path / "e.argosmodel").write_bytes(package.read_bytes()[:1000])
    assert "damaged" in run("models", "get", "e.argosmodel", cwd=tmp_path, code=3).stderr.decode()
    assert not list(tmp_path.rglob("evil"))
    assert not [path for path in home.iterdir() if path.name[0] != "."]


@pytest.mark.parametrize(
    ("kind", "tokenizer", "before", "after", "prefix"),
    [
        ("m2m_100", "NllbTokenizer", ("zho_Hans",), ("</s>",), ("eng_Latn",)),
        ("m2m_100", "M2M100Tokenizer", ("__zh__",), ("</s>",), ("__en__",)),
        ("mbart", "MBart50Tokenizer", ("zh_CN",), ("</s>",), ("en_XX",)),
        ("mbart", "MBartTokenizer", (), ("</s>", "zh_CN"), ("en_XX",)),
        ("marian", "MarianTokenizer", (), ("</s>",), ()),
    ],
)
def test_models_of_many_languages_are_told_which_two(
    tmp_path: Path,
    kind: str,
    tokenizer: str,
    before: tuple[str, ...],
    after: tuple[str, ...],
    prefix: tuple[str, ...],
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}), encoding="utf-8")
    told = json.dumps({"tokenizer_class": tokenizer})
    (tmp_path / "tokenizer_config.json").write_text(told, encoding="utf-8")
    model = HubModel("owner/model", "main", "mit", {}, 0)
    found: ForeignModel = describe(tmp_path, model, ("zh", "en"), "int8")
    assert (found.source_prefix, found.source_suffix, found.target_prefix) == (before, after, prefix)
    with pytest.raises(ModelError, match="--languages"):
        describe(tmp_path, model, None, "int8")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_model_of_many_languages_writes_what_transformers_writes(tmp_path: Path, home: Path) -> None:
    pytest.importorskip("transformers")
    folder = make_m2m(tmp_path / "m2m")
    from batchtx.engines.convert import convert_transformers
    from batchtx.engines.foreign import write_manifest

    new = home / "many"
    new.mkdir(parents=True)
    convert_transformers(str(folder), new / "ctranslate2", "float32")
    (new / "ctranslate2" / "sentencepiece.bpe.model").rename(new / "source.spm")
    described = describe(folder, HubModel("o/many", "main", "mit", {}, 0), ("zh", "en"), "float32")
    write_manifest(new, described, "many", "o/many")
    ours = build_engine(EngineSpec("ctranslate2", "many")).translate(["系统保存文件", "甲方付款"], align=True)
    theirs = build_engine(EngineSpec("torch", str(folder))).translate(["系统保存文件", "甲方付款"])
    # random weights write parts of words that only one of the two takes for unknown
    assert [one.text[:12] for one in ours] == [one.text.removeprefix("__en__")[:12] for one in theirs]
    assert "__en__" not in ours[0].text
    assert ours[0].alignment is not None
    assert all(link.source_end <= len("系统保存文件") for link in ours[0].alignment)


def make_m2m(folder: Path) -> Path:
    """A tiny M2M100 folder with random weights."""
    import sentencepiece
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    from tests.helpers.texts import sentences

    folder.mkdir()
    corpus = folder.parent / "corpus.txt"
    corpus.write_text("\n".join([*sentences(300), *["the system saves the file"] * 20]), encoding="utf-8")
    model = folder.parent / "m"
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(model), vocab_size=220, minloglevel=2
    )
    processor = sentencepiece.SentencePieceProcessor(model_file=f"{model}.model")
    pieces = ["<s>", "<pad>", "</s>", "<unk>"] + [processor.id_to_piece(n) for n in range(3, len(processor))]
    vocabulary = folder.parent / "vocab.json"
    vocabulary.write_text(json.dumps({piece: n for n, piece in enumerate(pieces)}), encoding="utf-8")
    tokenizer = M2M100Tokenizer(str(vocabulary), f"{model}.model", src_lang="zh", tgt_lang="en")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    config = M2M100Config(
        vocab_size=len(pieces) + len(tokenizer.lang_token_to_id) + 8,  # words were made up to fill the table
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=128,
        init_std=0.5,
    )
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder
