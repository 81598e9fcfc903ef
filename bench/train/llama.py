"""Llama in plain PyTorch under Hugging Face's parameter names: the peer of the speed bench. Written with the functions that PyTorch's documentation advises: rms_norm, scaled_dot_product_attention
(causal, so that it takes its fused kernel), fused AdamW."""

import torch
import torch.nn.functional as F
from torch import nn


class RMSNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.eps)


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.groups, self.dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        width = c["hidden_size"]
        self.q_proj = linear(width, self.heads * self.dim)
        self.k_proj = linear(width, self.groups * self.dim)
        self.v_proj = linear(width, self.groups * self.dim)
        self.o_proj = linear(self.heads * self.dim, width)

    def forward(self, x, cos, sin):
        batch, time, _ = x.shape
        q = rotate(self.q_proj(x).view(batch, time, self.heads, self.dim), cos, sin).transpose(1, 2)
        k = rotate(self.k_proj(x).view(batch, time, self.groups, self.dim), cos, sin).transpose(1, 2)
        v = self.v_proj(x).view(batch, time, self.groups, self.dim).transpose(1, 2)
        if self.groups != self.heads:
            # Faster here than enable_gqa=True, which leaves the fused kernel of the CPU.
            k = k.repeat_interleave(self.heads // self.groups, 1)
            v = v.repeat_interleave(self.heads // self.groups, 1)
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o_proj(out.transpose(1, 2).reshape(batch, time, -1))


def rotate(x, cos, sin):
    """Feature i of a head turns together with feature i + dim/2."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = linear(c["hidden_size"], c["intermediate_size"])
        self.up_proj = linear(c["hidden_size"], c["intermediate_size"])
        self.down_proj = linear(c["intermediate_size"], c["hidden_size"])

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn = Attention(c)
        self.mlp = MLP(c)

    def forward(self, x, cos, sin):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(Block(c) for _ in range(c["num_hidden_layers"]))
        self.norm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])


class Llama(nn.Module):
    """Takes the fields of a Hugging Face config.json; RoPE without scaling."""

    def __init__(self, config, length):
        super().__init__()
        if config.get("rope_scaling"):
            raise SystemExit("llama.py: rope_scaling is not supported here")
        self.model = Model(config)
        self.lm_head = linear(config["hidden_size"], config["vocab_size"])
        if config["tie_word_embeddings"]:
            self.lm_head.weight = self.model.embed_tokens.weight
        half = config["head_dim"] // 2
        inverse = config["rope_theta"] ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(length, dtype=torch.float64), inverse).float()
        self.register_buffer("cos", angles.cos()[None, :, None], persistent=False)
        self.register_buffer("sin", angles.sin()[None, :, None], persistent=False)

    def forward(self, ids, targets):
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, self.cos, self.sin)
        logits = self.lm_head(self.model.norm(x))
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.view(-1), ignore_index=-100)


def optimizer(model, options):
    """Fused AdamW; matrices decay, norms do not."""
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": options["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    betas = (options["beta1"], options["beta2"])
    return torch.optim.AdamW(groups, lr=1e-3, betas=betas, eps=options["eps"], fused=True)


def step(loss_of, model, adamw, ids, targets, lr, clip):
    """One training step; returns loss and gradient norm."""
    loss = loss_of(ids, targets)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    for group in adamw.param_groups:
        group["lr"] = lr
    adamw.step()
    adamw.zero_grad(set_to_none=True)
    return loss.item(), norm.item()
