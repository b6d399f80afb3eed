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
    "added updated unset disabled enabled default masked hidden redacted true/false yes/no string str bool boolean int "
    "integer number any bytes text varchar char object unknown revoked leaked exposed reset wrong incorrect weak strong "
    "manager protected encrypted rejected refused accepted used unused lost stale cached valid authentication "
    "authorization auth auto prompt stdin env wpa wpa2 wpa3"
)
"""What stands behind "password =" and is none."""

PASSWORD_WORDS = frozenset(
    """password|passwd|passphrase|passcode|passkey|pass|passes|pwd|pw|psk|pgpassword|mysqlpwd|requirepass|masterauth|rootpw
    |passwort|passwoerter|kennwort|losungswort|mot de passe|mots de passe|motdepasse|mdp|contrasena|contrasenya|clave|senha
    |palavra-passe|palavra passe|parola|parola d'ordine|wachtwoord|losenord|adgangskode|passord|salasana|haslo|heslo|jelszo
    |sifre|lozinka|geslo|parool|slaptazodis|kata sandi|mat khau|lykilord
    |пароль|пароля|секрет|токен|парола|лозинка|гасло|κωδικός|κωδικος|密码|密碼|口令|密钥|密鑰|令牌|パスワード|暗証番号|비밀번호|암호
    |كلمة المرور|كلمة السر|סיסמה|ססמה|पासवर्ड|รหัสผ่าน""".replace("\n    ", "").split("|")
)
"""Words for a password, in the form without accents where the script is Latin."""

SECRET_WORDS = _set(
    "secret secrets token credential credentials cred creds apikey apikeys secretkey accesskey privatekey authkey "
    "authorization apitoken authtoken accesstoken geheimnis"
)
"""Words whose value is a secret."""

SESSION_WORDS = _set(
    "session sessionid sessid phpsessid jsessionid aspsessionid sid cookie cookies csrftoken xsrf csrf sess sessionkey "
    "connectsid"
)
"""Words of what a browser sends to be known again."""

KEY_KINDS = _set(
    "api access secret private encryption encrypt decryption auth account shared service storage subscription deploy "
    "crypt hmac webhook jwt consumer functions aws gcp azure stripe client app application admin integration routing "
    "ingest write license licence"
)
"""What stands before "key" where that is secret."""

WEAK_KEY_KINDS = _set("license licence signing sign master session host routing app application product activation ssh")
"""The same, where the value must look like one: a signing key may be "rs256"."""

NOT_THE_SECRET = _set(
    "count counts limit limits max min maximum minimum length len size ttl expiry expires expire expiration timeout age "
    "type types name names file files path paths dir folder url uri id ids policy reset rotation manager store field "
    "fields hint prompt version algorithm alg enabled required valid present status error errors cache bucket ring "
    "budget usage used per rate in at arn ref provider source class format spec expired requests attempts num total avg "
    "avatar endpoint page form screen protected checker check validator length days hours minutes seconds scanner table"
)
"""Words that make a name that of something about a secret: ``secret_name``, ``max_tokens``."""

CODE_ROOTS = _set(
    "self this os process env var vars config cfg settings secrets data module local params args options request req ctx "
    "values system app each item context event user session cls super input outputs credentials"
)
"""What a reference in code begins with: ``password=self.password``."""

SHARED_HOMES = _set(
    "ubuntu debian runner root shared public default jenkins git app www-data deploy user vagrant circleci build builder "
    "admin administrator travis node nobody page pages index dashboard feed banner content news tab view main settings "
    "about contact login search slider hero section featured products linuxbrew ec2-user centos airflow jovyan postgres "
    "oracle hadoop gitlab-runner builds all users username name"
)
"""Home folders that belong to no person, and what a site has under ``/home``."""

NO_HOSTS = _set(
    "port line localhost note version image tag step row column issue ticket error http https self this cls super year "
    "pid exit status code level rev build run chapter page section item size count id"
)
"""Words before a colon and a number, or before a dot, that are no host."""

NO_MAIL_HOSTS = _set(
    "latest next main master head dev beta alpha canary stable rc nightly release develop trunk prod production staging "
    "stage test testing qa uat blue green lts edge live current default preprod preview sandbox local home work today "
    "least most once sha256 sha512 upstream origin remote peak scale night noon dawn"
)
"""What stands behind an @ that names a version, a place to run or a time, and no host."""

NO_MAIL_ENDINGS = _set(
    "service timer socket mount target slice scope path device swap png jpg jpeg gif svg js css py go rb ts java jar md "
    "txt json yml yaml toml xml html sh tgz gz zip whl sql log conf so dll exe lock mjs tsx jsx"
)
"""Endings behind an @ that are of files and units: ``getty@tty1.service``."""

ANNOTATIONS = _set(
    "override autowired transactional deprecated test bean component service controller repository nullable nonnull inject "
    "entity async scheduled retryable cacheable ignore disabled before after beforeeach aftereach suppresswarnings "
    "restcontroller requestmapping getmapping postmapping value configuration data builder slf4j daily hourly weekly "
    "monthly yearly annually midnight reboot every media import font-face keyframes supports charset layer apply param "
    "return returns throws see link since author todo type typedef property staticmethod classmethod dataclass abstractmethod "
    "pytest patch cached cache lru_cache wraps fixture mock parametrize latest next types angular babel include extend mixin "
    "if else for while end section yield echo retry timeout input output injectable module directive pipe entitylistener "
    "interface functionalinterface safevarargs query mutation client"
)
"""What stands behind an @ in code, schedules and style sheets, and is nobody."""

VERSION_WORDS = (
    "version|versions|release|releases|firmware|build|rev|revision|upgrade|upgraded|update|updated|"
    "bump|bumped|patch|tag|driver|package|sdk|"
    "agent|kernel|chart|downgrade|downgraded|rollback to|rolled back to|openssl|chrome|chromium|"
    "dependency|library|v|ver|oracle|jdk|java|"
    "plugin|module|image|section|chapter|clause|paragraph|rule|appendix"
)
"""What makes four numbers with dots a version."""

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
