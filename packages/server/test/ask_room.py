"""Asks a room with PyPI's `openai` client, whole and as a stream, as its users would.

    python ask_room.py BASE_URL KEY MODEL QUESTION

Prints one JSON object: what the client's own types gave of the message.
"""

import json
import sys

import openai

base_url, key, model, question = sys.argv[1:]
client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0)
asked = {"model": model, "messages": [{"role": "user", "content": question}]}

message = client.chat.completions.create(**asked).choices[0].message
whole = {
    "content": message.content,
    "annotations": [
        {
            "type": each.type,
            "text": message.content[each.url_citation.start_index : each.url_citation.end_index],
            "title": each.url_citation.title,
            "url": each.url_citation.url,
        }
        for each in message.annotations or []
    ],
}

content, annotations, finish = "", [], None
for chunk in client.chat.completions.create(**asked, stream=True):
    for choice in chunk.choices:
        content += choice.delta.content or ""
        annotations += (choice.delta.model_extra or {}).get("annotations", [])
        finish = choice.finish_reason or finish

try:
    client.chat.completions.create(**asked, n=2)
    refused = None
except openai.BadRequestError as error:
    refused = {"code": error.code, "param": error.param}

print(
    json.dumps(
        {
            "models": [each.id for each in client.models.list()],
            "whole": whole,
            "streamed": {"content": content, "annotations": len(annotations), "finish": finish},
            "refused": refused,
        }
    )
)
