"""Texts that are awkward to read."""

from hypothesis import strategies as st

# Letters of several scripts and everything that feeds do to them.
AWKWARD = st.text(
    st.sampled_from(
        "abzIS ëéñß\u0308\u0301\u00ad\u200b\u200d\ufeff'’\u02bc`-\u2010–—&;#xamp\u00a0\u202f\n"
        "\0.,_0½²œł\u0131😀漢\ud800"
    ),
    max_size=60,
)
