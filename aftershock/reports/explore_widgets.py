"""What the parts of the explore page are made of: a part that can fail alone, messages, a call that waits for the last key,
and what a browser must do that no stock widget does.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from importlib import resources
from typing import Any

import anywidget
import ipywidgets as w
import traitlets
from markupsafe import Markup

from aftershock.figures.frame import Figure
from aftershock.output.blocks import NotebookStyle, Prose
from aftershock.output.safe_html import markup

PAUSE = 0.2  # seconds without another key before a choice is drawn: a judgement
WIDE = {"width": "42rem", "max_width": "calc(100% - 4px)"}  # a widget has a margin of 2 pixels
FULL = {"width": "100%"}
INSET = {"width": WIDE["max_width"]}
WRAPPED = {**FULL, "flex_flow": "row wrap"}


class Later:
    """Calls a function once no further call was asked for in a while; the last one counts. ``after(seconds, call)`` returns
    what can be cancelled: the event loop's own timer unless given. At once where no loop runs."""

    def __init__(self, call: Callable[[], object], seconds: float = PAUSE, after: Callable[..., Any] | None = None):
        self.call, self.seconds, self.after = call, seconds, after
        self._waiting: Any = None

    def ask(self) -> None:
        """Ask for a call."""
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            after = self.after or asyncio.get_running_loop().call_later
        except RuntimeError:
            self.call()
            return
        self._waiting = after(self.seconds, self._due)

    def _due(self) -> None:
        self._waiting = None
        self.call()


class Text(w.HTML):
    """Lines of text, wrapped. It takes HTML, and only what this method made of text."""

    _around = Markup('<div style="line-height:1.4">{}</div>')

    def say(self, *lines: str) -> None:
        """Show these lines instead."""
        each = Markup("").join(Markup("<div>{}</div>").format(markup(line)) for line in lines if line)
        self.value = str(self._around.format(each)) if each else ""


class Message(Text):
    """Text that a screen reader says when it changes."""

    _around = Markup('<div role="status" style="max-width:42rem;line-height:1.4">{}</div>')

    def offer(self, text: str, name: str, content: str) -> None:
        """Show a link under which the browser saves a file."""
        data = base64.b64encode(content.encode()).decode()
        made = Markup('<a style="text-decoration:underline" download="{}" href="data:text/csv;base64,{}">{}</a>')
        self.value = str(made.format(name, data, markup(text)))


class BlockView(w.HTML):
    """A block, or a table, as a notebook shows it: their HTML escapes what a log says."""

    def show(self, block: Any) -> None:
        """Show this one instead. A table that is wider than the page scrolls, and text wraps."""
        inside = "contain:inline-size;overflow-x:auto"
        self.value = f'<div class="{NotebookStyle.OUTPUT}" style="{inside}">{block._repr_html_()}</div>'


class Part:
    """A part of the page. ``box`` shows it; :meth:`draw` brings it to the choice. What fails says so in its place, and the
    other parts go on."""

    def __init__(self, name: str, *widgets: w.Widget):
        self.name, self.failed = name, Message()
        self.box = w.VBox([self.failed, *widgets], layout=FULL)

    def draw(self) -> None:
        """Show what is chosen now."""
        try:
            self.follow()
        except Exception as error:  # whatever it is, the other parts go on
            self.failed.say(f"The part “{self.name}” cannot be shown: {type(error).__name__}: {error}")
        else:
            self.failed.say()

    def follow(self) -> None:
        """What :meth:`draw` does where nothing fails."""
        raise NotImplementedError


class View(Part):
    """A part that shows the block that a function gives. JupyterLab's own widget for outputs takes a tenth of a second to show
    another one: the whole page is laid out twice."""

    def __init__(self, name: str, view: Callable[[], Any]):
        self.view, self.shown = view, BlockView(layout=INSET)
        super().__init__(name, self.shown)

    def follow(self) -> None:
        self.shown.show(self.view())

    def draw(self) -> None:
        super().draw()
        if self.failed.value:
            self.shown.value = ""  # what it showed before is of another choice


def bundle(thing: Any) -> dict[str, object]:
    """What a kernel would send for a figure or a block."""
    if hasattr(thing, "_repr_mimebundle_"):
        return dict(thing._repr_mimebundle_())
    return {"text/html": thing._repr_html_(), "text/plain": repr(thing)}


class Shown:
    """A part in a cell: live where widgets are drawn, and what is printed of it wherever else the notebook is read."""

    def __init__(self, box: w.Widget, printed: Callable[[], object]):
        self.box, self.printed = box, printed

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        try:
            shown = self.printed()
            data = shown.printed() if isinstance(shown, Figure) else bundle(shown)
        except Exception as error:  # the live part says so itself
            data = bundle(Prose(f"This cannot be printed: {type(error).__name__}: {error}", kind="warning"))
        kept = {k: v for k, v in data.items() if k in ("image/svg+xml", "text/html", "text/plain")}
        return {**(self.box._repr_mimebundle_() or {}), **kept}


class LateScript(anywidget.AnyWidget):
    """A widget whose script is loaded when it is drawn. anywidget waits two seconds for a widget's script and then, without a
    word, no longer hears what the kernel says to it; on a busy machine a large one takes longer."""

    _esm = """
    export default () => {
        let loaded;
        return {
            initialize(context) {
                const file = new Blob([context.model.get('_script')], {type: 'text/javascript'});
                loaded = import(URL.createObjectURL(file)).then(async ({default: found}) => {
                    const made = typeof found === 'function' ? await found() : found;
                    await made.initialize?.(context);
                    return made;
                });
            },
            render: async context => (await loaded).render(context),
        };
    };
    """
    _script = traitlets.Unicode().tag(sync=True)


def script_of(package: str, path: str) -> Any:
    """The script of a widget that a package brings along."""
    return traitlets.Unicode((resources.files(package) / path).read_text("utf-8")).tag(sync=True)


class Choices(anywidget.AnyWidget):
    """A list to choose from: ``options``, pairs of what is shown and its value, and the ``value`` chosen. ipywidgets' own sends
    the place of what was chosen, where another is by the time that a busy kernel hears of it."""

    _esm = """
    let number = 0;
    function render({model, el}) {
        el.classList.add('jupyter-widgets', 'widget-inline-hbox', 'widget-dropdown');
        const label = document.createElement('label'), select = document.createElement('select');
        label.className = 'widget-label';
        label.textContent = model.get('description');
        label.htmlFor = select.id = `aftershock-choices-${number++}`;
        el.append(label, select);
        const choose = () => select.value = model.get('value');
        const offer = () => {
            select.replaceChildren(...model.get('options').map(([shown, value]) => new Option(shown, value)));
            choose();
        };
        model.on('change:options', offer);
        model.on('change:value', choose);
        select.addEventListener('change', () => {
            model.set('value', select.value);
            model.save_changes();
        });
        offer();
    }
    export default {render};
    """
    description = traitlets.Unicode().tag(sync=True)
    options: Any = traitlets.List().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)

    def __init__(self, description: str, **kwargs: Any):
        super().__init__(description=description, **kwargs)

    def offer(self, options: list[tuple[str, str]], value: str) -> None:
        """Offer these instead, one of them chosen."""
        with self.hold_sync():
            self.options, self.value = [list(option) for option in options], value


class Page(anywidget.AnyWidget):
    """Whether the page is light or dark, as the notebook's window has it; nothing to be seen."""

    _esm = """
    function render({model}) {
        const look = () => {
            const {jpThemeLight, vscodeThemeKind} = document.body.dataset;
            const dark = jpThemeLight === 'false' || /dark|high-contrast$/.test(vscodeThemeKind || '');
            if ((model.get('page') === 'dark') !== dark) {
                model.set('page', dark ? 'dark' : 'light');
                model.save_changes();
            }
        };
        const seen = new MutationObserver(look);
        seen.observe(document.body, {attributes: true});
        look();
        return () => seen.disconnect();
    }
    export default {render};
    """
    _css = ".aftershock-controls .widget-readout { max-width: none; min-width: max-content; }"  # it would cut the years
    page = traitlets.Unicode("light").tag(sync=True)


class TakeAway:
    """Two buttons: the code that makes what is shown, to be pasted into a cell, and its rows as a file. Both are made when a
    button is pressed, of the choice of that moment."""

    def __init__(self, code: Callable[[], str], rows: Callable[[], str], name: str):
        self.code, self.rows, self.name = code, rows, name
        self.show, self.take = (w.Button(description=text) for text in ("Show the code", "Rows as CSV"))
        self.text = w.Textarea(layout={**INSET, "height": "14rem", "display": "none"})
        self.link = Message()
        self.show.on_click(lambda _: self.toggle())
        self.take.on_click(lambda _: self.offer())
        self.box = w.VBox([w.HBox([self.show, self.take, self.link]), self.text], layout=FULL)

    def toggle(self) -> None:
        """Show the code, or hide it."""
        hidden = self.text.layout.display == "none"
        self.text.value = self.code() if hidden else ""
        self.text.layout.display = "flex" if hidden else "none"
        self.show.description = "Hide the code" if hidden else "Show the code"

    def offer(self) -> None:
        """Offer the rows as a file."""
        try:
            rows = self.rows()
        except Exception as error:  # the page goes on
            self.link.say(f"There are no rows to take: {type(error).__name__}: {error}")
            return
        self.link.offer(f"Save {self.name}.csv", f"{self.name}.csv", rows)

    def clear(self) -> None:
        """What was offered is of another choice."""
        self.link.say()
        if self.text.value:
            self.text.value = self.code()
