"""A table, written as a transformer of one layer: in this answer, after these three tokens, comes that one.

Each token has a code, its number in binary with -1 for 0. The embedding holds the code of the token itself. Two
heads look at the two tokens before, a third at the marker in the prompt that says which answer it is, and each
copies a code. So the layer's MLP sees four codes, and has one neuron for each row of the table, which fires where
all of them fit and then adds the next token. Wherever no row fits, which a grammar of the server can bring about,
what is liked best comes: to close what is open, then to end.

It is a Qwen3, since servers take the parser of calls and thoughts from the kind of model.
"""

import numpy as np

HEADS, HEAD_SIZE = 3, 64
# Turns between one position and the next, as RoPE has them. The slowest must not turn noticeably over a whole context.
ROPE_BASE = 1_000_000.0
NORM_EPSILON = 1e-6
# Of attention: the token before is then exp(50) times as strong as its neighbours.
SHARPNESS = 16.0
# So high that no temperature, at most 2, lets another token come
CERTAIN = 250.0
# What comes where no row fits; an x where a grammar forbids to end a text yet
LIKES = {'"': 105, "x": 90, "}": 75, "]": 60, ":": 45, ",": 30, "1": 22, "0": 15, "{": 10, "[": 8, "t": 5}
LIKES_END, DISLIKES = 120.0, -40.0


def table(vocabulary, answers, starts, endless):
    """Rows: three tokens, the last one first, the marker of the answer, and the token that follows.

    Raises ValueError where an answer would have to go on in two ways."""
    rows = {}
    for name, tokens in answers.items():
        marker = vocabulary.index[vocabulary.marker(name)]
        numbers = [vocabulary.number(token) for token in tokens]
        if name in endless:
            after = numbers[endless[name] :][:3]
        else:
            after = [vocabulary.end]
        says = [*numbers, *after]
        for start in starts:
            line = [*(vocabulary.number(token) for token in start[-3:]), *says]
            for earlier, before, token, following in zip(line, line[1:], line[2:], line[3:]):
                if rows.setdefault((token, before, earlier, marker), following) != following:
                    raise ValueError(f"{name} could go on in two ways after {vocabulary.tokens[token]!r}")
    return list(rows.items())


def make_weights(vocabulary, answers, starts, endless):
    """The weights by the names that Hugging Face's Qwen3 has for them, float32."""
    size = len(vocabulary)
    bits = (size - 1).bit_length()
    rows = table(vocabulary, answers, starts, endless)
    outcomes = sorted({following for _, following in rows})

    # what each place of the hidden state holds
    parts = token, before, earlier, answer = np.arange(4 * bits).reshape(4, bits)
    one, is_marker = 4 * bits, 4 * bits + 1
    outcome = {following: 4 * bits + 2 + place for place, following in enumerate(outcomes)}
    width = -(-(4 * bits + 2 + len(outcomes)) // 64) * 64

    codes = np.array([[1.0 if number >> bit & 1 else -1.0 for bit in range(bits)] for number in range(size)])

    embedding = np.zeros((size, width))
    embedding[:, token] = codes
    embedding[:, one] = 1
    embedding[:, is_marker] = -1
    for name in answers:
        embedding[vocabulary.index[vocabulary.marker(name)], is_marker] = 1

    # directions only, as Qwen3 brings queries and keys to one length; RoPE turns place i of a head together with
    # place i + half
    half = HEAD_SIZE // 2
    turns = ROPE_BASE ** (-np.arange(half) / half)
    query, key = np.zeros((2, HEADS, HEAD_SIZE, width))
    value, output = np.zeros((HEADS, HEAD_SIZE, width)), np.zeros((width, HEADS, HEAD_SIZE))
    # turned back by one position, a query fits best to the key of the token before; by two, to that before it
    for head in (0, 1):
        query[head, :half, one], query[head, half:, one] = np.cos((head + 1) * turns), -np.sin((head + 1) * turns)
        key[head, :half, one] = 1
    query[2, half - 1, one] = key[2, half - 1, is_marker] = 1
    for head, copied in enumerate((before, earlier, answer)):
        value[head, np.arange(bits), token] = 1
        output[copied, head, np.arange(bits)] = 1

    # a neuron gets +FIRES where all bits fit, at most -FIRES where one does not: SwiGLU lets the former pass
    fires, strength = 40.0, 8.0
    gate, up, down = np.zeros((len(rows), width)), np.zeros((len(rows), width)), np.zeros((width, len(rows)))
    up[:, one] = 1
    gate[:, one] = -fires * (4 * bits - 1)
    for row, (context, following) in enumerate(rows):
        for part, number in zip(parts, context):
            gate[row, part] = fires * codes[number]
        down[outcome[following], row] = strength / fires

    head = np.zeros((size, width))
    head[:, one] = DISLIKES
    for character, liking in LIKES.items():
        head[vocabulary.index[character], one] = liking
    head[vocabulary.end, one] = LIKES_END
    for following, place in outcome.items():
        head[following, place] = CERTAIN / strength

    def unchanged(squares):
        """A norm's weights that give back what came in, where the squares of that add up to so much."""
        return np.full(width, np.sqrt(squares / width))

    attention = np.full(HEAD_SIZE, SHARPNESS)
    tensors = {
        "model.embed_tokens.weight": embedding,
        "model.layers.0.input_layernorm.weight": unchanged(bits + 2),
        "model.layers.0.self_attn.q_proj.weight": query.reshape(-1, width),
        "model.layers.0.self_attn.k_proj.weight": key.reshape(-1, width),
        "model.layers.0.self_attn.q_norm.weight": attention,
        "model.layers.0.self_attn.k_norm.weight": attention,
        "model.layers.0.self_attn.v_proj.weight": value.reshape(-1, width),
        "model.layers.0.self_attn.o_proj.weight": output.reshape(width, -1),
        "model.layers.0.post_attention_layernorm.weight": unchanged(4 * bits + 2),
        "model.layers.0.mlp.gate_proj.weight": gate,
        "model.layers.0.mlp.up_proj.weight": up,
        "model.layers.0.mlp.down_proj.weight": down,
        "model.norm.weight": unchanged(4 * bits + 2 + strength**2),
        "lm_head.weight": head,
    }
    return {name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in tensors.items()}
