#!/usr/bin/env bash
# tokenizers 0.23.3 (Hugging Face): a token that was added with add_tokens, and that the encoder takes for what it
# says, does not decode to what it says where it holds letters of Latin-1 and the decoder is ByteLevel, as in the
# tokenizers of GPT, Llama 3 and Qwen. Letters beyond Latin-1 are all right.
#
# Expected: decode(encode(text)) is the text, as an added token is not cut into bytes.
# Seen: "Grüße" comes back as "Gr??e" with two characters U+FFFD; "北京" as it was.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install tokenizers==0.23.3

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.add_tokens(["Grüße", "北京"])

seen = [tokenizer.decode(tokenizer.encode(text).ids) for text in ("Grüße", "北京")]
print(f"tokenizers {version('tokenizers')}: {seen}")
sys.exit(0 if seen == ["Gr\ufffd\ufffde", "北京"] else 1)
PYTHON
