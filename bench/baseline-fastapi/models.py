"""What crosses the wire: requests are strict, answers are allow-lists. Runs on pydantic 1 and 2."""

from typing import List, Literal, Optional
from uuid import UUID

from pydantic import BaseModel, Field

SegmentIndex = Literal[0, 1, 2]


class GuessBody(BaseModel):
    class Config:
        extra = "forbid"

    guess: SegmentIndex
    confidence: Optional[float] = Field(None, ge=1 / 3, le=1)


class Author(BaseModel):
    id: UUID
    username: str
    is_house: bool


class Segment(BaseModel):
    start_seconds: float = Field(..., ge=0)
    end_seconds: float = Field(..., ge=0)


class PublicChallenge(BaseModel):
    id: UUID
    author: Author
    status: Literal["draft", "processing", "ready", "published", "failed", "held", "hidden", "removed"]
    title: str
    prompt: Optional[str]
    statements: List[Optional[str]] = Field(...)
    segments: List[Segment]
    video_url: Optional[str]
    poster_url: Optional[str]
    commitment: Optional[str]
    guess_count: int
    created_at: str
    published_at: Optional[str]
    has_guessed: bool
    is_author: Literal[False]


class ChallengePage(BaseModel):
    items: List[PublicChallenge]
    next_cursor: Optional[str]


class Crowd(BaseModel):
    guesses: int
    shares: List[float]


class OwnGuess(BaseModel):
    guess: SegmentIndex
    confidence: float
    correct: bool
    score: int


class Reveal(BaseModel):
    challenge_id: UUID
    lie_index: SegmentIndex
    nonce: str
    commitment: str
    story: Optional[str]
    crowd: Crowd
    own: Optional[OwnGuess]


class GuessAnswer(BaseModel):
    correct: bool
    score: int
    reveal: Reveal
