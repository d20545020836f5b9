"""docutranslate's way through a DOCX, with an endpoint on loopback that gives texts back: structure only."""

from __future__ import annotations

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_INPUT = re.compile(r"<input>\s*```json\n(.*?)\n```\s*</input>", re.DOTALL)


class Echo(BaseHTTPRequestHandler):
    """A chat endpoint that answers with the segments that it was asked to translate."""

    def do_POST(self) -> None:
        """Answers a request."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = asked["messages"][-1]["content"]
        found = _INPUT.search(prompt)
        asked_for = json.loads(found[1]) if found else {}
        texts = [{"id": key, "t": f"E {text}"} for key, text in asked_for.items()]  # an equal text is refused
        message = {"role": "assistant", "content": f"```json\n{json.dumps(texts)}\n```"}
        answer = json.dumps(
            {
                "id": "echo",
                "object": "chat.completion",
                "model": "echo",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def main() -> None:
    """Puts a document through."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from docutranslate.exporter.docx.docx2html_exporter import Docx2HTMLExporterConfig
    from docutranslate.translator.ai_translator.docx_translator import DocxTranslatorConfig
    from docutranslate.workflow.docx_workflow import DocxWorkflow, DocxWorkflowConfig

    address = f"http://127.0.0.1:{server.server_port}/v1"
    config = DocxTranslatorConfig(
        base_url=address,
        api_key="none",
        model_id="echo",
        to_lang="English",
        concurrent=1,
        retry=0,
        streaming=False,
    )
    html = Docx2HTMLExporterConfig(cdn=False)
    workflow = DocxWorkflow(DocxWorkflowConfig(translator_config=config, html_exporter_config=html))
    workflow.read_path(task["document"])
    workflow.translate()
    output = Path(task["document"]).with_suffix(".docutranslate.docx")
    workflow.save_as_docx(output.name, str(output.parent))
    sys.stdout.write(json.dumps({"event": "done", "output": str(output)}) + "\n")


if __name__ == "__main__":
    main()
