"""Records that are no events, or nearly are: what may lie on a topic that anybody else writes to."""

import gzip
import json
from typing import Any

from hypothesis import strategies as st

from shared.events.catalogue import EVENTS
from tests.unit.events.samples import golden, paths, put, raw, without

_NAMES = [event.__name__ for event in EVENTS]
_DEEP = (100, 900, 5_000, 60_000)
_DIGITS = (20, 400, 4_299, 5_000)
_ODD: tuple[Any, ...] = (None, True, -1, 0.5, "", "\ud800", "x" * 2_001, [], [[]], {}, 2**63, 10**400)
_ODD += (float("nan"), float("inf"), "2030-13-01T00:00:00.000Z", "\x00", {"$gt": ""}, -(2**63) - 1)

samples = st.sampled_from(_NAMES).map(golden)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(_ODD),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A sample with one value replaced by another, anywhere."""
    sample = draw(samples)
    return raw(put(sample, draw(st.sampled_from(list(paths(sample)))), draw(anything)))


@st.composite
def shortened(draw: st.DrawFn) -> bytes:
    """A sample without one of its members."""
    sample = draw(samples)
    return raw(without(sample, draw(st.sampled_from(list(paths(sample))))))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample cut off, or with bytes of it replaced."""
    value = raw(draw(samples))
    at = draw(st.integers(0, len(value)))
    noise = draw(st.none() | st.binary(min_size=1, max_size=8))
    return value[:at] if noise is None else value[:at] + noise + value[at + len(noise) :]


@st.composite
def said_twice(draw: st.DrawFn) -> bytes:
    """A sample that has one member of its envelope twice."""
    sample = draw(samples)
    name = draw(st.sampled_from(sorted(sample)))
    return b"{" + json.dumps(name).encode() + b": " + raw(draw(anything)) + b", " + raw(sample)[1:]


@st.composite
def nested(draw: st.DrawFn) -> bytes:
    """A sample whose data, or a member of them, is nested deeply."""
    sample, depth = draw(samples), draw(st.sampled_from(_DEEP))
    before, after = draw(st.sampled_from([(b"[", b"]"), (b'{"a":', b"}")]))
    name = draw(st.sampled_from(["data", *sample["data"]]))
    deep = before * depth + b"1" + after * depth
    spoilt = {**sample, name: "DEEP"} if name == "data" else {**sample, "data": {**sample["data"], name: "DEEP"}}
    return raw(spoilt).replace(b'"DEEP"', deep)


@st.composite
def enormous(draw: st.DrawFn) -> bytes:
    """A sample with a number of very many digits."""
    sample, digits = draw(samples), draw(st.sampled_from(_DIGITS))
    path = draw(st.sampled_from(list(paths(sample))))
    return raw(put(sample, path, "HUGE")).replace(b'"HUGE"', b"9" * digits)


poison = st.one_of(
    st.binary(max_size=200),
    anything.map(lambda value: json.dumps(value).encode()),
    changed(),
    shortened(),
    damaged(),
    said_twice(),
    nested(),
    enormous(),
    samples.map(lambda sample: gzip.compress(raw(sample), mtime=0)),
    samples.map(lambda sample: raw({**sample, "type": f"{sample['type']}0"})),
    samples.map(lambda sample: raw(sample) + b" " * 1_000_001),
    samples.map(lambda sample: json.dumps(sample).encode("utf-16")),
    samples.map(lambda sample: b"\xef\xbb\xbf" + raw(sample)),
    st.sampled_from([b"", b"null", b"NaN", b'"\\ud800"', b"{}", b"[" * 100_000, b"\x1f\x8b\x08\x00", b"\x00" * 64]),
)
keys = st.text(max_size=6) | st.sampled_from(["", "x" * 3_000, "\ufffd"])
