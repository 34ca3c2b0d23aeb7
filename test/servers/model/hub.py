"""The scripted model in a cache of Hugging Face's hub, from which vLLM and transformers load it by its name."""

import json

from safetensors.numpy import save_file
from vocabulary import END
from weights import HEAD_SIZE, HEADS, NORM_EPSILON, ROPE_BASE


NAME, REVISION = "scripted", "0" * 40


def write_hub(hub, vocabulary, weights, template, context):
    repository = hub / f"models--{NAME}"
    folder = repository / "snapshots" / REVISION
    folder.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(REVISION)

    def write(name, content):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    size, width = weights["model.embed_tokens.weight"].shape
    write(
        "config.json",
        {
            "architectures": ["Qwen3ForCausalLM"],
            "model_type": "qwen3",
            "dtype": "float32",
            "vocab_size": size,
            "hidden_size": width,
            "intermediate_size": len(weights["model.layers.0.mlp.gate_proj.weight"]),
            "num_hidden_layers": 1,
            "num_attention_heads": HEADS,
            "num_key_value_heads": HEADS,
            "head_dim": HEAD_SIZE,
            "hidden_act": "silu",
            "rms_norm_eps": NORM_EPSILON,
            "rope_theta": ROPE_BASE,
            "max_position_embeddings": context,
            "tie_word_embeddings": False,
            "bos_token_id": vocabulary.end,
            "eos_token_id": vocabulary.end,
            "pad_token_id": vocabulary.end,
        },
    )
    write("generation_config.json", {"eos_token_id": vocabulary.end, "pad_token_id": vocabulary.end})

    def added(token):
        special = token in vocabulary.special
        return {
            "id": vocabulary.index[token],
            "content": token,
            "special": special,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
        }

    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    write(
        "tokenizer.json",
        {
            "version": "1.0",
            "added_tokens": [added(token) for token in vocabulary.tags + vocabulary.special],
            "normalizer": None,
            "pre_tokenizer": byte_level,
            "post_processor": None,
            "decoder": byte_level,
            "model": {
                "type": "BPE",
                "vocab": {token: number for number, token in enumerate(vocabulary.plain)},
                "merges": [],
            },
        },
    )
    write(
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": END,
            "pad_token": END,
            "model_max_length": context,
            "clean_up_tokenization_spaces": False,
        },
    )
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
