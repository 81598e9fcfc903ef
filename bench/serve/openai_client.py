"""Runs the cases of openai-conformance.json with PyPI's `openai` client, as its users would.

    python openai_client.py CASES BASE_URL KEY LIMITED_KEY

Prints one JSON object: what was observed for each case, by its name. What it should be, the caller judges; the npm
client's twin is packages/server/test/conformance-client.ts.
"""

import json
import sys

import openai


def dump(thing):
    return thing.model_dump() if thing is not None else None


def read_stream(stream, kind):
    choices, usage, lucie, entries = {}, None, None, []
    for chunk in stream:
        if getattr(chunk, "usage", None):
            usage = dump(chunk.usage)
        lucie = (chunk.model_extra or {}).get("lucie") or lucie
        for choice in chunk.choices:
            state = choices.setdefault(choice.index, {"text": "", "finish": None})
            state["text"] += (choice.delta.content if kind == "chat" else choice.text) or ""
            state["finish"] = choice.finish_reason or state["finish"]
            if kind == "chat" and choice.logprobs and choice.logprobs.content:
                entries += [dump(entry) for entry in choice.logprobs.content]
    ordered = [choices[index] for index in sorted(choices)]
    return {
        "texts": [choice["text"] for choice in ordered],
        "finish": [choice["finish"] for choice in ordered],
        "usage": usage,
        "lucie": lucie,
        "entries": entries,
    }


def read_whole(answer, kind):
    logprobs = answer.choices[0].logprobs if kind == "chat" else None
    return {
        "texts": [choice.message.content if kind == "chat" else choice.text for choice in answer.choices],
        "finish": [choice.finish_reason for choice in answer.choices],
        "usage": dump(answer.usage),
        "lucie": (answer.model_extra or {}).get("lucie"),
        "entries": [dump(entry) for entry in logprobs.content] if logprobs and logprobs.content else [],
    }


def abort(stream, after):
    seen = 0
    for _ in stream:
        seen += 1
        if seen == after:
            break
    stream.close()
    return {"aborted": seen == after}


def call(client, case):
    kind = case["call"]
    params = {"model": "tiny", **case.get("params", {})}
    if "repeat_content" in case:
        for message in params["messages"]:
            message["content"] *= case["repeat_content"]
    if "extra" in case:
        params["extra_body"] = case["extra"]
    if kind == "models":
        return {"ids": [model.id for model in client.models.list()]}
    if kind == "model":
        return {"id": client.models.retrieve(params["model"]).id}
    if kind == "embedding":
        return {"vectors": [item.embedding for item in client.embeddings.create(**params).data]}
    endpoint = client.chat.completions if kind == "chat" else client.completions
    answer = endpoint.create(**params)
    if "abort_after" in case:
        return abort(answer, case["abort_after"])
    return read_stream(answer, kind) if params.get("stream") else read_whole(answer, kind)


def observe(client, case):
    try:
        first = call(client, case)
        if not case.get("twice"):
            return first
        second = call(client, case)
        return {**second, "repeated": first.get("texts") == second.get("texts")}
    except openai.APIStatusError as error:
        return {
            "error": type(error).__name__,
            "status": error.status_code,
            "code": error.code,
            "param": error.param,
            "sentence": (error.body or {}).get("message"),
        }


def main():
    cases_path, base_url, key, limited = sys.argv[1:]
    with open(cases_path, encoding="utf8") as file:
        cases = json.load(file)
    observed = {}
    for case in cases:
        used = limited if case.get("key") == "limited" else case.get("key", key)
        with openai.OpenAI(base_url=base_url, api_key=used, max_retries=0) as client:
            observed[case["name"]] = observe(client, case)
    json.dump(observed, sys.stdout)


main()
