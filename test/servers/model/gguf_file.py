"""The scripted model as the file that llama.cpp loads."""

from gguf import GGUFWriter, TokenType
from weights import HEAD_SIZE, HEADS, NORM_EPSILON, ROPE_BASE

NAMES = {
    "model.embed_tokens": "token_embd",
    "model.layers.0.input_layernorm": "blk.0.attn_norm",
    "model.layers.0.self_attn.q_proj": "blk.0.attn_q",
    "model.layers.0.self_attn.k_proj": "blk.0.attn_k",
    "model.layers.0.self_attn.q_norm": "blk.0.attn_q_norm",
    "model.layers.0.self_attn.k_norm": "blk.0.attn_k_norm",
    "model.layers.0.self_attn.v_proj": "blk.0.attn_v",
    "model.layers.0.self_attn.o_proj": "blk.0.attn_output",
    "model.layers.0.post_attention_layernorm": "blk.0.ffn_norm",
    "model.layers.0.mlp.gate_proj": "blk.0.ffn_gate",
    "model.layers.0.mlp.up_proj": "blk.0.ffn_up",
    "model.layers.0.mlp.down_proj": "blk.0.ffn_down",
    "model.norm": "output_norm",
    "lm_head": "output",
}


def write_gguf(file, vocabulary, weights, template, context):
    size, width = weights["model.embed_tokens.weight"].shape
    writer = GGUFWriter(file, "qwen3")
    writer.add_name("scripted")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(len(weights["model.layers.0.mlp.gate_proj.weight"]))
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_key_length(HEAD_SIZE)
    writer.add_value_length(HEAD_SIZE)
    writer.add_rope_dimension_count(HEAD_SIZE)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_vocab_size(size)

    kinds = {
        **{token: TokenType.NORMAL for token in vocabulary.plain},
        **{token: TokenType.USER_DEFINED for token in vocabulary.tags},
        **{token: TokenType.CONTROL for token in vocabulary.special},
    }
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types([kinds[token] for token in vocabulary.tokens])
    # one that leads to no token, as llama.cpp wants some and the writer leaves out an empty list
    writer.add_token_merges([" ".join(vocabulary.plain[:2])])
    writer.add_eos_token_id(vocabulary.end)
    writer.add_add_bos_token(False)
    writer.add_chat_template(template)

    for name, weight in weights.items():
        module = name.removesuffix(".weight")
        writer.add_tensor(f"{NAMES[module]}.weight", weight)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
