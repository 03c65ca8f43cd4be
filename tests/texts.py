"""Models of texts: two data sets made of phrases, and settings of every vectorizer on each."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

PHRASES = (
    "call back now", "FREE prize!", "you have won", "reply STOP", "win 1000 cash", "are you home",
    "see you at 9", "dinner's ready", "the bus is late", "on my way", "claim it NOW;", "thank you",
    "a b c", "not_at_all", "I can't", "ok  ok",
)  # fmt: skip
FAULTS = (
    "pump 7 hums", "Bearing worn", "no fault", "oil LOW", "oil low oil", "valve_3 stuck open",
    "temp=high", "temp=low", "restart", "E42: overheated", "door\topen", "fan: ok",
)  # fmt: skip
N_FIT = 60
ODD = ["", " ", "a", "  a ", "\t\n", "x" * 400, "OIL  low\x1coil_low", "now now\n\n\nnow", "\0 now"]


def told(phrases: Sequence[str], seed: int, count: int) -> list[str]:
    """Texts of one to six phrases each."""
    rng = np.random.default_rng(seed)
    between = (" ", ", ", "  ", "\n", ". ")
    return [
        "".join(
            phrases[rng.integers(len(phrases))] + between[rng.integers(len(between))]
            for _ in range(rng.integers(1, 7))
        )
        for _ in range(count)
    ]


DATA = {"messages": told(PHRASES, 1, N_FIT + 100), "faults": told(FAULTS, 2, N_FIT + 100)}
Maker = Callable[[], Any]

SETTINGS: dict[str, Maker] = {
    "count": CountVectorizer,
    "count_pairs": lambda: CountVectorizer(ngram_range=(1, 3), stop_words="english"),
    "count_one": lambda: CountVectorizer(
        token_pattern=r"(?u)\b\w+\b", lowercase=False, binary=True
    ),
    "count_char": lambda: CountVectorizer(analyzer="char", ngram_range=(1, 4), max_features=150),
    "count_parts": lambda: CountVectorizer(analyzer="char_wb", ngram_range=(2, 6), min_df=2),
    "count_fixed": lambda: CountVectorizer(
        vocabulary={"oil low": 0, "now": 1, "é": 3, "oil": 2}, ngram_range=(1, 2)
    ),
    "count_known": lambda: CountVectorizer(vocabulary=["oil", "now", "you"], stop_words=["you"]),
    "count_stop": lambda: CountVectorizer(stop_words=["you", "oil", "is"], ngram_range=(2, 3)),
    "tfidf": TfidfVectorizer,
    "tfidf_sublinear": lambda: TfidfVectorizer(sublinear_tf=True, norm="l1", smooth_idf=False),
    "tfidf_plain": lambda: TfidfVectorizer(use_idf=False, norm=None, binary=True),
    "tfidf_char": lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)),
    "hashing": lambda: HashingVectorizer(n_features=64),
    "hashing_binary": lambda: HashingVectorizer(
        n_features=37, binary=True, norm=None, analyzer="char", ngram_range=(1, 3)
    ),
    "hashing_unsigned": lambda: HashingVectorizer(
        n_features=128, alternate_sign=False, norm="l1", ngram_range=(1, 2), stop_words="english"
    ),
    "two_steps": lambda: make_pipeline(CountVectorizer(), TfidfTransformer(), LogisticRegression()),
    "bayes": lambda: make_pipeline(CountVectorizer(), MultinomialNB()),
    "complement": lambda: make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), ComplementNB()),
    "machine": lambda: make_pipeline(TfidfVectorizer(analyzer="char_wb"), LinearSVC()),
    "descent": lambda: make_pipeline(HashingVectorizer(n_features=256), SGDClassifier()),
    "semantic": lambda: make_pipeline(TfidfVectorizer(), TruncatedSVD(3), LogisticRegression()),
    "forest": lambda: make_pipeline(CountVectorizer(), RandomForestClassifier(5)),
    "sparse": lambda: make_pipeline(
        CountVectorizer(ngram_range=(1, 2)),
        LogisticRegression(l1_ratio=1.0, solver="liblinear", C=0.3),
    ),
    "union": lambda: make_pipeline(
        make_union(CountVectorizer(), TfidfVectorizer(analyzer="char")), LogisticRegression()
    ),
    "large": lambda: CountVectorizer(vocabulary=many_terms()),
}
NAMES = [f"{setting}_{where}" for setting in SETTINGS for where in DATA]
TOKENS: dict[str, Maker] = {
    "tokens": lambda: FeatureHasher(32, input_type="string"),
    "tokens_few": lambda: FeatureHasher(5, input_type="string", alternate_sign=False),
    "tokens_linear": lambda: make_pipeline(
        FeatureHasher(64, input_type="string"), LogisticRegression()
    ),
}
DICTS: dict[str, Maker] = {
    "dicts": DictVectorizer,
    "dicts_unsorted": lambda: DictVectorizer(sparse=False, sort=False, separator=":"),
    "dicts_linear": lambda: make_pipeline(DictVectorizer(), LogisticRegression(max_iter=500)),
}


def many_terms() -> list[str]:
    """Words of more than 65,535 letters."""
    return [f"{i:x}_of_many_words" for i in range(5000)]


@cache
def fitted(name: str) -> tuple[Any, list[str]]:
    """A model on the first texts of a data set, and the texts that it has not seen."""
    setting, _, where = name.rpartition("_")
    texts = DATA[where]
    classes = np.array(["even", "odd"])[[len(text) % 2 for text in texts[:N_FIT]]]
    estimator = SETTINGS[setting]()
    if hasattr(estimator, "random_state"):
        estimator.set_params(random_state=0)
    for step in getattr(estimator, "named_steps", {}).values():
        if hasattr(step, "random_state"):
            step.set_params(random_state=0)
    return estimator.fit(texts[:N_FIT], classes), texts[N_FIT:]


def of_tokens(where: str) -> list[list[str]]:
    """The words of the texts, as a row of tokens each."""
    return [text.split() for text in DATA[where]]


def of_names(where: str) -> list[dict[str, Any]]:
    """Numbers and words of the texts by name."""
    return [
        {"letters": float(len(text)), "first": text.split()[0], "has_o": "o" in text, "half": 0.5}
        for text in DATA[where]
    ]
