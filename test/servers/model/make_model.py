"""Writes the scripted model: make_model.py DESCRIPTION FOLDER

DESCRIPTION is a JSON file:
    answers    for each marker, a token that says what to answer, the tokens of that answer, one character for each byte
    starts     what a prompt may end with, in tokens too
    endless    of those that have no end, where they begin anew
    tags       what is one token in the text, although a user could write it
    template   the chat template
    context    how long prompt and answer may be together, in tokens

FOLDER then has the model twice: for vLLM and transformers in hub, as in a cache of Hugging Face's hub; for
llama.cpp as model.gguf.
"""

import json
import sys
from pathlib import Path

from gguf_file import write_gguf
from hub import write_hub
from vocabulary import Vocabulary
from weights import make_weights

description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
folder = Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)

vocabulary = Vocabulary(description["answers"], description["tags"])
weights = make_weights(vocabulary, description["answers"], description["starts"], description["endless"])
write_hub(folder / "hub", vocabulary, weights, description["template"], description["context"])
write_gguf(folder / "model.gguf", vocabulary, weights, description["template"], description["context"])
