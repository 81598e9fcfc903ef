"""Loads a Hugging Face folder with PyPI's transformers and compares its logits with ours.

    python hf-logits.py FOLDER ids.json logits.f32

ids.json: rows of token ids, all of one length. logits.f32: what our model gives, raw little-endian float32
[rows, length, vocabulary]. Prints one JSON object; exit code 1 when the largest difference exceeds 1e-4.
Needs torch and transformers.
"""

import json
import sys

import numpy as np
import torch
import transformers

LIMIT = 1e-4


def main(folder, ids_path, logits_path):
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model.eval()
    with open(ids_path) as file:
        ids = torch.tensor(json.load(file))
    with torch.no_grad():
        theirs = model(ids).logits.numpy()
    ours = np.fromfile(logits_path, dtype="<f4")
    if ours.size != theirs.size:
        sys.exit(f"{logits_path} holds {ours.size} values, expected {theirs.shape}")
    difference = float(np.abs(ours.reshape(theirs.shape) - theirs).max())
    report = {
        "max_abs_diff": difference,
        "limit": LIMIT,
        "shape": list(theirs.shape),
        "transformers": transformers.__version__,
        "torch": torch.__version__,
    }
    print(json.dumps(report))
    # Not a number is no agreement either.
    return 0 if difference <= LIMIT else 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: hf-logits.py FOLDER ids.json logits.f32")
    sys.exit(main(*sys.argv[1:]))
