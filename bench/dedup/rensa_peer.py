"""The rensa half of the comparison: python rensa_peer.py DOCUMENTS.jsonl WAY PERMUTATIONS BANDS THRESHOLD

Prints one JSON line. The clock runs from the texts in memory to the list of duplicates; files and imports are outside.
WAY: words=how runs of five words are made, then what is done with them:
  joined       runs as rensa's own benchmark makes them (lower case, split, joined), RMinHash over all runs, LSH
  zipped       the same runs made with zip and map, which is quicker
  hashed       runs as hashes of tuples, handed over in one flat list
  ...-rho      the sampling pipeline, which its documentation calls the fastest, instead of RMinHash over all runs
  ...-dedup    RMinHashDeduplicator.add_pairs, as in its documentation, instead of the one-shot LSH
"""

import json
import sys
from importlib.metadata import version
from time import perf_counter

from rensa import RMinHash, RMinHashDeduplicator, RMinHashLSH

RUN = 5
SEED = 42


def joined(text):
    words = [word for word in text.lower().split() if word]
    if len(words) < RUN:
        return words
    return [" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]


def zipped(text):
    words = text.lower().split()
    if len(words) < RUN:
        return words
    return list(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:])))


def hashed(text):
    words = text.lower().split()
    if len(words) < RUN:
        runs = words
    else:
        runs = zip(words, words[1:], words[2:], words[3:], words[4:])
    return [value & 0xFFFFFFFFFFFFFFFF for value in map(hash, runs)]


def matrix_of(texts, runs, rho, permutations):
    if runs is hashed:
        flat, offsets = [], [0]
        for text in texts:
            flat += hashed(text)
            offsets.append(len(flat))
        make = RMinHash.digest_matrix_from_flat_token_hashes_rho if rho else RMinHash.digest_matrix_from_flat_token_hashes
        return make(flat, offsets, num_perm=permutations, seed=SEED)
    make = RMinHash.digest_matrix_from_token_sets_rho if rho else RMinHash.digest_matrix_from_token_sets
    return make([runs(text) for text in texts], num_perm=permutations, seed=SEED)


def main():
    path, way, permutations, bands, threshold = sys.argv[1:]
    permutations, bands, threshold = int(permutations), int(bands), float(threshold)
    name, *more = way.split("-")
    runs = {"joined": joined, "zipped": zipped, "hashed": hashed}[name]
    with open(path, encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    texts = [document["text"] for document in documents]
    began = perf_counter()
    if "dedup" in more:
        dedup = RMinHashDeduplicator(threshold=threshold, num_perm=permutations, use_lsh=True, num_bands=bands, seed=SEED)
        flags = [not keep for keep in dedup.add_pairs((str(i), runs(text)) for i, text in enumerate(texts))]
    else:
        matrix = matrix_of(texts, runs, "rho" in more, permutations)
        lsh = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands)
        flags = lsh.query_duplicate_flags_matrix_one_shot(matrix)
    seconds = perf_counter() - began
    found = [document["id"] for document, flag in zip(documents, flags) if flag]
    print(json.dumps({"seconds": seconds, "found": found, "version": version("rensa")}))


main()
