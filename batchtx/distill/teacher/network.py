"""CSANMT as a network that the training loop of the student can train, on the student's vocabulary."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from batchtx.distill.data import vocabulary
from batchtx.distill.data.vocabulary import END, END_ID, PAD, PAD_ID
from batchtx.distill.nets import marian
from batchtx.distill.recipe import NetworkRecipe, Recipe
from batchtx.distill.teacher.configuration import CsanmtConfig
from batchtx.distill.teacher.modeling import CsanmtEncoderOutput, CsanmtForConditionalGeneration

_SEMANTIC = ("encoder.semantic", "target_semantic_embedding")


class TeacherNetwork(nn.Module):
    """CSANMT with the methods of Network that training uses.

    CSANMT wants id 0 as the end, the student's vocabulary has padding there: the two are exchanged.
    """

    def __init__(self, shape: NetworkRecipe, n_source: int, n_target: int) -> None:
        super().__init__()
        self.n_target = n_target
        self.model = CsanmtForConditionalGeneration(config_of(shape, n_source))

    @property
    def shared(self) -> Tensor:
        """A copy of the embeddings [vocab, width] in ids of the student, for scoring only."""
        return _exchanged(self.model.encoder.embedding)

    def encode(self, source: Tensor) -> CsanmtEncoderOutput:
        """Maps source [batch, source_len] in ids of the student."""
        output: CsanmtEncoderOutput = self.model.encoder(teacher_ids(source))
        return output

    def decode(self, target_input: Tensor, memory: CsanmtEncoderOutput) -> Tensor:
        """Returns hidden states [batch, target_len, width] that predict the next tokens."""
        return self.decode_aligned(target_input, memory)[0]

    def decode_aligned(self, target_input: Tensor, memory: CsanmtEncoderOutput) -> tuple[Tensor, Tensor]:
        """Returns hidden states [batch, target_len, width]; there is no alignment head."""
        assert memory.last_hidden_state is not None
        keep = memory.last_hidden_state.new_ones(memory.last_hidden_state.shape[:2])
        keep[:, -1] = 0.0  # sources end with the end symbol already
        table = self.model.target_table()
        hidden = self.model.decoder(
            teacher_ids(target_input), table, memory.last_hidden_state, keep[..., None], memory.semantic
        )
        return hidden, hidden.new_zeros(hidden.shape[0], hidden.shape[1], 1)

    def logits(self, hidden: Tensor) -> Tensor:
        """Maps [..., width] -> [..., n_target], in ids of the student."""
        return hidden @ _exchanged(self.model.target_table())[: self.n_target].T


def config_of(shape: NetworkRecipe, n_source: int) -> CsanmtConfig:
    """Returns the configuration of a teacher of this shape."""
    return CsanmtConfig(
        vocab_size=n_source,
        d_model=shape.width,
        feed_forward=shape.feed_forward,
        heads=shape.heads,
        encoder_layers=shape.encoder_layers,
        decoder_layers=shape.decoder_layers,
        semantic_layers=max(1, shape.encoder_layers // 6),
        dropout=shape.dropout,
    )


def _exchanged(table: Tensor) -> Tensor:
    """Embeddings [vocab, width] in ids of the student, from the teacher's or back."""
    return torch.cat([table[[END_ID, PAD_ID]], table[END_ID + 1 :]])


def teacher_ids(ids: Tensor) -> Tensor:
    """Returns the student's ids as the teacher's: the end becomes 0, as padding is already."""
    return torch.where(ids == END_ID, PAD_ID, ids)


def freeze(network: TeacherNetwork, *, semantic: bool) -> None:
    """Freezes the semantic encoder, or everything else."""
    for name, parameter in network.model.named_parameters():
        parameter.requires_grad_(name.startswith(_SEMANTIC) != semantic)


def save_teacher(network: TeacherNetwork, spm: Path, folder: Path, recipe: Recipe) -> None:
    """Writes a transformers folder whose tokenizer gives the teacher's ids."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = vocabulary.pieces_of(spm)
    pieces[PAD_ID], pieces[END_ID] = END, PAD
    marian.save_tokenizer(pieces, len(pieces), spm, folder, recipe, pad_token=END)
    network.model.save_pretrained(folder)
