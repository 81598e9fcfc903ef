"""Records the fixture of packages/model/test/bert.test.ts: a tiny random BERT of PyPI's transformers, its weights and
what its last layer leaves for two padded rows.

    python record-bert-hidden.py OUT    # OUT/{config.json, model.safetensors, ids.json, hidden.f32, provenance.json}

Needs torch, transformers and safetensors.
"""

import json
import os
import platform
import sys

import torch
import transformers
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

SHAPE = dict(
    vocab_size=31,
    hidden_size=12,
    intermediate_size=20,
    num_hidden_layers=2,
    num_attention_heads=3,
    max_position_embeddings=9,
    type_vocab_size=2,
    layer_norm_eps=1e-5,
)
IDS = [[0, 7, 30, 4, 11, 2], [0, 19, 5, 2, 1, 1]]
LENGTHS = [6, 4]


def main(out):
    torch.set_num_threads(1)
    torch.manual_seed(20261123)
    model = BertModel(BertConfig(**SHAPE, hidden_act="gelu"), add_pooling_layer=False).eval()
    for parameter in model.parameters():
        # Larger than at the start of a training, norms and biases too: a forgotten one shows.
        torch.nn.init.uniform_(parameter, 0.5, 1.5) if parameter.dim() == 1 else torch.nn.init.normal_(parameter, std=0.4)
    os.makedirs(out, exist_ok=True)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, os.path.join(out, "model.safetensors"))
    mask = (torch.arange(len(IDS[0]))[None] < torch.tensor(LENGTHS)[:, None]).long()
    with torch.no_grad():
        hidden = model(torch.tensor(IDS), attention_mask=mask).last_hidden_state
    with open(os.path.join(out, "hidden.f32"), "wb") as file:
        file.write(hidden.numpy().tobytes())
    for name, value in {
        "config.json": SHAPE,
        "ids.json": {"ids": IDS, "lengths": LENGTHS},
        "provenance.json": {
            "script": "bench/release/record-bert-hidden.py",
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "machine": platform.machine(),
        },
    }.items():
        with open(os.path.join(out, name), "w") as file:
            json.dump(value, file, indent=2)


main(sys.argv[1])
