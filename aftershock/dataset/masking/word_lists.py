"""Lists of words by which people, secrets and hosts are told from what only looks like them."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEAMS = _set("team squad crew guild tribe group department")
"""A name that begins or ends so is that of a team."""

ROLES = _set(
    """
    a svc account accounts actions admin administrator administrators agent analyst analysts and ansible api app application
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
    "authorization auth auto prompt stdin env wpa wpa2 wpa3 input include omit same-origin hashed salted plain plaintext "
    "convertto-securestring read-host get-credential password passwords secret token ask ask_pass n/a tbd"
)
"""What stands behind "password =" and is none."""

PASSWORD_WORDS = frozenset(
    """password|passwd|passphrase|passcode|passkey|pass|passes|pwd|pw|psk|pgpassword|mysqlpwd|requirepass|masterauth|rootpw
    |passwrd|paswd|passw|pswd|pword|p4ssword|p4ssw0rd|pa55word|pa55w0rd|passw0rd|p@ssword|p@ssw0rd|pa55|pssword|pa$$word|pa$$wd
    |rocommunity|rwcommunity|community string|snmp community
    |passwort|passwoerter|kennwort|losungswort|mot de passe|mots de passe|motdepasse|mdp|contrasena|contrasenya|clave|senha
    |palavra-passe|palavra passe|parola|parola d'ordine|wachtwoord|losenord|adgangskode|passord|salasana|haslo|heslo|jelszo
    |sifre|lozinka|geslo|parool|slaptazodis|kata sandi|kata laluan|nenosiri|pasahitza|pasfhocal|cyfrinair|mat khau|lykilord
    |пароль|пароля|секрет|токен|парола|лозинка|гасло|κωδικός|κωδικος
    |κωδικός πρόσβασης|κωδικος προσβασης|密码|密碼|口令|密钥|密鑰|令牌|パスワード|暗証番号|비밀번호|암호
    |كلمة المرور|كلمة السر|رمز عبور|گذرواژه|סיסמה|ססמה|סיסמא
    |პაროლი|գաղտնաբառ|পাসওয়ার্ড|கடவுச்சொல்|құпиясөз|συνθηματικό|पासवर्ड|รหัสผ่าน""".replace("\n    ", "").split("|")
)
"""Words for a password, in the form without accents where the script is Latin."""

NO_PASSES = ("bypass", "compass", "trespass", "surpass", "overpass", "underpass", "encompass", "onepass")
"""Words that end like those for a password."""

IDENTIFIES = _set(
    "commit commits sha sha1 sha256 sha512 md5 digest checksum hash hashes trace traceid span request requestid req correlation "
    "build revision rev image etag uuid guid run job event order ticket incident change transaction message msg pod node "
    "container instance volume snapshot version tag fingerprint thumbprint serial arn idempotency partition cache primary "
    "foreign sort public kms tenant subscription object entity record row batch deploy deployment release branch"
)
"""What names something by signs that look drawn at random, and no secret."""

SECRET_WORDS = _set(
    "secret secrets token credential credentials cred creds apikey apikeys secretkey accesskey privatekey authkey "
    "authorization apitoken authtoken accesstoken geheimnis jeton secreto segreto segredo hemmelighet tajemnica"
)
"""Words whose value is a secret."""

SESSION_WORDS = _set(
    "session sessionid sessid phpsessid jsessionid aspsessionid sid cookie cookies csrftoken xsrf csrf sess sessionkey "
    "connectsid phpsessionid"
)
"""Words of what a browser sends to be known again."""

KEY_KINDS = _set(
    "api access secret private encryption encrypt decryption auth account shared service storage subscription deploy "
    "crypt hmac webhook jwt consumer functions aws gcp azure stripe client app application admin integration routing "
    "ingest write license licence recovery wifi wlan wpa genie preshared root personal bot"
)
"""What stands before "key" where that is secret."""

WEAK_KEY_KINDS = _set("license licence signing sign master session host routing app application product activation ssh")
"""The same, where the value must look like one: a signing key may be "rs256"."""

PLAIN_KEY_KINDS = _set(
    "account shared service storage subscription consumer functions client app application admin integration routing"
)
"""The same, in a column's name: a tracker's "service key" may be PAY."""

CERTIFICATE_WORDS = _set(
    "ca root authority server servers users user admins admin administrator administrators group groups computers computer "
    "service services account accounts domain global issuing intermediate trust signing sign certificate certificates cert "
    "policy policies schema configuration system encrypt encryption tls ssl code test testing dev production staging "
    "operators guests key validation organization organisation origin ingress controller controllers web secure "
    "secured internal corp inc ltd gmbh fake local default client clients managers manager team support security network "
    "networks cloud primary device devices proxy gateway agent node exchange microsoft jenkins build payment bot"
)
"""Words of common names that are no person's."""

NOT_THE_SECRET = _set(
    "count counts limit limits max min maximum minimum length len size ttl expiry expires expire expiration timeout age "
    "type types name names file files path paths dir folder url uri id ids policy reset rotation manager store field "
    "fields hint prompt version algorithm alg enabled required valid present status error errors cache bucket ring "
    "budget usage used per rate in at arn ref provider source class format spec expired requests attempts num total avg "
    "avatar endpoint page form screen protected checker check validator length days hours minutes seconds scanner table "
    "resets stdin encoder encoding hasher hashing backend driver mode generator strength complexity command cmd"
)
"""Words that make a name that of something about a secret: ``secret_name``, ``max_tokens``."""

PERSONAL_NUMBERS = """ssn|social security|social insurance|national insurance|nino|passport|reisepass|passeport|pasaporte|
    personalausweis|identity card|id card|national id|cpf|codice fiscale|steuer-id|steuernummer|steuer id|tax id|
    numero de securite sociale|sozialversicherungsnummer|pesel|burgerservicenummer|aadhaar|personnummer|
    fodselsnummer|henkilotunnus|isikukood|rodne cislo|snils|снилс|паспорт|инн|身份证|身份证号|マイナンバー|주민등록번호|cedula|
    nric|hkid|emirates id|tc kimlik|driver license|driver's license|drivers license|driving licence|
    driver licence|fuhrerschein|imei|imsi|iccid|patient id|medicare|nhs number|account number|account no|
    bank account|kontonummer|routing number|sort code""".replace("\n    ", "").split("|")
"""What numbers of a person are called, in the form without accents."""

PERSONAL_CODES = _set("NI DNI NIE NIF NIR SVNR AHV BSN PAN CPR EGN CNP CURP RUT VIN TIN")
"""The same in short, which in small letters are words."""

HOLDERS = _set(
    "namespace namespaces cluster clusters environment environments env repo repository project account region branch service "
    "vault folder path file table database group pipeline workspace"
)
"""What has secrets and is named behind a colon: ``secrets in namespace: shop``."""

CODE_ROOTS = _set(
    "self this github os process env var vars config cfg settings secrets data module local params args options request req ctx "
    "metadata values system app each item context event user session cls super input outputs credentials"
)
"""What a reference in code begins with: ``password=self.password``."""

SHARED_HOMES = _set(
    "ubuntu debian runner root shared public default jenkins git app www-data deploy user vagrant circleci build builder "
    "admin administrator travis node nobody page pages index dashboard feed banner content news tab view main settings "
    "assets static images image img js css fonts media public_html index.html docs blog help account profile cart shop "
    "about contact login search slider hero section featured products linuxbrew ec2-user centos airflow jovyan postgres "
    "docker wheel sudo oracle hadoop gitlab-runner builds all users username name"
)
"""Home folders that belong to no person, and what a site has under ``/home``."""

NO_HOSTS = _set(
    "port line localhost note version image tag step row column issue ticket error http https self this cls super year "
    "pid exit status code level rev build run chapter page section item size count id example"
)
"""Words before a colon and a number, or before a dot, that are no host."""

NO_MAIL_HOSTS = _set(
    "latest next main master head dev beta alpha canary stable rc nightly release develop trunk prod production staging "
    "stage test testing qa uat blue green lts edge live current default preprod preview sandbox local home work today "
    "foo bar baz qux class method property decorator annotation least most once sha256 sha512 upstream origin remote peak"
    " scale night noon dawn host hostname"
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
    "dependency|library|v|ver|oracle|jdk|java|assembly|assemblyversion|fileversion|productversion|es|elasticsearch|"
    "plugin|module|image|section|chapter|clause|paragraph|rule|appendix"
)
"""What makes four numbers with dots a version."""

SERVICE_NAMES = ROLES | _set(
    "kafka redis redpanda postgres postgresql pg mysql mariadb mongo mongodb rabbit rabbitmq elastic elasticsearch opensearch "
    "zookeeper etcd consul vault nginx apache haproxy envoy traefik memcached cassandra minio grafana loki tempo clickhouse "
    "influxdb db databases www shop checkout cart orders order payments auth users events event topics topic queues mq nats "
    "node nodes broker brokers worker workers proxy gateway ingress mail smtp catalog inventory shipping invoices billing "
    "cache caches main master primary replica replicas standby example"
)
"""What services are called everywhere: ``redis://cache`` and ``api:8080`` say nothing of a network."""

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

SENTENCE_WORDS = _set(
    """
    a about accepted access account accounts after again all allowed and any app are as asked at audit back banks be been before
    between blank both broken browser but by can case change changed changes characters check checks code could customer
    customers days defined did digits do does down due each email emails empty entry error errors every everywhere exists
    expire expired expires expiry failed failing fails fails field first fixed flow for form forgotten found from generated get
    had has have hash hashed hashes her his hint in input into invalid is it its item job key keys last later leak leaked
    length letters limit link links list lockout login longer lost mail mails manager may memory menu migration minimum missing
    more must need needed needs never new no nobody none not now of off old on once one only open or our out page pages people
    per policy prompt provider refresh rejected removed renewed required requires reset resets retry rotated rotates
    rotation rule rules same saved screen see sent service session set should show shown shows slow sms stale store
    stored strength strong sync team than that the their them then there they this those times to too twice two unable unchanged
    unknown update updated upper use used user users via visible was wave weak were when which will with without work works
    wrong years you your die der das und ist nicht war wurde werden ein eine fur mit bei zu im am auf von aus nach vergessen
    le les des une est pas pour dans sur avec sans et ne el los las una es no para con sin por y en se del al il lo gli un e non
    per con di da ha sono del della nel het een niet voor met van wordt kan geen na do se nie jest w z dla og ikke til av som
    """
)
"""Of these sentences are made, and passwords of several words are not."""

FOLDER_WORDS = _set(
    "src main lib libs app apps bin test tests unit spec models model controllers controller views view http util utils core "
    "config docs doc build dist public static assets system windows program files temp tmp data logs log vendor packages package "
    "modules module services service components component http api client server database migrations routes providers "
    "foo bar baz yes no and or he she in out on off read write input output pass fail true false null begin end open close "
    "start stop left right up down win linux unix mac ios android dev prod test stage get set add remove get post illuminate "
    "symfony entity repository command commands event events exceptions exception jobs mail middleware policies support d w s b n"
)
"""What stands around a backslash in paths, namespaces and where somebody means a slash; no domain and no login."""

CODE_HOSTS = _set(
    "java javax jakarta org com net io obj object foo bar baz var vars pkg module modules mod package dot func function fn "
    "rc vimrc bashrc profile "
    "ctx state props window document console globals app lib src py js node scope storage thread settings config std"
)
"""What a dotted name begins with that is of a program and no host: ``java.util.local``, ``obj.private``."""

JOINED_WORDS = _set(
    "fix fixes test tests dev login branch patch util utils api app db svc hotfix bot bug wip tmp temp local prod stage demo work "
    "home laptop mac pc box vm sandbox ns env repo fork key keys admin adm ops new old s es n en em ovi om ova owi owa iem"
)
"""What is written together with a name: ``millerfix``; and endings of cases."""

KEY_PHRASES = (
    "cle api", "cle d'api", "api-schlussel", "api schlussel", "geheimer schlussel", "clave api", "chave de"
    " api", "chave api", "chiave api", "klucz api",
    "wlan-schlussel", "api-nyckel", "api-sleutel", "секретный ключ", "ключ api",
    "アクセスキー", "apiキー", "秘密鍵", "api密钥", "访问密钥", "api 키",
)  # fmt: skip
"""What keys are called elsewhere."""

NO_DOMAINS = _set(
    "HKLM HKCU HKCR HKU BUILTIN NT SYSTEM32 ERROR WARN INFO DEBUG FATAL TRACE GET POST PUT OK FAIL FAILED EOF END "
    "ABORT WARNING NOTE TODO DELETE PATCH HEAD NULL TRUE FALSE NONE TCP UDP IP DOMAIN REGISTRY HKEY_LOCAL_MACHINE I "
    "AUTHORITY CI PC AND OR QA UNIX DEV PROD APP SRC LIB BIN"
)
"""What stands before a backslash and is no domain."""

NO_LOGINS = _set("network system administrators administrator everyone users guest service authority")
"""What stands behind one and is nobody's login."""

MACHINE_SCHEMES = _set("http https ssh ldap ldaps ftp ftps sftp smb cifs nfs rdp vnc telnet ws wss")
"""Schemes behind which a name is that of a machine, also where it is a common one."""

STORE_SCHEMES = _set(
    "s3 s3a s3n gs gcs file urn oci jar abfs abfss wasb wasbs otpauth docker secret vault ssm sqs sns pubsub bq about "
    "chrome op dynamodb classpath config env adl azure doi spotify steam market intent"
)
"""Schemes of stores: what stands behind them is a bucket."""

NAME_PARTICLES = _set(
    "von van der den de del della di da dos das du la le el al bin ibn ben ter ten zu zum y e i ii iii jr sr dr mr "
    "mrs ms prof phd msc the"
)
"""Titles and particles, which say nothing of who it is."""

DOMAINS = _set("corp ad domain internal hq office emea apac amer dom azuread")
"""Names of domains in small letters."""
