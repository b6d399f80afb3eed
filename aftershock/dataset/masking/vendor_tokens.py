"""Tokens that can be told by their form: what detect-secrets knows of six vendors and JWT, and our own for all others.

Only the patterns of detect-secrets are used. Its entropy and keyword detectors are left out (they take commit hashes and
sentences for secrets), and so are its verifiers, which would send what they found to the vendor.
"""

from __future__ import annotations

import re
from importlib import import_module

# module of detect_secrets.plugins → the class whose ``denylist`` holds the patterns
PLUGINS = {
    "aws": "AWSKeyDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
DETECTED: tuple[re.Pattern[str], ...] = tuple(
    pattern
    for module, name in PLUGINS.items()
    for pattern in getattr(import_module(f"detect_secrets.plugins.{module}"), name).denylist
)

# Forms that vendors document; where one pattern covers what detect-secrets has in several, it stands here alone.
OWN_TOKENS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(rf"(?<![A-Za-z0-9])(?:{form})")
    for form in (
        r"github_pat_[A-Za-z0-9_]{22,255}",
        r"xox[abceoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}",
        r"(?:https://)?hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/-]{10,}",
        r"(?:https://)?(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}",
        r"(?:https://)?[\w.-]+\.webhook\.office\.com/webhookb2/[\w@/-]{20,}",
        r"sk-(?:ant|proj|svcacct|admin|or)-[A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9]{32,}",
        r"AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}",
        r"hf_[A-Za-z]{30,}|glsa_[A-Za-z0-9_]{30,}|glc_[A-Za-z0-9+/=]{30,}",
        r"npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40,}|rubygems_[a-f0-9]{40,}|dckr_pat_[A-Za-z0-9_-]{20,}",
        r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}",
        r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|EAA[A-Za-z0-9]{60,}|sq0[a-z]{3}-[A-Za-z0-9_-]{20,}",
        r"SG\.[\w-]{16,}\.[\w-]{16,}|hv[bsr]\.[A-Za-z0-9_-]{24,}|dop_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}|tfe?\.atlasv1\.[\w-]{20,}",
        r"AGE-SECRET-KEY-1[A-Z0-9]{50,}|ATATT3[A-Za-z0-9_=-]{20,}|lin_api_[A-Za-z0-9]{30,}",
        r"NRAK-[A-Z0-9]{27}|PMAK-[a-f0-9-]{50,}|sntry[su]_[A-Za-z0-9_=+/-]{30,}|figd_[A-Za-z0-9_-]{30,}",
        r"(?:SharedAccessKey|AccountKey|sig)=[A-Za-z0-9+/%]{20,}={0,2}",
        r"gl(?:pat|ptt|cbt|ffct|imt|agent|oas|soat|dt|ft|rt)-[A-Za-z0-9_-]{16,}|GR1348941[\w-]{16,}|AT(?:BB|CTT3)[A-Za-z0-9]{20,}",
        r"LTAI[A-Za-z0-9]{16,}|AKCp[A-Za-z0-9]{40,}|cmVmd[A-Za-z0-9]{40,}|ABSK[A-Za-z0-9+/]{40,}|A3-[A-Z0-9]{6}-[A-Z0-9-]{20,}",
        r"ops_eyJ[A-Za-z0-9+/]{20,}|pat[A-Za-z0-9]{14}\.[a-f0-9]{40,}|pat-(?:na|eu)\d-[a-f0-9-]{30,}|key-[0-9a-z]{32}|p8e-[a-z0-9]{32}",
        r"do[ort]_v1_[a-f0-9]{40,}|dp\.[a-z]{2,5}\.(?:[a-z0-9_-]{1,30}\.)?[A-Za-z0-9]{30,}|dt0c01\.[A-Za-z0-9]{20,}(?:\.[A-Za-z0-9]{20,})?",
        r"EZ[AT]K[A-Za-z0-9]{40,}|FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}|f(?:o1|m1[ar]|m2)_[\w+/-]{16,}|fio-u-[A-Za-z0-9_=-]{40,}|HRKU-[\w-]{30,}",
        r"(?:api_org|lin_oauth|ntn|pnu|rdme|gsk|r8|sbp|sgp|tk-us|pplx|nvapi|xai|pul|ico|tskey|xkeysib|CFPAT|NRII|NRJS)[_-][\w-]{24,}",
        r"secret_[A-Za-z0-9]{43,}|pscale_(?:tkn|oauth|pw)_[\w=.-]{20,}|(?:shippo|duffel)_(?:live|test)_[\w=-]{30,}|sm_[aps]at_[A-Za-z0-9]{16}",
        r"[sbr]\.(?=[A-Za-z]*\d|[a-z]*[A-Z])[A-Za-z0-9]{24}(?![\w.])|(?:pat|sat)\.[\w-]{22}\.[A-Za-z0-9]{20,}",
        r"(?:https://)?events\.pagerduty\.com/(?:integration|generic|x-ere)/[\w/-]{16,}|https://[\w.-]+/(?:webhooks?|hooks|incoming)/[\w/-]{24,}",
        r"u\+[A-Za-z0-9_-]{18}(?![\w-])|1//0[\w-]{20,}|b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=]{20,}|sl\.(?:u\.)?[\w-]{60,}|[\w~.]{3}\dQ~[\w~.-]{31,40}",
        r"(?=[a-z]*\d)[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}(?![\w.-])",  # joins a cluster of Kubernetes
        # cut off at the end of a text, or blotted out in the middle
        r"(?:gh[opsur]_|github_pat_|gl(?:pat|dt|ft|rt)-|xox[abceoprs]-|[srp]k_live_|sk-ant-|npm_|hvs\.|AKIA|AIza)"
        r"(?=[a-z_-]{0,20}[A-Z\d]|\w{8})[\w-]{4,60}(?:$|[.•*]{2,30}[\w-]{0,80})",
        r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}",
    )
)
