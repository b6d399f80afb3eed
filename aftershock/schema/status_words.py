"""The words that logs use for states: of incidents, and of changes that never took effect.

A longer phrase counts by what it begins with: ``pending reminder`` is ``pending``, ``closed - no action`` is ``closed``. But
``closed - cancelled`` and ``resolved (false positive)`` say how it ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

NO_INCIDENT = "cancelled"
"""What a state means whose row is no incident: cancelled, a test, or the repetition of another."""


def phrases(text: str) -> list[str]:
    """The phrases of a text, which commas separate."""
    return [" ".join(phrase.split()) for phrase in text.split(",")]


_STATES = {
    "open": """open, opened, reopened, re opened, new, investigating, identified, monitoring, triggered, acknowledged, active,
    acked, in progress, work in progress, wip, firing, fired, alerting, started, detected, ongoing, unresolved, pending, on hold,
    hold, awaiting, waiting, assigned, accepted, queued, escalated, escalado, escalada,
    unconfirmed, critical, warning, alarm, unhealthy, unreachable, triage, live, paused, problem, down,
    to do, todo, backlog, in review, under review, blocked, selected for development, confirmed, triaged, fix committed,
    processing, degraded, unplanned,
    offen, neu, in bearbeitung, zugewiesen, wartend, pausiert, ouvert, ouverte, nouveau, nouvelle, en cours, en attente,
    attribué, abierto, abierta, nuevo, nueva, asignado, asignada, en curso, en progreso, en espera, pendiente, aberto, aberta,
    novo, nova, pendente, atribuído, em andamento, em atendimento, em curso, em espera, aguardando, processando,
    aperto, aperta, nuovo,
    nuova, in corso, in attesa, assegnato, nieuw, in behandeling, toegewezen, nowe, nowy, otwarte, otwarty, w trakcie, w toku,
    oczekuje, oczekujące, przypisane, pågår, pågående, otevřeno, řeší se, açık, devam ediyor, avoin, nyitott, åben, åpen,
    warn, working, activated, in arbeit, under investigation, en proceso, en tratamiento, en traitement, in lavorazione,
    mitigating, restoring, first line, second line, service degradation, service interruption, restoring service,
    extended recovery, verifying service,
    открыт, открыта, открыто, новый, новая, в работе, в процессе, назначен, назначена, приостановлен, приостановлено,
    対応中, 調査中, 未対応, 未解決, 新規, オープン, 処理中, 进行中, 处理中, 维修中, 待处理, 未解决, 已分配, 新建,
    진행 중, 진행중, 접수, 처리 중,
    unacked, unacknowledged, à traiter, à faire, en cours de traitement, en traitement, prise en charge, 未着手, 保留,
    受付, 受付済, 対応待ち, 一次対応済, 待确认, 已受理, 处理, 대기, 처리중, 조치중, warten, wartet, warten auf""",
    "resolved": """resolved, closed, fixed, done, completed, complete, finished, solved, ended, over, postmortem, recovered,
    recovery,
    mitigated, remediated, contained, permanently closed,
    restored, stable, auto resolved, autoresolved, learning, archived, ok, up, inactive, operational, fix released,
    won t fix, wontfix, opinion, expired, terminated,
    geschlossen, erledigt, behoben, gelöst, geloest, abgeschlossen, beendet, fermé, ferme, fermée, résolu, resolu, résolue,
    clos, close, clôturé, terminé, termine, terminée, cerrado, cerrada, resuelto, resuelta, solucionado, completado,
    finalizado, fechado, fechada, resolvido, resolvida, concluído, concluido, encerrado, encerrada, chiuso, chiusa, risolto,
    risolta, completato, gesloten, afgesloten, opgelost, afgerond, afgehandeld, afgemeld,
    gereed, zamknięte, zamknięty, rozwiązane, rozwiązany, zakończone,
    zakończony, löst, løst, avslutad, åtgärdad, vyřešeno, vyřešen, uzavřeno, çözüldü, kapandı, kapatıldı, ratkaistu, suljettu,
    megoldva, lezárva, rezolvat, lukket, clear, cleared, erfolgreich geschlossen,
    erfolglos geschlossen, service restored, post incident review published,
    закрыт, закрыта, закрыто, решен, решена, решено, решён, выполнен, выполнено, завершен, завершён, завершено, устранен,
    устранено, восстановлено, 解決済み, 解決, 完了, 対応済み, 対応済, 復旧, 復旧済み, 復旧済, 解決済, クローズ,
    已解决, 已关闭, 已完成, 完成, 已结束, 已恢复, 완료, 해결됨, 해결, 종료""",
    "unknown": "unknown",
    NO_INCIDENT: """cancelled, canceled, declined, discarded, withdrawn, false positive, false alarm, not an incident, no incident,
    test, testing, drill, exercise, tutorial, duplicate, merged, invalid, spam, rejected,
    storniert, fehlalarm, annulé, annule, fausse alerte, cancelado, cancelada, falsa alarma, falso positivo, annullato,
    отменен, отменено, отменён, キャンセル, 誤検知, 已取消, 误报, 취소,
    falso allarme, geannuleerd, vals alarm, anulowane, anulowany, fałszywy alarm,
    annulée, doublon, duplicado, duplicada, doppione, dubbel, duplikat, 重複, 重复,
    zusammengeführt, zusammengefasst, fusionné, fusionada, fusionado""",
}
REOPENED = phrases(
    """reopened, re opened, wieder geöffnet, wiedereröffnet, rouvert, rouverte, réouvert, reabierto, reabierta, reaberto, reaberta,
    riaperto, riaperta, heropend, ponownie otwarte, 再オープン, 再開, 重新打开"""
)
_STATES["open"] += ", " + ", ".join(REOPENED)
STATUS_WORDS = {word: state for state, text in _STATES.items() for word in phrases(text)}

NEVER_TOOK_EFFECT = phrases(
    """announced, cancelled, canceled, planned, scheduled, rejected, skipped, pending, declined, denied, refused, withdrawn, draft,
    queued,
    waiting, awaiting, blocked, on hold, hold, held, created, new, manual, never, never deployed, not built, not run, not started,
    not deployed, not executed, not implemented, undeployed, requested, submitted, proposed, assess, authorize, ready, to do,
    todo, backlog, in review, under review, needs approval, abandoned, dismissed, deferred, postponed, preparing, unchanged,
    no change, no changes, noop, neutral, action required, delayed, suspended, paused, stale, invalid, duplicate, test,
    not merged, unmerged, closed without merge,
    startup failure, discarded, plan queued, cost estimated, policy checked, on ice, dry run, shelved, parked,
    ausgesetzt, zurückgestellt,
    abgesagt, entfallen, abgelehnt, zurückgezogen, entwurf, geplant, storniert, verschoben, wartend, ausstehend, beantragt,
    annulé, annule, rejeté, refusé, brouillon, planifié, en attente, reporté, cancelado, rechazado, borrador, planificado,
    pendiente, aplazado, rejeitado, rascunho, planejado, agendado, pendente, adiado, em espera, aguardando, annullato,
    pianificato, rifiutato, bozza, in attesa, geannuleerd, gepland, afgewezen, anulowane, zaplanowane, odrzucone, oczekuje,
    запланирован, запланировано, отменен, отменено, отменён, отклонено, 予定, 計画中, 中止, 未実施,
    计划中, 已取消, 已拒绝, 예정, 취소,
    annulée, rejetée, refusée, planifiée, reportée, cancelada, rechazada, planificada, programado, programada, aplazada,
    suspendido, rejeitada, reprovado, reprovada, planejada, agendada, adiada, suspenso, suspensa, annullata, pianificata,
    rifiutata, non eseguito, não executado, não executada, no ejecutado, non réalisé, nicht durchgeführt, not approved,
    unapproved, no op, expired, obsolete, retracted, planning, in planning, vetoed, withheld, frozen, unreleased,
    却下, 承認待ち, 申請中, 差戻し, 延期, 保留, 未着手, 取消, 取り下げ, 計画,
    未批准, 已驳回, 待审批, 已撤销, 已延期, 已计划, 대기, 반려, 보류"""
)
TOOK_EFFECT = phrases(
    """done, success, successful, succeeded, successfully, completed, complete, deployed, released, finished, closed,
    implemented, ok, passed, pass, live, applied, merged, active, inactive, rolled back, rolledback, rollback, backed out,
    zurückgerollt, reverted, failed,
    failure, failing, fail, error, errored, aborted, timed out, timedout, timeout, stopped, terminated, partial, partially,
    in progress, inprogress, running,
    working, killed, started, progressing, healthy, degraded, synced, superseded, unstable, warning, unauthorized,
    succeed, built, crashed,
    unsuccessful, review, verified, resolved, shipped, published, promoted, implement, up, enabled, disabled, unknown, fixed,
    broken, broke, replaced, closed complete, closed incomplete,
    erledigt, erfolgreich, abgeschlossen, fehlgeschlagen, durchgeführt, ausgerollt, umgesetzt, geschlossen, gescheitert,
    abgebrochen, in arbeit, in bearbeitung, rückgängig gemacht, zurückgenommen, en cours, en progreso, en curso, revertido,
    revertida, terminé, termine, réussi, réussie, échoué, échec, déployé, fermé, effectué, completado, hecho, exitoso,
    fallido, desplegado, cerrado, terminado, concluído, concluido, falhou, fechado, implantado, em andamento, completato,
    riuscito, fallito, chiuso, geslaagd, mislukt, uitgevoerd, gesloten, afgerond, zakończone, wdrożone, wykonane, zamknięte,
    nieudane, выполнен, выполнено, завершен, завершён, завершено, 完了, 実施済み, 成功, 失敗, 已完成, 失败, 완료, 실패,
    terminée, échouée, déployée, effectuée, réalisé, réalisée, en production, succès, completada, exitosa, ejecutado,
    ejecutada, implementado, con éxito, fallida, concluída, concluida, executado, executada, sucesso, falha, implantada,
    completata, eseguito, riuscita, fallita, deploying, releasing, implementing, rolling out, installing, installed,
    migrated, activated, 切り戻し, 切戻し, 実施中, 作業中, 実施, 正常終了, 異常終了,
    リリース済み, リリース済, 適用済み, 反映済み, 完成, 已部署, 执行成功,
    执行失败, 已上线, 已发布, 已回滚, 已实施, 进行中, 롤백, 진행중"""
)
_CHANGES = {**dict.fromkeys(TOOK_EFFECT, True), **dict.fromkeys(NEVER_TOOK_EFFECT, False)}


_ENDS = frozenset(
    phrases(
        """closed, resolved, geschlossen, gelöst, fermé, fermée, résolu, cerrado, cerrada, resuelto, fechado, fechada, resolvido,
        chiuso, chiusa, risolto, gesloten, opgelost, zamknięte, zamknięty, закрыт, закрыто"""
    )
)
_RESULTS = frozenset(
    phrases(
        "failed, failure, errored, succeeded, success, successful, completed, complete, in progress, cancelled, canceled, skipped"
    )
)
_ENDED = frozenset(
    phrases(
        """done, success, successful, succeeded, successfully, completed, complete, deployed, released, finished, closed,
        implemented, ok, passed, applied, merged, failed, failure, error, errored, aborted, timed out, stopped,
        terminated, rolled back, reverted, resolved, shipped, published, promoted, erledigt, abgeschlossen,
        fehlgeschlagen, umgesetzt, beendet, terminé, échoué, completado, fallido, concluído, falhou"""
    )
)
_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?")
_OF = {"incident", "alert", "ticket", "issue", "outage", "deployment", "deploy", "release", "rollout", "change"}
LONGEST_PHRASE = 20  # words of a state: a judgement; what is longer is a text


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A state in small letters, with single spaces for what separates its words: ``NOT_BUILT`` and ``NotBuilt`` are
    ``not built``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[^\w]|_", " ", parted).lower().split())


def spellings(words: Iterable[str]) -> dict[str, str]:
    """Words by what they are without capitals and signs; of those that are alike there, the first counts."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(spelling(word), word)
    return found


def spelling(word: str) -> str:
    """What a word is without capitals and signs; a number keeps its sign."""
    return word if _NEGATIVE.fullmatch(word) else plain(word) or word


def meaning(word: str, known: Mapping[str, str]) -> str:
    """What a state of an incident means, of those ``known`` (plain words); ``""`` where none does."""
    return known.get(_phrase(word, known, NO_INCIDENT), "")


def took_effect(status: str) -> bool | None:
    """Whether a change of this status took effect, wholly or in part; None where the word is not known. Behind the name of a
    step its result counts: ``update_failed``."""
    words = plain(status).split()
    if not words:
        return True
    ended = next((end for n in (2, 1) if (end := " ".join(words[-n:])) in _RESULTS), "")
    return _CHANGES.get(_phrase(status, _CHANGES, False) or ended)


def is_over(status: str) -> bool:
    """Whether a change of this status has ended: ``finished``, ``failed``; ``running`` and ``active`` have not."""
    return plain(status) in _ENDED


def _phrase(word: str, known: Mapping[str, object], nothing: object) -> str:
    """The longest phrase among those known with which a state begins; behind a mere end one that means ``nothing``. What an
    event is of says nothing of the state: ``incident.resolved``."""
    words = plain(word).split()[:LONGEST_PHRASE]
    words = words[1:] if words[0:1] and words[0] in _OF and len(words) == 2 and " ".join(words) not in known else words
    begun = next((p for n in range(len(words), 0, -1) if (p := " ".join(words[:n])) in known), "")
    rest = " ".join(words[len(begun.split()) :])
    return rest if begun in _ENDS and known.get(rest) == nothing else begun
