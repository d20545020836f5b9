"""Examples at the top of each command's help: lines that can be typed as they are, and what they are for."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("batchtx translate docs/", "into docs.en/, with docs.en/review.csv"),
        ("batchtx apply docs.en/review.csv", "corrections back into the documents"),
        ("echo 你好 | batchtx translate -", "plain text in, plain text out"),
    ),
    "translate": (
        ("batchtx translate docs/", "into docs.en/, with docs.en/review.csv"),
        ("batchtx translate contract.docx -g terms.csv -o out/", "with a glossary, into out/"),
        ("batchtx translate docs/ --dry-run", "what would happen, and how long"),
        ("batchtx translate docs/ --sheet review.xlsx --report run.html", ""),
        ("batchtx translate docs/ -o out/ --shard 2/8", "the second of eight jobs"),
        ("batchtx translate - --format jsonl --field text < in.jsonl > out.jsonl", ""),
    ),
    "apply": (
        ("batchtx apply docs.en/review.csv", "into the documents and the memory"),
        ("batchtx apply review-*.xlsx --strict", "all rows fit, or nothing is written"),
    ),
    "verify": (
        ("batchtx verify contract.docx contract.en.docx", "is anything lost?"),
        ("batchtx verify docs/ docs.en/ --json", "a folder, for a program"),
    ),
    "info": (("batchtx info", ""), ("batchtx info --json", "for a program")),
    "completion": (
        ('eval "$(batchtx completion bash)"', "in ~/.bashrc; zsh: in ~/.zshrc"),
        ("batchtx completion fish > ~/.config/fish/completions/batchtx.fish", ""),
    ),
    "glossary lint": (("batchtx glossary lint terms.csv", "exit code 1 when something is wrong"),),
    "glossary convert": (("batchtx glossary convert terms.tbx terms.csv", ""),),
    "glossary report": (
        ("batchtx glossary report docs.en/review.csv -g terms.csv", "used, missed, forbidden"),
        ("batchtx glossary report docs/ -g terms.csv --fail-under 95", "in a pipeline"),
    ),
    "glossary mine": (("batchtx glossary mine docs/ -o terms.csv", "candidates, to be filled in"),),
    "memory stats": (("batchtx memory stats", ""), ("batchtx memory stats --json", "for a program")),
    "memory import": (("batchtx memory import old.tmx", "they win over the machine from then on"),),
    "memory export": (("batchtx memory export ours.tmx", "for a CAT tool"),),
    "memory merge": (
        ("batchtx memory merge .batchtx/memory.shard-*.sqlite", "of `translate --shard`"),
        ("batchtx memory merge li.sqlite wang.sqlite --memory team.sqlite", ""),
    ),
    "memory prune": (("batchtx memory prune --older-than 90", "machine translations only"),),
    "serve": (
        ("batchtx serve", "page and REST API at http://127.0.0.1:5000"),
        ("batchtx serve -g legal --edit-glossaries", "with a glossary that may be edited in the page"),
        ("batchtx serve --host 0.0.0.0 --api-key KEY", "for other machines"),
    ),
    "models list": (("batchtx models list", ""), ("batchtx models list --json", "for a program")),
    "models show": (("batchtx models show zh-en", "its card, after checking its files"),),
    "models get": (
        ("batchtx models get Helsinki-NLP/opus-mt-zh-en", "needs the extra `torch` to convert"),
        ("batchtx models get translate-zh_en-1_9.argosmodel", "a file or URL of an argos package"),
    ),
    "models remove": (("batchtx models remove opus-mt-zh-en", ""),),
    "models convert": (("batchtx models convert checkpoints/opus opus-int8", "needs the extra `torch`"),),
}
"""By the command's path without `batchtx`. A test parses every line."""
