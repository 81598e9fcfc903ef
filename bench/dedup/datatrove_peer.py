"""The datatrove half of the comparison: python datatrove_peer.py FOLDER LANGUAGE HASH BUCKETS ROWS

FOLDER/data holds JSONL. Runs its four MinHash stages in this process, one task each, as its example does, files
included; prints one JSON line. The clock runs over the stages, not over imports.
"""

import json
import os
import shutil
import struct
import sys
from importlib.metadata import version
from time import perf_counter

from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.utils.hashing import HashConfig
from datatrove.utils.logging import logger


def main():
    folder, language, hash_name, buckets, rows = sys.argv[1:]
    logger.remove()
    work = os.path.join(folder, "work")
    shutil.rmtree(work, ignore_errors=True)
    config = MinhashConfig(
        n_grams=5,
        num_buckets=int(buckets),
        hashes_per_bucket=int(rows),
        hash_config=HashConfig(precision=64, hash_fc=hash_name),
    )
    # Made outside the clock: loading its word tokenizer counts as an import.
    signature = MinhashDedupSignature(output_folder=f"{work}/signatures", config=config, language=language)
    signature.get_shingles("Un texte pour commencer, rien de plus que cela.")
    began = perf_counter()
    signature.run(JsonlReader(f"{folder}/data")())
    for bucket in range(config.num_buckets):
        step = MinhashDedupBuckets(f"{work}/signatures", f"{work}/buckets", config=config)
        step.run(None, bucket, config.num_buckets)
    MinhashDedupCluster(f"{work}/buckets", f"{work}/remove", config=config).run(None, 0, 1)
    seconds = perf_counter() - began
    with open(f"{work}/remove/000000.remove", "rb") as file:
        removed = {row for (row,) in struct.iter_unpack("<I", file.read())}
    found = []
    (name,) = os.listdir(f"{folder}/data")
    with open(f"{folder}/data/{name}", encoding="utf-8") as lines:
        for row, line in enumerate(lines):
            if row in removed:
                found.append(json.loads(line)["id"])
    print(json.dumps({"seconds": seconds, "found": found, "version": version("datatrove")}))


main()
