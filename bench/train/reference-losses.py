"""Trains a run of packages/training/test/reference-run.ts in plain PyTorch and records what happens.

    python reference-losses.py FOLDER       # reads run.json and initial.safetensors, writes losses.json

An independent Llama, optimiser and schedule: torch's own attention, cross-entropy, clip_grad_norm_ and AdamW.
Needs torch and safetensors.
"""

import json
import math
import os
import platform
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


def loss_of(weights, config, rows):
    ids, targets = rows[:, :-1], rows[:, 1:]
    batch, time = ids.shape
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    width = config["hidden_size"] // heads
    norm = lambda x, name: F.rms_norm(x, (x.shape[-1],), weights[name + ".weight"], config["rms_norm_eps"])
    linear = lambda x, name: F.linear(x, weights[name + ".weight"])
    inverse = config["rope_theta"] ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.outer(torch.arange(time, dtype=torch.float64), inverse)
    cos, sin = angles.cos().float(), angles.sin().float()
    x = F.embedding(ids, weights["model.embed_tokens.weight"])
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        h = norm(x, at + "input_layernorm")
        split = lambda name, n: linear(h, at + "self_attn." + name).view(batch, time, n, width).transpose(1, 2)
        q, k = rotate(split("q_proj", heads), cos, sin), rotate(split("k_proj", groups), cos, sin)
        k, v = (t.repeat_interleave(heads // groups, 1) for t in (k, split("v_proj", groups)))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, time, -1)
        x = x + linear(mixed, at + "self_attn.o_proj")
        h = norm(x, at + "post_attention_layernorm")
        x = x + linear(F.silu(linear(h, at + "mlp.gate_proj")) * linear(h, at + "mlp.up_proj"), at + "mlp.down_proj")
    head = "model.embed_tokens.weight" if config["tie_word_embeddings"] else "lm_head.weight"
    logits = F.linear(norm(x, "model.norm"), weights[head])
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def learning_rate(step, schedule):
    peak, warmup, steps = schedule["lr"], schedule["warmupSteps"], schedule["steps"]
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = (step + 1 - warmup) / (steps - warmup)
    ratio = schedule["minLrRatio"]
    return peak * (ratio + (1 - ratio) * 0.5 * (1 + math.cos(math.pi * progress)))


def main(folder):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "run.json")) as file:
        run = json.load(file)
    weights = {name: w.requires_grad_() for name, w in load_file(os.path.join(folder, "initial.safetensors")).items()}
    options = run["optimizer"]
    decayed = [w for w in weights.values() if w.dim() >= 2]
    others = [w for w in weights.values() if w.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": options["weightDecay"]}, {"params": others, "weight_decay": 0.0}],
        lr=0.0,
        betas=tuple(options["betas"]),
        eps=options["eps"],
    )
    losses, norms = [], []
    for step, rows in enumerate(run["batches"]):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, run["schedule"])
        optimizer.zero_grad()
        loss = loss_of(weights, run["config"], torch.tensor(rows))
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(weights.values(), options["clip"]).item())
        optimizer.step()
        losses.append(loss.item())
    record = {
        "losses": losses,
        "grad_norms": norms,
        "provenance": {
            "script": "bench/train/reference-losses.py",
            "torch": torch.__version__,
            "machine": platform.machine(),
        },
    }
    with open(os.path.join(folder, "losses.json"), "w") as file:
        json.dump(record, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: reference-losses.py FOLDER")
    main(sys.argv[1])
