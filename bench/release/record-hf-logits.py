"""Records the fixtures of packages/model/test/huggingface.test.ts: tiny random Llamas of PyPI's transformers, their
weights and logits.

    python record-hf-logits.py OUT      # OUT/<name>/{config.json, model.safetensors, ids.json, logits.f32, provenance.json}

Needs torch and transformers.
"""

import json
import os
import platform
import sys

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM

BASE = dict(
    vocab_size=61,
    hidden_size=24,
    intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=6,
    num_key_value_heads=2,
    max_position_embeddings=64,
    rms_norm_eps=1e-5,
    initializer_range=0.2,
)
SHAPES = {
    "grouped": dict(BASE, tie_word_embeddings=False, rope_parameters={"rope_type": "default", "rope_theta": 500000.0}),
    "tied-llama3-rope": dict(
        BASE,
        tie_word_embeddings=True,
        head_dim=8,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 10000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    ),
}


def main(out):
    torch.set_num_threads(1)
    for name, shape in SHAPES.items():
        torch.manual_seed(20261122)
        model = LlamaForCausalLM(LlamaConfig(**shape)).eval()
        for parameter in model.parameters():
            # Norm weights other than one, so that a forgotten one shows.
            if parameter.dim() == 1:
                torch.nn.init.uniform_(parameter, 0.5, 1.5)
        folder = os.path.join(out, name)
        model.save_pretrained(folder)
        generation = os.path.join(folder, "generation_config.json")
        if os.path.exists(generation):
            os.remove(generation)
        ids = torch.randint(0, shape["vocab_size"], (2, 40))
        with torch.no_grad():
            logits = model(ids).logits
        with open(os.path.join(folder, "ids.json"), "w") as file:
            json.dump(ids.tolist(), file)
        logits.numpy().astype("<f4").tofile(os.path.join(folder, "logits.f32"))
        provenance = {
            "script": "bench/release/record-hf-logits.py",
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "machine": platform.machine(),
        }
        with open(os.path.join(folder, "provenance.json"), "w") as file:
            json.dump(provenance, file, indent=2)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: record-hf-logits.py OUT")
    main(sys.argv[1])
