"""Access tokens, signed addresses and cursors, under the same keys as the server's own."""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Dict, List, Optional, Tuple
from urllib.parse import urlencode

import jwt

KEY_ID = os.environ["KEY_ID"]
TOKEN_KEY = bytes.fromhex(os.environ["TOKEN_KEY"])
BLOB_KEY = bytes.fromhex(os.environ["BLOB_KEY"])
CURSOR_KEY = bytes.fromhex(os.environ["CURSOR_KEY"])

SLOT_SECONDS = 6 * 3600
CACHED_TOKENS = 10_000

_verified: Dict[str, dict] = {}


class Refused(Exception):
    pass


def read_token(header: Optional[str]) -> Optional[dict]:
    """The claims of a good token, None without one; a token that was verified before is only held against the clock."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("token_invalid")
    claims = _verified.get(token)
    if claims is None:
        try:
            claims = jwt.decode(
                token, TOKEN_KEY, algorithms=["HS256"], options={"require": ["sub", "sid", "exp", "iat", "scope"]}
            )
        except jwt.PyJWTError as error:
            raise Refused("token_invalid") from error
        if len(_verified) >= CACHED_TOKENS:
            _verified.pop(next(iter(_verified)))
        _verified[token] = claims
    if claims["exp"] <= time.time():
        raise Refused("token_expired")
    return claims


def sign_blob_url(digest: str, media_type: str) -> str:
    offset = int(digest[:6], 16) % SLOT_SECONDS
    exp = (int(time.time() - offset) // SLOT_SECONDS + 2) * SLOT_SECONDS + offset
    mac = hmac.digest(BLOB_KEY, f"{digest}\n{media_type}\n{exp}".encode(), "sha256")
    query = urlencode({"type": media_type, "exp": exp, "kid": KEY_ID, "sig": _text(mac)})
    return f"/api/v1/blobs/{digest}?{query}"


def seal_cursor(key: Tuple[str, str]) -> str:
    body = _text(json.dumps(key, separators=(",", ":")).encode())
    return f"{body}.{KEY_ID}.{_text(_cursor_mac(body))}"


def open_cursor(cursor: str) -> List[str]:
    try:
        body, key_id, mac = cursor.split(".")
        if key_id != KEY_ID or not hmac.compare_digest(_text(_cursor_mac(body)), mac):
            raise ValueError("signature")
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError as error:
        raise Refused("invalid_request") from error


def _cursor_mac(body: str) -> bytes:
    return hmac.new(CURSOR_KEY, f"feed.{body}".encode(), hashlib.sha256).digest()[:16]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
