"""The controls of the explore page and the grid of its incidents: sorted, searched, narrowed, and taken away as CSV."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import pandas as pd
from itables import JavascriptFunction
from itables.widget import ITable

from aftershock.figures.plot_text import kind_name, plain
from aftershock.output.phrases import percent
from aftershock.reports.explore_widgets import WIDE, WRAPPED, Choices, Later, LateScript, Message, Part, script_of
from aftershock.schema.errors import UsageError

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

EVERY = "every service"
ROWS = 10  # of the grid, on a page of it
LONGEST = 90  # characters of a cell; the whole is in the CSV


class Controls(Part):
    """Period, service and incident, for the keyboard too. ``changed`` is called once the choice has changed."""

    def __init__(self, explorer: Explorer, changed: Callable[[], object]):
        self.explorer, self.changed = explorer, changed
        self.later = Later(changed)
        choice = explorer.choice
        self.period = w.SelectionRangeSlider(
            options=[(f"{d:%-d %b %Y}", d) for d in choice.days],
            description="period",
            continuous_update=False,
            layout=WIDE,
        )
        self.service = w.Dropdown(options=[(EVERY, ""), *((s, s) for s in explorer.services)], description="service")
        self.incident = Choices("incident", layout=WIDE)
        self.said = Message()
        super().__init__("controls", self.period, self.service, self.incident, self.said)
        self.box.add_class("aftershock-controls")
        self._offering = False
        self.draw()
        self.period.observe(lambda _: self._choose(), names="value")
        self.service.observe(lambda _: self._choose(), names="value")
        self.incident.observe(lambda _: self._pick(), names="value")

    def follow(self) -> None:
        """The choice, and its incidents to choose from; the chosen one too where it is none of them."""
        choice = self.explorer.choice
        shown = [(f"{r.incident_id}  {r.title}"[:90], r.incident_id) for r in choice.incidents.itertuples()]
        if choice.outside:
            shown.insert(0, (f"{choice.incident_id}  (outside the period or service)", choice.incident_id))
        self._offering = True
        try:
            days = [day for _, day in self.period.options]
            self.period.index = (days.index(choice.start), days.index(choice.end))
            self.service.value = choice.service
            self.incident.offer(shown or [("none", "")], choice.incident_id)
        finally:
            self._offering = False
        self.said.say("")

    def brush(self, start: pd.Timestamp, end: pd.Timestamp) -> bool:
        """Choose the days of the logs from start to end; whether there are any."""
        within = [day for _, day in self.period.options if start <= day <= end]
        if not within:
            self.said.say(f"The logs hold no day of {start:%-d %b %Y} to {end:%-d %b %Y}.")
        return bool(within) and self._chose(within[0], within[-1])

    def _choose(self) -> None:
        if not self._offering and self._chose(*self.period.value):
            self.said.say("Drawing …")
            self.later.ask()

    def _chose(self, start: pd.Timestamp, end: pd.Timestamp) -> bool:
        """Choose period and service; whether they can be chosen."""
        try:
            self.explorer.choice.choose(start=start, end=end, service=self.service.value)
        except UsageError as error:
            self.said.say(str(error))
            return False
        return True

    def _pick(self) -> None:
        if not self._offering:
            self.explorer.choice.pick(self.incident.value or "")
            self.changed()


class Table(LateScript, ITable):
    """DataTables with its script of half a megabyte. It says when it is pointed at or a key is pressed in it: drawn anew, it also
    reports the row that was selected for it, late where the machine is busy, which is nobody's choice. A row that is selected
    from outside is on the page that is seen, however it is sorted."""

    _esm = LateScript._esm.replace(  # type: ignore[assignment]  # ITable's is a file
        "render: async context => (await loaded).render(context),",
        """async render(context) {
                const {model, el} = context;
                for (const name of ['pointerdown', 'keydown'])
                    el.addEventListener(name, () => model.send({used: name}), true);
                const turn = () => setTimeout(() => {
                    const table = [...el.querySelectorAll('table')].map(({dataTable}) => dataTable).find(Boolean);
                    const at = table?.rows({search: 'applied'}).indexes().indexOf(model.get('selected_rows')[0]) ?? -1;
                    const page = at < 0 ? table?.page() : Math.floor(at / table.page.len());
                    if (page !== table?.page()) table.page(page).draw('page');
                });
                model.on('change:selected_rows', turn);
                const end = await (await loaded).render(context);
                return () => {
                    model.off('change:selected_rows', turn);
                    end?.();
                };
            },""",
    )
    _script = script_of("itables", "widget/static/widget.js")

    def show(self, cells: pd.DataFrame, chosen: list[int]) -> None:
        """Show these rows instead, those that are ``chosen`` selected and on the page that is seen."""
        with warnings.catch_warnings(), self.hold_sync():
            warnings.simplefilter("ignore", SyntaxWarning)  # of an option of DataTables that is not on itables' list
            self.update(cells, selected_rows=chosen, **_options(chosen))


class Grid(Part):
    """The incidents of the choice; a row that is selected is the chosen incident. Columns sort; the box above searches."""

    def __init__(self, explorer: Explorer, picked: Callable[[str], object], table: Table | None = None):
        self.explorer, self.picked = explorer, picked
        choice, narrow = explorer.choice, {"width": "14rem"}
        severities = [("every severity", ""), *((s, s) for s in explorer.dataset.severities)]
        kinds = sorted(set(explorer.dataset.changes["kind"]))
        self.severity = w.Dropdown(options=severities, layout=narrow)
        self.kind = w.Dropdown(
            options=[("every kind of change", ""), *((kind_name(k), k) for k in kinds)], layout=narrow
        )
        roles = explorer.roles
        self.role = w.Dropdown(options=[("every role", ""), *((plain(r, 40), r) for r in roles)], layout=narrow)
        for filter_of, has_any in ((self.severity, explorer.dataset.severities), (self.role, roles)):
            filter_of.layout.display = "flex" if has_any else "none"
        self.undecided = w.Checkbox(description="undecided only", indent=False)
        self.severity.tooltip, self.kind.tooltip = "severity", "kind of the most probable change"
        self.role.tooltip = "role of who made the most probable change"
        self.table = table or Table()
        super().__init__(
            "incidents", w.HBox([self.severity, self.kind, self.role, self.undecided], layout=WRAPPED), self.table
        )
        self.ids: list[str] = []
        self._own = self._used = False
        for name in ("severity", "kind", "role", "undecided"):
            filter_of = getattr(self, name)

            def narrowed(change: dict[str, object], name: str = name) -> None:
                setattr(choice, name, change["new"])
                self.draw()

            filter_of.observe(narrowed, names="value")
        self.table.on_msg(self._use)
        self.table.observe(self._select, names="selected_rows")
        self.draw()

    def follow(self) -> None:
        listed = self.explorer.listed
        self.ids = listed["incident_id"].tolist()
        chosen = [n for n, i in enumerate(self.ids) if i == self.explorer.incident_id]
        self._own = True
        try:
            cells = _cells(listed)
            if self.table.df is None or not cells.equals(self.table.df):
                self.table.show(cells, chosen)
            elif self.table.selected_rows != chosen:
                self.table.selected_rows = chosen
        finally:
            self._own = False

    def _use(self, _: object, content: object, __: object) -> None:
        self._used = self._used or (isinstance(content, dict) and "used" in content)

    def _select(self, change: dict[str, list[int]]) -> None:
        if self._own or not change["new"] or self.ids[change["new"][0]] == self.explorer.incident_id:
            return
        if self._used:
            self._used = False
            self.picked(self.ids[change["new"][0]])
        else:
            self.follow()  # which selects the chosen row again


def _options(chosen: list[int]) -> dict[str, Any]:
    """Of DataTables, whose first page is the one with the chosen row. Text is escaped, and nothing of the frame is left out in
    silence."""
    return {
        "displayStart": (chosen[0] if chosen else 0) // ROWS * ROWS,
        "select": "single",
        "pageLength": ROWS,
        "lengthMenu": [ROWS, 50, 1000],
        "allow_html": False,
        "maxBytes": 0,
        "showIndex": False,
        "order": [],
        "classes": "display compact",
        "style": "width:100%",
        "scrollX": True,
        "columnDefs": [{"targets": [0, 1], "className": "dt-nowrap"}],
        "drawCallback": JavascriptFunction("function ({nTable}) { nTable.dataTable = this.api(); }"),
    }


def _cells(listed: pd.DataFrame) -> pd.DataFrame:
    """What the grid shows: plain text and numbers, in columns that sort by what they mean."""
    text = {
        "incident": listed["incident_id"],
        "began": listed["incident_at"].dt.strftime("%Y-%m-%d %H:%M"),
        "severity": listed["incident_severity"].astype(object).fillna(""),
        "title": listed["incident_title"],
        "services": listed["incident_services"].map(", ".join),
        "most probable": listed["best_change_title"],
        "kind": listed["best_change_kind"].map(kind_name),
    }
    if listed["incident_severity"].cat.categories.empty:
        del text["severity"]  # the log has none
    shown = {name: [plain(cell, LONGEST) for cell in column] for name, column in text.items()}
    return pd.DataFrame(
        {
            **shown,
            "%": (100 * listed["best_probability"]).round().astype(int).to_numpy(),
            "by chance": [percent(p) for p in listed["by_chance"]],
            "decided": ["yes" if d else "" for d in listed["decided"]],
        }
    )
