"""What a page shows around a notebook, made safe; what of a job makes it another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aftershock import load
from aftershock.rendering.job import Job, ReportPage
from aftershock.rendering.page_shell import Link


def test_a_cleaned_page_has_no_unseen_characters_and_no_unsafe_links():
    links = [
        ("All\u202e reports", "../index.html"),
        Link("next", "b.html", "next", "Next: b"),
        ("run", "javascript:alert(1)"),
        ("data", "data:text/html,x"),
        ("here", ""),
    ]
    page = ReportPage("Ti\x00tle", subtitle="\u202esub", links=links, generator="Made\x1b here", audience="public")
    clean = page.cleaned()
    assert (clean.title, clean.subtitle, clean.generator) == ("Title", "sub", "Made here")
    assert [(link.text, link.href) for link in clean.links] == [
        ("All reports", "../index.html"),
        ("next", "b.html"),
        ("run", ""),
        ("data", ""),
        ("here", ""),
    ]
    assert clean.audience == "public" and clean.cleaned() == clean


def test_jobs_are_the_same_whether_or_not_their_dataset_was_read(write):
    job = Job("small", "incident", "i1", "t", Path("n.ipynb"), {"a": 1}, Path("t.html"), ReportPage("t"))
    read = replace(job, dataset=load(write()))
    assert read == job and "Dataset" not in repr(read)
    assert replace(job, reading="x") != job
