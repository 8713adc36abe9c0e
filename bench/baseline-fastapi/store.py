"""The same queries as the server's on the same schema. One connection: sqlite3 keeps its prepared statements."""

import json
import os
import sqlite3
import time
from datetime import datetime, timezone
from typing import Dict, List, Optional, Set, Tuple
from uuid import uuid4

SCAN_MAX = 1000
SPARE = 10
SESSION_TTL_SECONDS = 5
PICKS = ("picks_0", "picks_1", "picks_2")

COLUMNS = """c.id, c.user_id, c.title, c.prompt, c.story, c.statements, c.audience, c.status, c.video_segments,
 c.merged_video_url, c.poster_url, c.commitment, c.guess_count, c.created_at, c.published_at, u.username, u.role"""
AUTHORED = f"select {COLUMNS} from challenges c join users u on u.id = c.user_id"
FEED = f"""{AUTHORED} where c.status = 'published' and c.audience = 'public' %s
 order by c.published_at desc, c.id desc limit ?"""

db = sqlite3.connect(os.environ["DATABASE"], isolation_level=None, cached_statements=500)
db.row_factory = sqlite3.Row
db.execute("pragma journal_mode = wal")
db.execute("pragma synchronous = normal")
db.execute("pragma foreign_keys = on")
db.execute("pragma cache_size = -4000")
db.execute("pragma wal_autocheckpoint = 16000")

_live_until: Dict[str, float] = {}


class AlreadyGuessed(Exception):
    pass


def is_session_live(session_id: str) -> bool:
    """Believed for a moment, as the server does."""
    now = time.monotonic()
    if _live_until.get(session_id, 0) > now:
        return True
    row = db.execute("select ended_at from sessions where id = ?", (session_id,)).fetchone()
    if row is None or row["ended_at"] is not None:
        return False
    _live_until[session_id] = now + SESSION_TTL_SECONDS
    return True


def feed_page(
    player_id: Optional[str], limit: int, after: Optional[Tuple[str, str]]
) -> Tuple[List[sqlite3.Row], Optional[Tuple[str, str]]]:
    """Public challenges, newest first, without the player's own and guessed ones, and where the next page begins."""
    items: List[sqlite3.Row] = []
    step = limit + SPARE
    for _ in range(0, SCAN_MAX, step):
        if after is None:
            rows = db.execute(FEED % "", (step,)).fetchall()
        else:
            rows = db.execute(FEED % "and (c.published_at, c.id) < (?, ?)", (*after, step)).fetchall()
        guessed = guessed_among(player_id, [row["id"] for row in rows]) if player_id else set()
        for row in rows:
            if len(items) == limit:
                return items, after
            if row["user_id"] != player_id and row["id"] not in guessed:
                items.append(row)
            after = (row["published_at"], row["id"])
        if len(rows) < step:
            return items, None
    return items, after


def guessed_among(player_id: str, ids: List[str]) -> Set[str]:
    if not ids:
        return set()
    marks = ",".join("?" * len(ids))
    rows = db.execute(
        f"select challenge_id from challenge_responses where user_id = ? and challenge_id in ({marks})", (player_id, *ids)
    )
    return {row["challenge_id"] for row in rows}


def find_challenge(challenge_id: str) -> Optional[sqlite3.Row]:
    return db.execute(f"{AUTHORED} where c.id = ?", (challenge_id,)).fetchone()


def find_answer(challenge_id: str) -> sqlite3.Row:
    return db.execute(
        "select lie_index, nonce, picks_0, picks_1, picks_2 from answers where challenge_id = ?", (challenge_id,)
    ).fetchone()


def begin() -> None:
    db.execute("begin immediate")


def commit() -> None:
    db.execute("commit")


def rollback() -> None:
    db.execute("rollback")


def insert_response(challenge_id: str, player_id: str, data: dict, score: int) -> None:
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    try:
        db.execute(
            "insert into challenge_responses (id, challenge_id, user_id, guess_data, score, created_at) values (?, ?, ?, ?, ?, ?)",
            (str(uuid4()), challenge_id, player_id, json.dumps(data), score, now),
        )
    except sqlite3.IntegrityError as error:
        raise AlreadyGuessed from error


def count_guess(challenge_id: str, player_id: str, guess: int, correct: bool, score: int) -> None:
    """One guess more in the challenge's tallies and in the player's totals."""
    column = PICKS[guess]
    db.execute(f"update answers set {column} = {column} + 1 where challenge_id = ?", (challenge_id,))
    db.execute("update challenges set guess_count = guess_count + 1 where id = ?", (challenge_id,))
    db.execute(
        "update users set guess_count = guess_count + 1, correct_count = correct_count + ?, score_sum = score_sum + ? where id = ?",
        (int(correct), score, player_id),
    )
