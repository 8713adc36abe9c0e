"""
Feed, challenge and guess in FastAPI: the opponent in `npm run bench -- api`. The same answers as the server's from the same data,
with what is fast in Python: async handlers that call sqlite3 on the loop (no thread hops), uvloop, httptools, plain dicts into the
response models. `RESPONSE_MODELS=off` leaves those models out, which no server with a secret to keep would do, but shows their price.
"""

import json
import os
from typing import Any, List, Optional
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from models import ChallengePage, GuessAnswer, GuessBody, PublicChallenge
from security import Refused, open_cursor, read_token, seal_cursor, sign_blob_url

import store

try:
    import orjson  # noqa: F401
    from fastapi.responses import ORJSONResponse as Answer
except ImportError:
    Answer = JSONResponse

HAS_MODELS = os.environ.get("RESPONSE_MODELS") != "off"
QUICK_CONFIDENCE = 2 / 3
PREFIX = "/api/v1"

app = FastAPI(default_response_class=Answer, openapi_url=None)


class ApiProblem(Exception):
    def __init__(self, status: int, code: str) -> None:
        self.status = status
        self.code = code


@app.exception_handler(ApiProblem)
async def answer_problem(_: Request, problem: ApiProblem) -> JSONResponse:
    body = {"type": f"urn:2t1l:problem:{problem.code}", "status": problem.status, "code": problem.code}
    return JSONResponse(body, problem.status, media_type="application/problem+json")


class Gate:
    """The player behind the token; None without one. The scope is enforced."""

    def __init__(self, scope: str, is_needed: bool) -> None:
        self.scope = scope
        self.is_needed = is_needed

    async def __call__(self, request: Request) -> Optional[str]:
        try:
            claims = read_token(request.headers.get("authorization"))
        except Refused as refused:
            raise ApiProblem(401, str(refused)) from refused
        if claims is None:
            if self.is_needed:
                raise ApiProblem(401, "unauthenticated")
            return None
        if not store.is_session_live(claims["sid"]):
            raise ApiProblem(401, "session_ended")
        if self.scope not in claims["scope"]:
            raise ApiProblem(403, "scope_missing")
        return claims["sub"]


def answer(model: type) -> dict:
    return {"response_model": model} if HAS_MODELS else {"response_model": None}


def send(content: Any, status: int = 200) -> Any:
    """With response models FastAPI checks and serialises the content; without them nothing stands between it and JSON."""
    return content if HAS_MODELS else Answer(content, status)


@app.get(f"{PREFIX}/challenges", **answer(ChallengePage))
async def feed(
    limit: int = Query(20, ge=1, le=50),
    cursor: Optional[str] = Query(None, max_length=200),
    player: Optional[str] = Depends(Gate("read", False)),
) -> Any:
    try:
        after = None if cursor is None else tuple(open_cursor(cursor))
    except Refused as refused:
        raise ApiProblem(400, "invalid_request") from refused
    rows, behind = store.feed_page(player, limit, after)
    items = [public_challenge(row, False) for row in rows]
    return send({"items": items, "next_cursor": None if behind is None else seal_cursor(behind)})


@app.get(f"{PREFIX}/challenges/{{challenge_id}}", **answer(PublicChallenge))
async def challenge(challenge_id: UUID, player: Optional[str] = Depends(Gate("read", False))) -> Any:
    found = store.find_challenge(str(challenge_id))
    if found is None or found["status"] != "published":
        raise ApiProblem(404, "challenge_not_found")
    guessed = player is not None and found["id"] in store.guessed_among(player, [found["id"]])
    return send(public_challenge(found, guessed))


@app.post(f"{PREFIX}/challenges/{{challenge_id}}/guesses", status_code=201, **answer(GuessAnswer))
async def guess(challenge_id: UUID, body: GuessBody, player: str = Depends(Gate("write", True))) -> Any:
    store.begin()
    try:
        content = take_guess(str(challenge_id), body, player)
        store.commit()
    except store.AlreadyGuessed as error:
        store.rollback()
        raise ApiProblem(409, "already_guessed") from error
    except BaseException:
        store.rollback()
        raise
    return send(content, 201)


def take_guess(challenge_id: str, body: GuessBody, player: str) -> dict:
    found = store.find_challenge(challenge_id)
    if found is None or found["status"] != "published":
        raise ApiProblem(404, "challenge_not_found")
    if found["user_id"] == player:
        raise ApiProblem(403, "own_challenge")
    lie = store.find_answer(challenge_id)["lie_index"]
    confidence = QUICK_CONFIDENCE if body.confidence is None else body.confidence
    shares = distribution(body.guess, confidence)
    points = score(shares, lie)
    is_correct = body.guess == lie
    data = {
        "guess": body.guess,
        "confidence": confidence,
        "distribution": shares,
        "hinted": False,
        "response_seconds": None,
    }
    store.insert_response(challenge_id, player, data, points)
    store.count_guess(challenge_id, player, body.guess, is_correct, points)
    answered = store.find_answer(challenge_id)
    picks = [answered["picks_0"], answered["picks_1"], answered["picks_2"]]
    total = sum(picks)
    return {
        "correct": is_correct,
        "score": points,
        "reveal": {
            "challenge_id": challenge_id,
            "lie_index": lie,
            "nonce": answered["nonce"],
            "commitment": found["commitment"],
            "story": found["story"],
            "crowd": {"guesses": total, "shares": [count / total for count in picks]},
            "own": {"guess": body.guess, "confidence": confidence, "correct": is_correct, "score": points},
        },
    }


def distribution(pick: int, confidence: float) -> List[float]:
    rest = (1 - confidence) / 2
    return [confidence if index == pick else rest for index in range(3)]


def score(shares: List[float], lie: int) -> int:
    miss = sum((chance - (1 if index == lie else 0)) ** 2 for index, chance in enumerate(shares))
    return round(100 * (1 - 1.5 * miss))


def public_challenge(row: Any, has_guessed: bool) -> dict:
    return {
        "id": row["id"],
        "author": {"id": row["user_id"], "username": row["username"], "is_house": row["role"] == "house"},
        "status": row["status"],
        "title": row["title"],
        "prompt": row["prompt"],
        "statements": json.loads(row["statements"]),
        "segments": json.loads(row["video_segments"]),
        "video_url": signed(row["merged_video_url"], "video/mp4"),
        "poster_url": signed(row["poster_url"], "image/jpeg"),
        "commitment": row["commitment"],
        "guess_count": row["guess_count"],
        "created_at": row["created_at"],
        "published_at": row["published_at"],
        "has_guessed": has_guessed,
        "is_author": False,
    }


def signed(url: Optional[str], media_type: str) -> Optional[str]:
    return None if url is None else sign_blob_url(url[len("blob:") :], media_type)
