"""The peer's half of the speed bench: training steps of the same model in PyTorch, timed after a warm-up.

    python peer.py SHAPE.json MODE       MODE: eager, or a mode of torch.compile (default, reduce-overhead, ...)

Reads the shape that bench/train/shapes.ts writes; prints one JSON line.
"""

import json
import sys
import time
from pathlib import Path

import torch

from llama import Llama, optimizer, step


def main(shape, mode):
    torch.set_num_threads(shape["threads"])
    torch.manual_seed(0)
    config = shape["config"]
    model = Llama(config, shape["length"])
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.normal_(0, config["initializer_range"])
    adamw = optimizer(model, shape["optimizer"])
    ids = torch.randint(0, config["vocab_size"], (shape["batch"], shape["length"] + 1))
    inputs, targets = ids[:, :-1].contiguous(), ids[:, 1:].contiguous()
    loss_of = model if mode == "eager" else torch.compile(model, mode=None if mode == "default" else mode)
    seconds, losses = [], []
    began = time.perf_counter()
    for s in range(shape["warmup"] + shape["steps"]):
        start = time.perf_counter()
        loss, _ = step(loss_of, model, adamw, inputs, targets, shape["lr"], shape["clip"])
        seconds.append(time.perf_counter() - start)
        losses.append(loss)
        # Compiling takes a while; the measured steps do not depend on it.
        if s + 1 == shape["warmup"]:
            warm = time.perf_counter() - began
    timed = seconds[shape["warmup"] :]
    print(json.dumps({"seconds": timed, "warmUpSeconds": warm, "lastLoss": losses[-1], "version": torch.__version__}))


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(json.loads(Path(sys.argv[1]).read_text()), sys.argv[2])
