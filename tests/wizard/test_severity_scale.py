"""The order of severities: words before numbers, whole phrases, the tools' own ladders; what nothing tells is asked."""

from __future__ import annotations

import random

import pytest

from aftershock.wizard.guess import NOT_KNOWN
from aftershock.wizard.severity_scale import ordered

SCHEMES = """
Critical > Major > Minor > Warning > Info
致命的 > 重大 > 普通 > 軽微
最優先 > 優先 > 通常
大 > 中 > 小
重大故障 > 一般故障 > 轻微故障
매우 높음 > 높음 > 보통 > 낮음
Acil > Yüksek > Normal > Düşük
R > A > G
Business-critical system down > Production system down > Production system impaired > System impaired > General guidance
Highest > High > Medium > Low > Lowest
Urgent > High > Normal > Low
Major > Very high > High > Medium > Low > Very low
Disaster > High > Average > Warning > Information > Not classified
emergency > alert > critical > error > warning > notice > info > debug
CRITICAL > WARNING > UNKNOWN > OK
5 very high > 4 high > 3 normal > 2 low > 1 very low
SEV1 > SEV2 > SEV3 > UNSET
MAJOR_OUTAGE > PARTIAL_OUTAGE > DEGRADED_PERFORMANCE > OPERATIONAL
critical > major > minor > warning > cleared
Level 3 (severe) > Level 2 (moderate) > Level 1 (minor)
Blocker > Critical > Major > Minor > Trivial
Très haute > Haute > Moyenne > Basse
kritisch > hoch > mittel > gering
High > Medium-High > Medium > Low
P1 - Critical > P2 - Critical > P3 - High
Class I > Class II > Class III
Критический > Высокий > Низкий
kritiek > hoog > middel > laag
SEV1 > SEV2 > SEV3 > GAMEDAY > MAINTENANCE
Total > Partial > Minor
Level 5 (critical) > Level 4 > Level 3 > Level 2 > Level 1 (info)
Stage 1 - severe > Stage 2 > Stage 3
Grade 4 (worst: fatal) > Grade 3 > Grade 2
VH > H > M > L
Majoroutage > Minoroutage > Degradedperformance > Operational
All users > Many users > Some users > Single user
特别重大 > 重大 > 较大 > 一般
긴급 > 높음 > 보통 > 낮음
Nghiêm trọng > Cao > Trung bình > Thấp
Kritikus > Magas > Közepes > Alacsony
Gravíssimo > Grave > Moderado > Leve
Global > Regional > Local
A - Critical > B - Moderate > C - Minimal
Full outage > Partial outage > Degraded performance > No impact
"""


@pytest.mark.parametrize("scheme", SCHEMES.strip().splitlines())
def test_the_default_schemes_of_tools_and_people_are_known_in_any_order(scheme):
    grades = scheme.split(" > ")
    for seed in range(3):
        found, guess = ordered(random.Random(seed).sample(grades, len(grades)))
        assert (found, guess.sure >= 0.75) == (grades, True)


@pytest.mark.parametrize(
    "grades",
    [
        ["gold", "silver", "tin"],
        ["1", "2", "3"],
        ["> 50% users", "10-50% users", "< 10% users"],
        ["一级", "二级", "三级"],
        ["Level 1", "Level 2"],
        ["Stage 1", "Stage 6"],
        ["Category 1", "Category 5"],
        ["Level 3 (major)", "Level 2 (minor)", "Level 1 (critical)", "Level 4"],
        ["Level 3", "Level 2 (medium)", "Level 1"],
        ["serious", "grim", "low"],
    ],
)
def test_what_neither_words_nor_a_ladder_tell_is_asked(grades):
    assert NOT_KNOWN in ordered(grades)[1].why


def test_numbers_outdo_the_words_of_two_grades():
    grades = ["4 - Low", "1 - Critical", "5 - Normal", "2 - High", "3 - Moderate"]
    found, guess = ordered(grades)
    assert found == ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low", "5 - Normal"]
    assert guess.why == "their numbers; by its word '5 - Normal' would be worse than '4 - Low'"
    assert ordered(["3 low", "1 high", "2 medium"])[0] == ["1 high", "2 medium", "3 low"]


def test_sizes_of_an_impact_are_ordered_in_several_languages():
    for worst, least in (("Groot", "Klein"), ("large", "small"), ("Grande", "Pequeña"), ("duży", "mały")):
        found, guess = ordered([least, worst])
        assert found == [worst, least] and guess.sure > 0.5
