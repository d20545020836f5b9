"""The CSANMT teacher (Wei et al. 2022) as transformers classes, without TensorFlow."""

from __future__ import annotations

from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoTokenizer

from batchtx.distill.teacher.configuration import CsanmtConfig
from batchtx.distill.teacher.modeling import CsanmtForConditionalGeneration
from batchtx.distill.teacher.tokenization import CsanmtTokenizer

AutoConfig.register("csanmt", CsanmtConfig, exist_ok=True)
AutoModelForSeq2SeqLM.register(CsanmtConfig, CsanmtForConditionalGeneration, exist_ok=True)
AutoTokenizer.register(CsanmtConfig, CsanmtTokenizer, exist_ok=True)
