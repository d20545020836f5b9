# Pattern rules for content pipelines: only changed documents are translated.
#
#   include $(shell batchtx makefile)
#   all: contract.en.docx tickets.en.jsonl
#
# BATCHTX and BATCHTX_FLAGS may be set before the include. Each document gets its own review sheet
# (contract.en.docx.review.csv); all share the project's memory, so equal sentences are translated once.
# A document with failed segments (exit code 1) is written, and make stops with an error after it;
# set BATCHTX_KEEP_GOING=1 to go on.

BATCHTX ?= batchtx
BATCHTX_FLAGS ?=
BATCHTX_GLOSSARIES ?=

_batchtx = $(BATCHTX) translate $< -o $@ $(addprefix --glossary ,$(BATCHTX_GLOSSARIES)) $(BATCHTX_FLAGS) \
	$(if $(BATCHTX_KEEP_GOING),|| test $$? -eq 1)

%.en.docx: %.docx $(BATCHTX_GLOSSARIES)
	$(_batchtx)

%.en.txt: %.txt $(BATCHTX_GLOSSARIES)
	$(_batchtx)

%.en.jsonl: %.jsonl $(BATCHTX_GLOSSARIES)
	$(_batchtx)
