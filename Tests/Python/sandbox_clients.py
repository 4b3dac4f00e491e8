#!/usr/bin/env python3
"""Drives a running sandbox with the official `openai` and `replicate` clients.

Usage: sandbox_clients.py BASE_URL        for instance http://127.0.0.1:8089

Needs: pip install openai replicate pillow. The sandbox should run at a speed of ten or more, or this takes minutes.
Prints one line per claim; ends with status 1 when one does not hold.
"""
import base64
import io
import json
import sys
import time
import urllib.error
import urllib.request

import openai
import replicate
from PIL import Image

BASE = sys.argv[1].rstrip("/") if len(sys.argv) == 2 else sys.exit(__doc__)
FLUX = "black-forest-labs/flux-schnell"
IDEOGRAM = "ideogram-ai/ideogram-v2a-turbo"

client = openai.OpenAI(api_key="sk-sandbox", base_url=BASE + "/v1", max_retries=0, timeout=60)
images = replicate.Client(api_token="r8_sandbox", base_url=BASE)
failures = 0


def claim(text, holds, seen=""):
    global failures
    failures += not holds
    print(("ok    " if holds else "FAIL  ") + text + ("" if holds else f": {seen!r}"), flush=True)


def strict(**properties):
    """An object of a strict schema."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def raises(kind, call):
    """The exception of this kind that the call raises; None when it raises none."""
    try:
        call()
    except kind as error:
        return error
    return None


def ask(model="sandbox-small", content="Say a word about tea", **options):
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": content}], **options
    )


def fetch(url):
    with urllib.request.urlopen(url) as response:
        return response.read()


def set_faults(rules):
    request = urllib.request.Request(
        BASE + "/sandbox/faults", method="PUT", data=json.dumps(rules).encode()
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
IDEAS = strict(
    ideas={"type": "array", "items": strict(title=TEXT, why=TEXT, audience=TEXT, format=TEXT, keywords=TEXTS)}
)
ARTICLE = strict(
    title=TEXT, slug=TEXT, excerpt=TEXT, body=TEXT, metaDescription=TEXT, tags=TEXTS, imagePrompt=TEXT, altText=TEXT
)


def schema(name, schema):
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def completions():
    answer = ask(
        content="Subject: sourdough starter\nLanguage: en",
        response_format=schema("ideas", IDEAS),
        max_completion_tokens=2000,
    )
    ideas = json.loads(answer.choices[0].message.content)["ideas"]
    claim("ideas: five with different titles", len({idea["title"] for idea in ideas}) == 5, ideas)
    claim("ideas: about 2,000 tokens", 1800 <= answer.usage.total_tokens <= 2200, answer.usage)

    answer = ask(
        content="Subject: linen apron\nTitle: The last apron you buy\nWords: 700\nFact: Material: washed linen",
        response_format=schema("article", ARTICLE),
        max_completion_tokens=6000,
    )
    article = json.loads(answer.choices[0].message.content)
    claim("article: the chosen title", article["title"] == "The last apron you buy", article["title"])
    claim("article: about as long as asked", 630 <= len(article["body"].split()) <= 800, len(article["body"].split()))
    claim("article: uses the fact", "washed linen" in article["body"])
    claim("article: is marked", "Sandbox text" in article["body"])
    claim("article: about 4,000 tokens", 3600 <= answer.usage.total_tokens <= 4400, answer.usage)

    raw = client.chat.completions.with_raw_response.create(
        model="sandbox-small", messages=[{"role": "user", "content": "hello"}]
    )
    claim("headers: the limits are told", int(raw.headers["x-ratelimit-remaining-requests"]) > 0, raw.headers)
    claim("headers: a request id", raw.parse()._request_id.startswith("req_"))

    parsed = client.chat.completions.parse(
        model="sandbox-small",
        messages=[{"role": "user", "content": "a note about tea"}],
        response_format=schema("note", strict(title=TEXT, stars={"type": "integer"})),
    )
    claim("any schema is answered", isinstance(json.loads(parsed.choices[0].message.content)["stars"], int))


def streaming():
    chunks = list(ask(stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    claim("stream: the same text as in one piece", text == ask().choices[0].message.content, text)
    claim("stream: usage at the end", chunks[-1].usage.total_tokens > 0 and not chunks[-1].choices)
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
    claim("stream: a finish reason", reasons[-1] == "stop", reasons)


def responses():
    answer = client.responses.create(model="sandbox-small", input="Say a word about tea")
    claim("responses: the same text as a chat completion", answer.output_text == ask().choices[0].message.content)
    claim("responses: usage", answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens)
    answer = client.responses.create(
        model="gpt-6-luna",
        instructions="You find ideas.",
        input=[{"role": "user", "content": "Subject: sourdough starter"}],
        text={"format": {"type": "json_schema", "name": "ideas", "strict": True, "schema": IDEAS}},
        reasoning={"effort": "low"},
        max_output_tokens=2000,
    )
    claim("responses: five ideas", len(json.loads(answer.output_text)["ideas"]) == 5, answer.output_text)
    events = list(client.responses.create(model="sandbox-small", input="Say a word about tea", stream=True))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    claim("responses: streamed", text == ask().choices[0].message.content, text)
    claim("responses: the stream's end", events[-1].type == "response.completed", events[-1].type)
    claim("responses: numbered", [event.sequence_number for event in events] == list(range(len(events))))
    error = raises(openai.BadRequestError, lambda: client.responses.create(model="gpt-6-luna", input="x", temperature=0.2))
    claim("400: no temperature for a model that reasons", error and error.code == "unsupported_value", error)
    error = raises(openai.BadRequestError, lambda: client.responses.create(model="gpt-6-luna", input="x", max_output_tokens=2))
    claim("400: fewer tokens than can be", error and error.param == "max_output_tokens", error)


def models():
    names = [model.id for model in client.models.list()]
    claim("models: listed", "sandbox-small" in names, names)
    claim("models: one", client.models.retrieve("gpt-4o-mini").id == "gpt-4o-mini")
    claim("models: a retired one is gone", raises(openai.NotFoundError, lambda: client.models.retrieve("gpt-4")))


def errors():
    error = raises(openai.RateLimitError, lambda: ask("sbx-429"))
    claim("429: rate limit with Retry-After", error and error.response.headers["retry-after"] == "1", error)
    claim("429: its code", error and error.code == "rate_limit_exceeded", error)
    error = raises(openai.RateLimitError, lambda: ask("sbx-429-bare"))
    claim("429: without Retry-After", error and "retry-after" not in error.response.headers, error)
    error = raises(openai.RateLimitError, lambda: ask("sbx-429-quota"))
    claim("429: quota used up", error and error.code == "insufficient_quota", error)
    claim("500", raises(openai.InternalServerError, lambda: ask("sbx-500")))
    error = raises(openai.InternalServerError, lambda: ask("sbx-502"))
    claim("502: a page of HTML", error and error.response.text.startswith("<html>"), error)
    claim("503", raises(openai.InternalServerError, lambda: ask("sbx-503")))
    claim("404: no such model", raises(openai.NotFoundError, lambda: ask("gpt-4-turbo")))
    claim("half a body: connection error", raises(openai.APIConnectionError, lambda: ask("sbx-half-body")))
    hanging = lambda: client.with_options(timeout=1).chat.completions.create(
        model="sbx-hang", messages=[{"role": "user", "content": "x"}]
    )
    claim("hang: time-out", raises(openai.APITimeoutError, hanging))
    claim("refusal", ask("sbx-refusal").choices[0].message.refusal)
    claim("length", ask("sbx-length").choices[0].finish_reason == "length")
    claim("content filter", ask("sbx-content-filter").choices[0].finish_reason == "content_filter")
    open_schema = {"type": "object", "properties": {"title": TEXT}}
    error = raises(openai.BadRequestError, lambda: ask(response_format=schema("note", open_schema)))
    claim("400: a schema that is not strict", error and error.param == "response_format", error)
    error = raises(openai.BadRequestError, lambda: ask(extra_body={"nonsense": 1}))
    claim("400: an unknown parameter", error and error.code == "unknown_parameter", error)
    stranger = openai.OpenAI(api_key="sk-invalid", base_url=BASE + "/v1", max_retries=0)
    claim("401", raises(openai.AuthenticationError, lambda: stranger.models.list()))
    set_faults([{"when": {"operation": "chat", "nth": 1}, "fault": "server_error"}])
    patient = client.with_options(max_retries=2).chat.completions.create(
        model="sandbox-small", messages=[{"role": "user", "content": "again"}]
    )
    claim("a scripted error strikes once, and a retry succeeds", patient.choices[0].message.content)
    set_faults([])


def predictions():
    prompt = {"prompt": "a jar of sourdough starter on a window sill", "aspect_ratio": "16:9"}
    prediction = images.predictions.create(version=FLUX, input=prompt)
    claim("prediction: starts", prediction.status == "starting", prediction.status)
    prediction.wait()
    claim("prediction: succeeds", prediction.status == "succeeded", prediction.status)
    claim("prediction: a list of links", isinstance(prediction.output, list), prediction.output)
    data = fetch(prediction.output[0])
    picture = Image.open(io.BytesIO(data))
    picture.load()
    claim("picture: 1024x576", picture.size == (1024, 576), picture.size)
    claim("picture: less than 200 KB", len(data) < 200_000, len(data))
    claim("prediction: found again", images.predictions.get(prediction.id).id == prediction.id)
    claim("predictions: listed", prediction.id in [each.id for each in images.predictions.list()])

    canceled = images.predictions.create(model=FLUX, input=prompt)
    canceled.cancel()
    canceled.reload()
    claim("prediction: canceled", canceled.status == "canceled", canceled.status)

    waited = images.predictions.create(version=IDEOGRAM, input=prompt, wait=20)
    claim("prediction: waited for", waited.status == "succeeded", waited.status)
    claim("prediction: a single link from ideogram", isinstance(waited.output, str), waited.output)

    # The client wraps https links only; the sandbox's own are plain.
    links = images.run(FLUX, input={"prompt": "tea", "num_outputs": 2})
    sizes = [Image.open(io.BytesIO(fetch(link))).size for link in links]
    claim("run: two files", sizes == [(1024, 576)] * 2, sizes)

    error = raises(replicate.exceptions.ReplicateError, lambda: images.predictions.create(version=FLUX, input={}))
    claim("422: no prompt", error and error.status == 422, error)
    set_faults([{"when": {"operation": "image.create", "nth": 1}, "fault": "image_flagged"}])
    flagged = images.predictions.create(version=FLUX, input=prompt)
    flagged.wait()
    claim("flagged as sensitive", flagged.status == "failed" and "E005" in flagged.error, flagged.error)
    set_faults([{"when": {"operation": "image.create"}, "fault": "rate_limited", "retryAfter": 30}])
    error = raises(replicate.exceptions.ReplicateError, lambda: images.predictions.create(version=FLUX, input=prompt))
    claim("429: throttled", error and error.status == 429 and "resets in" in error.detail, error)
    set_faults([])
    claim("account", images.accounts.current().username == "sandbox")
    claim("webhook secret", images.webhooks.default.secret().key.startswith("whsec_"))


def generations():
    answer = client.images.generate(model="gpt-image-2", prompt="a tea pot", size="1024x1024")
    picture = Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json)))
    claim("image generation: in base64", picture.size == (1024, 1024), picture.size)


def control():
    with urllib.request.urlopen(BASE + "/sandbox/stats") as response:
        stats = json.load(response)
    claim("stats: calls are counted", stats["calls"] > 20 and stats["byOperation"]["article"]["calls"] >= 1, stats)
    with urllib.request.urlopen(BASE + "/sandbox/calls?limit=10") as response:
        calls = json.load(response)
    claim("calls: told in order", [call["number"] for call in calls] == list(range(1, 11)), calls)
    try:
        set_faults([{"fault": "nonsense"}])
        claim("a bad fault script is refused", False)
    except urllib.error.HTTPError as error:
        claim("a bad fault script is refused", error.code == 400 and "bad_faults" in error.read().decode())


started = time.monotonic()
for part in (completions, streaming, responses, models, errors, predictions, generations, control):
    part()
print(f"{failures} failures, {time.monotonic() - started:.1f} s")
sys.exit(1 if failures else 0)
