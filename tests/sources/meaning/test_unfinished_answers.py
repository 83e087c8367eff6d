"""Answers that were not finished, and previews, are no answers."""

from __future__ import annotations

import pytest

from tests.sources.conftest import read


@pytest.mark.parametrize(
    ("header", "kept", "gone"),
    [("Finished", "True", "False"), ("Finished", "1", "0"),
     ("DistributionChannel", "anonymous", "preview"), ("Status", "IP Address", "Survey Preview"),
     ("Response Type", "IP Address", "Spam")],
)  # fmt: skip
def test_qualtrics_says_so_in_a_column(header: str, kept: str, gone: str) -> None:
    text = f"date,score,{header}\n2024-01-02,9,{kept}\n2024-01-02,7,{gone}\n2024-01-03,8,{kept}\n"
    loaded = read("surveys", text)
    assert loaded.frame["score"].to_list() == [9, 8]
    assert (loaded.audit.excluded, loaded.audit.rejected) == (1, 0)
    assert [str(short) for short in loaded.audit.left_out] == [
        f"1 unfinished or previews ({header}: {gone})"
    ]


def test_limesurvey_leaves_the_date_blank() -> None:
    text = "id,submitdate,lastpage,startlanguage,score\n1,2024-01-02,3,en,9\n2,,1,en,7\n"
    loaded = read("surveys", text)
    assert (loaded.audit.used, loaded.audit.excluded, loaded.audit.rejected) == (1, 1, 0)


def test_a_blank_date_of_others_is_a_reject() -> None:
    loaded = read("surveys", "id,submitdate,score\n1,2024-01-02,9\n2,,7\n")
    assert (loaded.audit.excluded, loaded.audit.rejected) == (0, 1)


def test_a_column_that_the_user_filters_by_is_theirs() -> None:
    text = "date,score,Finished\n2024-01-02,9,True\n2024-01-02,7,False\n"
    loaded = read("surveys", text, where={"Finished": ("False", "True")})
    assert loaded.audit.used == 2


def test_nothing_is_left_out_of_a_plain_file() -> None:
    loaded = read("surveys", "date,score,status\n2024-01-02,9,sent\n2024-01-02,7,open\n")
    assert (loaded.audit.used, loaded.audit.left_out) == (2, [])
