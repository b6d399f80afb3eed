"""Lists of words by which people, secrets and hosts are told from what only looks like them."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEAMS = _set("team squad crew guild tribe group department")
"""A name that begins or ends so is that of a team."""

ROLES = _set(
    """
    a account accounts actions admin administrator administrators agent analyst analysts and ansible api app application
    applications architect argo argocd at automation automated aws azure backend billing bot bots branch build builder by
    call cd change ci circleci client cloud codefresh command commander communications community company compliance config
    consultant contractor coordinator core crew cron customer data database dba delivery department dependabot deploy
    deployer deployment deployments design designer desk developer developers devops director docs duty edge engineer
    engineering engineers escalation experience external facilitator finance first fleet flux for frontend github gitlab
    gitops group growth guild hardware helm help helpdesk hr iam in incident infra infrastructure integration internal
    investigator it jenkins job junior kubernetes lead leader leads legal level line machine maintainer maintainers
    maintenance management manager managers marketing member merge messaging middleware mobile moderator monitoring nagios
    network networking night noc note observability of office on oncall operations operator operators ops order org
    organisation organization other owner owners pager pagerduty partner partners payments people performance pipeline
    platform principal privacy problem product production program programme project provider puppet qa quality queue
    ranking relations release releases reliability renovate request responder responders response responsible reviewer
    risk robot role root rota runner runtime s sales schedule scheduler scribe script search second secretary security
    senior server service services shared shift site sre squad staff stack steward storage subscription supervisor support
    sysadmin system systems task team teams tech technical technician terraform test testing the third tier to tool
    tooling tools traffic travis tribe unit unknown update updates upstream user ux vendor vice warehouse watch web
    webmaster weekend with workflow writer board committee council daily meeting panel postmortem retrospective review reviews
    round standup stand-up table triage weekly
    """
)
"""Words of which the names of roles, teams and programs are made. A name with any other word counts as a person's."""

NO_SECRETS = _set(
    "true false yes no none null nil undefined empty missing required optional expired invalid changed rotated removed "
    "added updated unset disabled enabled default masked hidden redacted true/false yes/no"
)
"""What stands behind "password =" and is none."""

SHARED_HOMES = _set(
    "ubuntu debian runner root shared public default jenkins git app www-data deploy user vagrant circleci build builder "
    "admin administrator travis node nobody"
)
"""Home folders that belong to no person."""

NO_HOSTS = _set("port line localhost note version image tag step row column issue ticket error http https")
"""Words before a colon and a number that are no host."""

PORTS = frozenset(
    map(
        int,
        _set(
            "21 22 25 53 80 88 110 143 389 443 465 514 587 636 993 1433 1521 2049 2181 2379 3000 3128 3306 3389 4222 5000 "
            "5044 5432 5601 5672 6379 6443 7000 7199 8000 8080 8081 8086 8125 8200 8300 8443 8500 8888 9000 9042 9090 9092 "
            "9093 9100 9200 9300 9418 10250 11211 15672 26379 27017 50051"
        ),
    )
)
"""Ports of common services: a single name before one of them is a host."""
